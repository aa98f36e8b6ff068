import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOrder, TimerQueue } from '../../src/cluster/timer-queue.ts'
import { type Key, timerHash } from '../../src/model/index.ts'

const key = fc.constantFrom<Key>('b', 'a', 2, 10, -1, 7n, true, false)
const timer = fc.record({ at: fc.oneof(fc.nat({ max: 3 }), fc.constant(2 ** 45)), key })
const name = (at: number, of: Key): string => `${at} ${typeof of} ${of}`

describe('timers', () => {
  it('fire by time, then key; one per time and key; the order of registration does not matter', () => {
    const ops = fc.array(fc.tuple(fc.constantFrom('register', 'register', 'delete', 'pop'), timer), { maxLength: 50 })
    fc.assert(
      fc.property(ops, (all) => {
        const queue = new TimerQueue('event')
        const model = new Map<string, { at: number; key: Key }>()
        const first = () => [...model.values()].sort((a, b) => a.at - b.at || keyOrder(a.key, b.key))[0]
        for (const [what, { at, key: of }] of all) {
          if (what === 'register') {
            expect(queue.register(at, of, 3)).toBe(!model.has(name(at, of)))
            model.set(name(at, of), { at, key: of })
          } else if (what === 'delete') {
            queue.delete(at, of)
            model.delete(name(at, of))
          } else {
            const due = first()
            const popped = queue.pop(at)
            if (due === undefined || due.at > at) expect(popped).toBe(null)
            else {
              expect(popped).toMatchObject({ domain: 'event', timestampMs: due.at, key: due.key, keyGroup: 3 })
              model.delete(name(due.at, due.key))
            }
          }
          expect(queue.size).toBe(model.size)
          expect(queue.next()).toBe(first()?.at ?? Number.POSITIVE_INFINITY)
          let digest = 0
          for (const { at: then, key: whose } of model.values())
            digest = (digest + timerHash('event', whose, then, '')) | 0
          expect(queue.digest).toBe(digest)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('of the two domains have digests of their own', () => {
    const [event, processing] = [new TimerQueue('event'), new TimerQueue('processing')]
    for (const queue of [event, processing]) queue.register(5, 'k', 0)
    expect(event.digest).not.toBe(processing.digest)
  })

  it('come back from a snapshot in order', () => {
    const [from, to] = [new TimerQueue('event'), new TimerQueue('event')]
    for (const [at, of] of [
      [4, 'b'],
      [1, 'c'],
      [4, 'a'],
    ] as const)
      from.register(at, of, 1)
    for (const entry of [...from.entries()].reverse()) to.restore(entry)
    expect(to.entries()).toEqual(from.entries())
    expect(to.digest).toBe(from.digest)
  })
})

describe('the order of keys', () => {
  it('is total: by type, then value', () => {
    const keys: Key[] = [3, 'b', true, 1n, -2, 'a', false, 5n]
    expect(keys.sort(keyOrder)).toEqual([1n, 5n, false, true, -2, 3, 'a', 'b'])
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Math.sign(keyOrder(a, b))).toBe(a === b ? 0 : -Math.sign(keyOrder(b, a)))
      }),
    )
  })
})
