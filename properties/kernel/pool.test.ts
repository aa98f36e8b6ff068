import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PayloadPool } from '../../src/kernel/index.ts'

describe('the pool of payloads', () => {
  it('never gives out a slot that is in use, keeps what was put and tagged, also through growth', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 400, maxLength: 1200 }), (choices) => {
        const pool = new PayloadPool()
        const held = new Map<number, number>()
        choices.forEach((choice, i) => {
          if (choice % 4 === 0 && held.size > 0) {
            const slot = [...held.keys()][choice % held.size]!
            pool.free(slot)
            expect(pool.value[slot]).toBe(undefined)
            held.delete(slot)
            return
          }
          const slot = pool.put({ i }, i / 2)
          expect(held.has(slot)).toBe(false)
          held.set(slot, i)
          pool.branch[slot] = i
          pool.channel[slot] = i + 1
          pool.position[slot] = i + 2
          pool.hash[slot] = i + 3
          pool.keyGroup[slot] = i + 4
        })
        for (const [slot, i] of held) {
          const tags = [pool.branch, pool.channel, pool.position, pool.hash, pool.keyGroup].map((of) => of[slot])
          expect([pool.value[slot], pool.timestamp[slot], ...tags]).toEqual([
            { i },
            i / 2,
            i,
            i + 1,
            i + 2,
            i + 3,
            i + 4,
          ])
        }
      }),
      { numRuns: 20 },
    )
  })

  it('after a reset hands out the same slots in the same order, and holds on to nothing', () => {
    const pool = new PayloadPool()
    const slots = () => [1, 2, 3].map((value) => pool.put(value, Number.NaN))
    const first = slots()
    pool.free(first[1]!)
    pool.reset()
    expect(pool.value.every((value) => value === undefined)).toBe(true)
    expect(slots()).toEqual(first)
  })
})
