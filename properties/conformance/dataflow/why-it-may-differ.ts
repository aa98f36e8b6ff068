/**
 * Why the rows of a program may differ after a crash although nothing is wrong: an operator's own watermark is not state, in
 * Flink and here. The sources say their last watermarks again, and what does not follow from those is begun anew.
 */
import { Runner } from '../../../src/check/index.ts'
import { aligned } from '../../../src/protocols/index.ts'
import type { ProgramCase } from './program.ts'
import { ENTRY_US, planOf, scenarioOf } from './run-program.ts'

export type Reason = keyof typeof REASONS
export const REASONS = {
  'timer in the past':
    'A checkpoint holds a timer at or below the watermark, which waits for the next one; after a restore that is the last watermark, said again.',
  'watermarks assigned on the way':
    'An operator in the middle assigns watermarks; it has no state, so after a restore it has none until its next element.',
  'idle input':
    'An input has been idle: which channels count for the minimum of a merge is not state, and what was let through meanwhile is said again in another order.',
} as const

/** The reasons that hold for a program, found in a run without faults. */
export function reasonsToDiffer(program: ProgramCase): readonly Reason[] {
  const reasons: Reason[] = []
  if (holdsTimersInThePast(program)) reasons.push('timer in the past')
  if (program.program.nodes.some(({ op }) => op === 'assign')) reasons.push('watermarks assigned on the way')
  if (program.program.sources.length > 1 && program.input.some(({ idle }) => idle === true)) reasons.push('idle input')
  return reasons
}

function holdsTimersInThePast(program: ProgramCase): boolean {
  const built = scenarioOf(program)
  const watermarks = new Map<number, number>()
  /** Watermark of an attempt at the sync point of its newest snapshot. */
  const atSync = new Map<number, number>()
  let found = false
  const plan = planOf(built, program.id)
  // a checkpoint between any two entries
  const timing = { ...plan.timing, checkpointIntervalUs: ENTRY_US / 3 }
  new Runner(built, aligned).run(
    { ...plan, timing },
    {
      listener: {
        observer: {
          watermarkAdvanced: (attempt, timestampMs) => void watermarks.set(attempt.id, timestampMs),
          sync: (attempt) => void atSync.set(attempt.id, watermarks.get(attempt.id) ?? Number.NEGATIVE_INFINITY),
          upload(attempt, _file, { timers }) {
            const watermarkMs = atSync.get(attempt.id)!
            if (timers.some((timer) => timer.domain === 'event' && timer.timestampMs <= watermarkMs)) found = true
          },
        },
      },
    },
  )
  return found
}
