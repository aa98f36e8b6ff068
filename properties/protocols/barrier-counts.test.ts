import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Extent, extent, lease, release } from '../../src/kernel/index.ts'
import { BarrierCounts } from '../../src/protocols/barrier-counts.ts'

let start: Extent
beforeEach(() => {
  start = extent()
})
afterEach(() => release(lease(start)))

/** The same with what JavaScript has: a list of sets. */
class Model {
  entries: { id: number; wanted: number; aborted: boolean; seen: Set<number> }[] = []
  completedBy = (input: number): number =>
    this.entries.findLastIndex(({ wanted, seen }) => new Set([...seen, input]).size === wanted)
}
type Move = readonly [what: 'add' | 'see' | 'drop' | 'ask' | 'abort', a: number, input: number]

describe('the barriers of checkpoints', () => {
  it('are counted as by a list of sets, for any number of inputs', () => {
    const moves = fc.array(
      fc.tuple(fc.constantFrom('add', 'see', 'see', 'see', 'drop', 'ask', 'abort'), fc.nat(99), fc.nat()),
      { maxLength: 120 },
    ) as fc.Arbitrary<Move[]>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), moves, (inputs, all) => {
        const mark = extent()
        const counts = new BarrierCounts(inputs)
        counts.clear()
        const model = new Model()
        let next = 1
        for (const [what, a, anyInput] of all) {
          const input = anyInput % inputs
          const { entries } = model
          const place = a % Math.max(1, entries.length)
          if (what === 'add') {
            const wanted = 1 + (a % inputs)
            counts.add(next, wanted, a % 3 === 0)
            entries.push({ id: next, wanted, aborted: a % 3 === 0, seen: new Set() })
            next += 1 + (a % 2)
          } else if (entries.length === 0) continue
          else if (what === 'see') {
            counts.see(place, input)
            entries[place]!.seen.add(input)
          } else if (what === 'drop') {
            counts.dropThrough(place)
            entries.splice(0, place + 1)
          } else if (what === 'abort') {
            counts.aborted.set(place, 1)
            entries[place]!.aborted = true
          } else expect(counts.newestCompletedBy(input)).toBe(model.completedBy(input))
          expect(counts.newest).toBe(entries.at(-1)?.id ?? -1)
          entries.forEach(({ id, aborted, seen, wanted }, at) => {
            expect([counts.placeOf(id), counts.aborted.at(at) === 1]).toEqual([at, aborted])
            expect(counts.countAt(at)).toBe(seen.size)
            expect(counts.isCompletedBy(at, input)).toBe(new Set([...seen, input]).size === wanted)
          })
        }
        release(lease(mark))
      }),
      { numRuns: 150 },
    )
  })

  it('are those of 50 checkpoints at most: the oldest makes room', () => {
    const counts = new BarrierCounts(2)
    counts.clear()
    for (let id = 1; id <= 53; id += 1) counts.add(id, 2, false)
    expect([counts.length, counts.ids.at(0), counts.newest]).toEqual([50, 4, 53])
    expect(counts.placeOf(3)).toBe(-1)
  })
})
