import type { Difference, Outcome, Suite } from './suite.ts'

/** How one suite came out; what `--json` prints. */
export interface SuiteReport {
  readonly suite: string
  readonly cases: number
  /** Steps that agreed, if the cases have steps. */
  readonly steps?: number
  /** Cases that agree in every step and row. */
  readonly agreed: number
  readonly firstDisagreement?: FirstDisagreement
}
export interface FirstDisagreement extends Difference {
  readonly case: string
  /** What the case is about, if it says so. */
  readonly why?: string
  /** Number of the step from 0, if the cases have steps. */
  readonly step?: number
}

/**
 * Replays all cases of a suite.
 * @param suite null if there is no replayer: then no case agrees, and the report says why
 * @param progress is told after each case how many are done
 */
export function runSuite(
  name: string,
  suite: Suite | null,
  cases: readonly unknown[],
  progress: (done: number) => void = () => {},
): SuiteReport {
  if (suite === null) {
    const message = `There is no replayer for the suite '${name}' yet: none of its cases has been run.`
    return { suite: name, cases: cases.length, agreed: 0, firstDisagreement: { case: idOf(cases[0], 0), message } }
  }
  let agreed = 0
  let steps: number | undefined
  let first: FirstDisagreement | undefined
  for (const [index, line] of cases.entries()) {
    const outcome = replay(suite, line)
    if (outcome.steps !== undefined) steps = (steps ?? 0) + outcome.steps
    if (outcome.agreed) agreed += 1
    else
      first ??= {
        case: idOf(line, index),
        ...whyOf(line),
        ...(outcome.steps === undefined ? {} : { step: outcome.steps }),
        ...outcome.disagreement,
      }
    progress(index + 1)
  }
  return {
    suite: name,
    cases: cases.length,
    ...(steps === undefined ? {} : { steps }),
    agreed,
    ...(first === undefined ? {} : { firstDisagreement: first }),
  }
}

/** An error of our own code is a disagreement like any other. */
function replay(suite: Suite, line: unknown): Outcome {
  try {
    return suite.replay(line)
  } catch (error) {
    return {
      agreed: false,
      disagreement: { message: `The replay failed: ${error instanceof Error ? error.message : error}` },
    }
  }
}
const field = (line: unknown, name: string): unknown =>
  typeof line === 'object' && line !== null ? (line as Record<string, unknown>)[name] : undefined
const idOf = (line: unknown, index: number): string => String(field(line, 'id') ?? `line ${index + 1}`)
/** Named cases say what they are about: vectors as `why`, programs as `note`. */
const whyOf = (line: unknown): { why?: string } => {
  const why = field(line, 'why') ?? field(line, 'note')
  return typeof why === 'string' ? { why } : {}
}
