import { extent, lease, release, wipe } from '../../src/kernel/index.ts'
import type { Outcome } from './suite.ts'

/** One case's machine, fed step by step. `Step` is a step as the file has it. */
export interface Replayer<Step> {
  /** What is to be compared of a step: the file's fields without the event, what is left out there written out. */
  expected(step: Step): object
  /** Feeds the step's event; what happened and the state after it, in the form of `expected`. */
  feed(step: Step): object
  /** The leaves of the charts, for the report. */
  states(): Readonly<Record<string, string>>
}

/**
 * Feeds all steps and compares after each; ends at the first difference. World memory that is taken meanwhile is given back.
 * @param make builds the machine of this case
 */
export function replaySteps<Step extends { readonly ev: unknown }>(
  steps: readonly Step[],
  make: () => Replayer<Step>,
): Outcome {
  const start = extent()
  let done = 0
  try {
    const replayer = make()
    for (const step of steps) {
      const expected = replayer.expected(step)
      const got = attempt(() => replayer.feed(step))
      if (canonical(expected) !== canonical(got))
        return {
          agreed: false,
          steps: done,
          disagreement: { event: step.ev, expected, got, states: replayer.states() },
        }
      done += 1
    }
    return { agreed: true, steps: done }
  } finally {
    const own = lease(start)
    wipe(own)
    release(own)
  }
}
/** What our code throws at a step belongs into the report of that step. */
function attempt(feed: () => object): object {
  try {
    return feed()
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** JSON in which the order of an object's fields does not show. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
