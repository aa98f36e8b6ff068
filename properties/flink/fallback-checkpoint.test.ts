/** The checkpoint a failure falls back to, against those that real jobs were restored from. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { twin } from '../../src/flink/index.ts'
import { clusterRuns, dumpOf, measuredRuns, packedRun } from './measured-runs.ts'

const runs = clusterRuns()

describe('the checkpoint a failure falls back to', () => {
  it('is the one that the job was restored from, in every run', () => {
    for (const { name, before, failureAtMs, kind } of measuredRuns(runs)) {
      const row = runs.find((run) => run.row.name === name)!.row
      const options = { failureAtMs, kind: kind === 'kill' ? 'taskmanager' : 'exception' } as const
      const { fallback } = twin(before, options).prediction.atFailure!
      expect(Math.abs(fallback.triggerMs! - Number(row.restored_trigger_ts)), name).toBeLessThan(20)
    }
  })

  it('does not reach behind the first record where the source began after it', () => {
    const run = packedRun('ex-T30-r60-2')
    const report = twin(dumpOf(run.before!, 'dump'), { failureAtMs: Number(run.row.t_fail), arrivalPerSecond: 600 })
    const { replayMs, fallback } = report.prediction.atFailure!
    expect(fallback.ageMs).toBe(run.row.A)
    expect(Math.abs(replayMs - Number(run.row.A_due))).toBeLessThan(100)
  })

  it('keeps the grid of one interval into the future, never younger than a checkpoint takes', () => {
    const dump = dumpOf(packedRun('ex-T05-r60-1').before!, 'dump')
    const now = dump.takenAtMs!
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600_000 }), (aheadMs) => {
        const { fallback } = twin(dump, { failureAtMs: now + aheadMs }).prediction.atFailure!
        expect(fallback.ageMs).toBeGreaterThanOrEqual(54)
        expect(fallback.ageMs).toBeLessThan(5054)
      }),
    )
  })

  it('is of the history for a failure of the past', () => {
    const dump = dumpOf(packedRun('ex-T02-r60-1').before!, 'dump')
    for (const entry of dump.checkpoints!.history) {
      const failureAtMs = entry.latest_ack_timestamp! + 1
      const { fallback } = twin(dump, { failureAtMs }).prediction.atFailure!
      expect(fallback.checkpointId).toBe(entry.id)
    }
  })
})
