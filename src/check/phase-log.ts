/** When phases occurred in a run, each as the anchor that means just this occurrence. */
import { PHASE_NAMES, type Phase, type Plan, type When } from '../model/index.ts'
import type { RunListener } from './run-listener.ts'
import type { Runner } from './runner.ts'

export interface PhaseOccurrence {
  readonly atUs: number
  readonly phase: Phase
  /** From 1, counted from the start. */
  readonly nth: number
  /** Restores so far, and from 1, counted from the last of them; before the first restore the same as `nth`. */
  readonly restore: number
  readonly nthSinceRestore: number
}

/** Runs a plan and notes its phases. */
export function phasesOf(runner: Runner, plan: Plan): PhaseOccurrence[] {
  const log: PhaseOccurrence[] = []
  const counts = new Int32Array(PHASE_NAMES.length)
  const sinceRestore = new Int32Array(PHASE_NAMES.length)
  let forks = 0
  const listener: RunListener = {
    observer: {
      phase(code) {
        counts[code]! += 1
        sinceRestore[code]! += 1
        log.push({
          atUs: runner.now,
          phase: PHASE_NAMES[code]!,
          nth: counts[code]!,
          restore: Math.max(0, forks - 1),
          nthSinceRestore: sinceRestore[code]!,
        })
      },
      // the first branch is no restore: the injector counts in the same way
      fork() {
        forks += 1
        if (forks > 1) sinceRestore.fill(0)
        return 0
      },
    },
  }
  runner.run(plan, { listener })
  return log
}

/** The anchor of an occurrence, counted from the last restore if there was one: so it is the smallest number. */
export const anchorOf = ({ phase, nth, restore, nthSinceRestore }: PhaseOccurrence): When =>
  restore === 0 ? { phase, nth } : { phase, nth: nthSinceRestore, restore }
