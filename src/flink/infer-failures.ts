/** When the job failed, how often it does, and what its restarts looked like. */
import { gapsBetween } from '../intervals/index.ts'
import { type Inferred, known, mean, unknown } from './inferred.ts'
import type { FlinkException } from './job-answers.ts'
import type { JobDump } from './job-dump.ts'

export interface FailureFigures {
  /** Epoch ms, ascending; failures within one restart delay count once. */
  readonly failureTimesMs: readonly number[]
  readonly mtbfMs: Inferred
}

/** Failures closer than this belong to one event: a killed TaskManager shows as several, over up to two restarts. */
const SAME_EVENT_MS = 5000

/** The exceptions of the history, oldest first. */
export function exceptionsOf({ exceptions }: JobDump): readonly FlinkException[] {
  return (exceptions?.exceptionHistory?.entries ?? []).toSorted((a, b) => a.timestamp - b.timestamp)
}

export function inferFailures(dump: JobDump, givenMtbfMs: number | undefined): FailureFigures {
  const failureTimesMs: number[] = []
  let lastMs = Number.NEGATIVE_INFINITY
  for (const { timestamp } of exceptionsOf(dump)) {
    if (timestamp - lastMs > SAME_EVENT_MS) failureTimesMs.push(timestamp)
    lastMs = timestamp
  }
  return { failureTimesMs, mtbfMs: mtbfOf(dump, failureTimesMs, givenMtbfMs) }
}

function mtbfOf(dump: JobDump, failureTimesMs: readonly number[], givenMs: number | undefined): Inferred {
  if (givenMs !== undefined) return known(givenMs, 'given', '--mtbf')
  if (dump.exceptions === null) return unknown('the dump has no exceptions.json; give --mtbf')
  if (failureTimesMs.length === 0) return unknown('the exception history holds no failure; give --mtbf')
  if (failureTimesMs.length >= 3)
    return known(
      mean(gapsBetween(failureTimesMs)),
      failureTimesMs.length > 9 ? 'medium' : 'low',
      `${failureTimesMs.length} failures in the exception history`,
    )
  const startMs = dump.job?.['start-time']
  if (startMs === undefined || dump.takenAtMs === null) return unknown('fewer than three failures; give --mtbf')
  return known(
    (dump.takenAtMs - startMs) / failureTimesMs.length,
    'low',
    `${failureTimesMs.length} failure(s) since the job began: hardly more than a guess`,
  )
}
