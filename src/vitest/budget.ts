/**
 * How a check shares the test's timeout. A test that dies of its timeout says nothing about the dataflow, so runs end early
 * enough for a failure to be shrunk and told:
 *
 * ```
 *   now          runUntil            end   given up   timeout
 *    |---- runs ----|---- shrinking ----|-------|--------|
 * ```
 */
import { InputError } from '../check/index.ts'
import { durationText } from '../intervals/index.ts'
import type { Effort } from './survive-options.ts'

export interface Budget {
  /** At most so many runs. */
  readonly runs: number
  /** No run begins later than so many milliseconds from now; neither is the check complete, unless time was the measure. */
  readonly runMs: number
  readonly byTime: boolean
  /** Shrinking ends so many milliseconds from now. */
  readonly endMs: number
  /** What has not returned by then is cut off. */
  readonly giveUpMs: number
}

/** A run takes milliseconds; one that takes this long does not return. */
export const PATIENCE_MS = 10_000
/** A shrink that takes longer ends with what it has reached. */
export const SHRINK_MS = 20_000

/** Without `time` and `runs`, a check takes no longer than this. */
const DEFAULT_MS = 10_000
/** What is kept back for the report and for a machine that is busy: a share of what is left, within limits. */
const RESERVE = 0.1
const RESERVE_MS = [50, 2000] as const
/** Share of the time that runs take if only their number was asked for; shrinking has the rest. */
const RUNNING = 0.8

/**
 * @param leftMs what the test's timeout leaves, Infinity if it has none
 * @throws InputError if there is not enough of it
 */
export function budgetOf({ timeMs, runs }: Effort, leftMs: number): Budget {
  const reserveMs = Math.min(Math.max(leftMs * RESERVE, RESERVE_MS[0]), RESERVE_MS[1])
  const endMs = leftMs - reserveMs
  const wantedMs = timeMs ?? 1
  if (endMs < wantedMs)
    throw new InputError(
      `${timeMs === undefined ? 'a check needs some time' : `a check of ${durationText(timeMs)} was asked for`}, but the test's timeout leaves ${durationText(Math.max(0, endMs))}: give the test more, as in test('…', async () => { … }, 60_000), or testTimeout in the config`,
    )
  const runMs =
    timeMs ??
    (runs === undefined
      ? Math.min(DEFAULT_MS, endMs / 2)
      : endMs === Number.POSITIVE_INFINITY
        ? endMs
        : endMs * RUNNING)
  return {
    runs: runs ?? Number.MAX_SAFE_INTEGER,
    runMs,
    byTime: timeMs !== undefined || runs === undefined,
    endMs,
    giveUpMs: endMs + reserveMs / 2,
  }
}
