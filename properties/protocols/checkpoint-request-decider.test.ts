import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { extent, lease, release } from '../../src/kernel/index.ts'
import { CHECKPOINT, NOBODY, SAVEPOINT, type SnapshotKind, SYNC_SAVEPOINT } from '../../src/model/index.ts'
import { checkpointRequest, isPeriodic, kindOf, requesterOf } from '../../src/protocols/checkpoint-request.ts'
import {
  CheckpointRequestDecider,
  type DeciderView,
  POSTPONE,
  START,
  WAIT,
} from '../../src/protocols/checkpoint-request-decider.ts'

const start = extent()
afterAll(() => release(lease(start)))

const PERIODIC = checkpointRequest(CHECKPOINT, true, NOBODY)
const FREE: DeciderView = { pendingCheckpoints: 0, maxConcurrentCheckpoints: 1, cleaning: 0, pauseLeftUs: 0 }
const kind = fc.constantFrom<SnapshotKind>(CHECKPOINT, SAVEPOINT, SYNC_SAVEPOINT)
const request = fc.oneof(
  fc.constant(PERIODIC),
  fc.tuple(kind, fc.nat({ max: 5000 })).map(([of, requester]) => checkpointRequest(of, false, requester)),
)
const view = fc.record({
  pendingCheckpoints: fc.nat({ max: 4 }),
  maxConcurrentCheckpoints: fc.integer({ min: 1, max: 3 }),
  cleaning: fc.nat({ max: 4 }),
  pauseLeftUs: fc.integer({ min: -50, max: 50 }),
})
function decider(forced: boolean, requests: readonly number[] = []): CheckpointRequestDecider {
  const own = new CheckpointRequestDecider(forced)
  own.clear()
  for (const one of requests) expect(own.add(one)).toBe(-1)
  return own
}

describe('a request', () => {
  it('packs who asks for what into an int', () => {
    fc.assert(
      fc.property(kind, fc.boolean(), fc.integer({ min: NOBODY, max: 1 << 27 }), (of, periodic, requester) => {
        const packed = checkpointRequest(of, periodic, requester)
        expect([kindOf(packed), isPeriodic(packed), requesterOf(packed)]).toEqual([of, periodic, requester])
        expect(packed | 0).toBe(packed)
      }),
    )
  })
})

describe('the queue of requests', () => {
  it('lets savepoints go first, then what somebody asked for, then periodic ones, each in the order they came', () => {
    const rank = (one: number): number => (isPeriodic(one) ? 2 : kindOf(one) === CHECKPOINT ? 1 : 0)
    fc.assert(
      fc.property(fc.boolean(), fc.array(request, { maxLength: 30 }), (forced, requests) => {
        const own = decider(forced, requests)
        expect(own.size).toBe(requests.length)
        const sorted = requests.map((one, i) => [rank(one), i, one]).sort(([a, i], [b, j]) => a! - b! || i! - j!)
        expect(requests.map(() => own.take())).toEqual(sorted.map(([, , one]) => one))
        expect(own.size).toBe(0)
      }),
    )
  })

  it('has room for a thousand: a periodic one gives way, what somebody asked for does not', () => {
    const savepoint = (requester: number) => checkpointRequest(SAVEPOINT, false, requester)
    const mixed = decider(true, [PERIODIC, ...Array.from({ length: 999 }, (_, i) => savepoint(i))])
    expect(mixed.add(savepoint(5000))).toBe(PERIODIC)
    expect([mixed.size, mixed.periodic]).toEqual([1000, 0])
    expect(mixed.add(savepoint(5001))).toBe(savepoint(5001))
    expect(mixed.add(PERIODIC)).toBe(PERIODIC)
    expect(mixed.size).toBe(1000)
    const periodic = decider(
      true,
      Array.from({ length: 1000 }, () => PERIODIC),
    )
    expect(periodic.add(PERIODIC)).toBe(PERIODIC)
    expect(periodic.size).toBe(1000)
  })
})

describe('a look at the queue', () => {
  it('decides by the first request, the slots, the cleaner and the pause alone', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(request, { maxLength: 6 }), view, (forced, requests, now) => {
        const own = decider(forced, requests)
        const first = decider(forced, requests)
        const head = requests.length === 0 ? null : first.take()
        const full = now.pendingCheckpoints >= now.maxConcurrentCheckpoints
        let expected: number = START
        if (head === null || now.cleaning > now.maxConcurrentCheckpoints) expected = WAIT
        else if (full) expected = forced && kindOf(head) !== CHECKPOINT ? START : WAIT
        else if (isPeriodic(head) && now.pauseLeftUs > 0) expected = POSTPONE
        expect(own.decide(now)).toBe(expected)
        // what is postponed is dropped, one at a look
        expect(own.size).toBe(requests.length - (expected === POSTPONE ? 1 : 0))
      }),
    )
  })

  it('starts a forced savepoint without a free slot, and no other', () => {
    const full = { ...FREE, pendingCheckpoints: 1 }
    expect(decider(true, [checkpointRequest(SAVEPOINT, false, 0)]).decide(full)).toBe(START)
    expect(decider(false, [checkpointRequest(SAVEPOINT, false, 0)]).decide(full)).toBe(WAIT)
    expect(decider(true, [checkpointRequest(CHECKPOINT, false, 0)]).decide(full)).toBe(WAIT)
    expect(decider(true, [PERIODIC]).decide(full)).toBe(WAIT)
  })

  it('refuses to hand out what is not there', () => {
    expect(() => decider(true).take()).toThrow(/none waits/)
  })
})
