/** Rules of its own; the cases of real Flink are in properties/conformance. */
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import {
  CHECKPOINT,
  CHECKPOINT_FAILURE_REASONS,
  FAILURE_REASON_NAMES,
  REASON,
  SAVEPOINT,
  type SnapshotKind,
  SYNC_SAVEPOINT,
} from '../../src/model/index.ts'
import {
  CheckpointFailureManager,
  FAIL_JOB,
  FAIL_TASK,
  NO_ID,
  NO_TASK,
  TOLERATED,
  UNLIMITED,
} from '../../src/protocols/checkpoint-failure-manager.ts'

const start = extent()
afterAll(() => release(lease(start)))
function manager(): CheckpointFailureManager {
  const own = new CheckpointFailureManager()
  own.reset()
  return own
}
const TASK = 12
const step = fc.record({
  checkpoint: fc.integer({ min: NO_ID, max: 8 }),
  reason: fc.constantFrom(...FAILURE_REASON_NAMES),
  kind: fc.constantFrom<SnapshotKind>(CHECKPOINT, SAVEPOINT, SYNC_SAVEPOINT),
  attempt: fc.constantFrom(NO_TASK, TASK),
  succeeds: fc.boolean(),
})

describe('the table of reasons', () => {
  it('has five that count', () => {
    expect(FAILURE_REASON_NAMES.filter((name) => CHECKPOINT_FAILURE_REASONS[name].counts).sort()).toEqual([
      'CHECKPOINT_ASYNC_EXCEPTION',
      'CHECKPOINT_DECLINED',
      'CHECKPOINT_EXPIRED',
      'FINALIZE_CHECKPOINT_FAILURE',
      'IO_EXCEPTION',
    ])
    expect(REASON.CHECKPOINT_DECLINED).toBe(0)
  })
})

describe('the failure manager', () => {
  it('never holds more failures than are tolerable, and is at zero after it has failed the job', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat({ max: 3 }), (steps, tolerable) => {
        const own = manager()
        for (const { checkpoint, reason, kind, attempt, succeeds } of steps) {
          const before = own.continuous
          if (succeeds) {
            own.succeeded(checkpoint)
            continue
          }
          const verdict = own.failed(checkpoint, REASON[reason], kind, attempt, tolerable)
          expect(own.continuous).toBeLessThanOrEqual(tolerable)
          const atOnce = kind === SYNC_SAVEPOINT && attempt === TASK
          if (verdict !== TOLERATED && !atOnce) expect(own.continuous).toBe(0)
          if (!CHECKPOINT_FAILURE_REASONS[reason].counts && verdict === TOLERATED) expect(own.continuous).toBe(before)
        }
      }),
    )
  })

  it('fails the job at the first failure that is one too many, and says whose it was', () => {
    const own = manager()
    const fail = (id: number, attempt: number) => own.failed(id, REASON.CHECKPOINT_DECLINED, CHECKPOINT, attempt, 1)
    expect([fail(1, NO_TASK), fail(1, NO_TASK), fail(2, TASK)]).toEqual([TOLERATED, TOLERATED, FAIL_TASK])
    expect([fail(3, TASK), fail(4, NO_TASK)]).toEqual([TOLERATED, FAIL_JOB])
  })

  it('forgets at a success, but not at one that is older than another', () => {
    const own = manager()
    own.failed(6, REASON.CHECKPOINT_EXPIRED, CHECKPOINT, NO_TASK, 5)
    own.succeeded(7)
    expect(own.continuous).toBe(0)
    own.failed(9, REASON.CHECKPOINT_EXPIRED, CHECKPOINT, NO_TASK, 5)
    own.succeeded(5)
    expect(own.continuous).toBe(1)
    own.failed(7, REASON.CHECKPOINT_EXPIRED, CHECKPOINT, NO_TASK, 5)
    expect(own.continuous).toBe(1)
  })

  it('counts nothing if there is no limit', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const own = manager()
        for (const { checkpoint, reason, kind } of steps)
          expect(own.failed(checkpoint, REASON[reason], kind, NO_TASK, UNLIMITED)).toBe(TOLERATED)
        expect(own.continuous).toBe(0)
      }),
    )
  })
})
