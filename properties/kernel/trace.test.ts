import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestText, Trace } from '../../src/kernel/index.ts'

/** An event, or the hash of a content that is mixed in. */
type Entry = readonly [time: number, to: number, code: number, a: number, b: number] | readonly [hash: number]

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const event = fc.tuple(fc.nat(), fc.nat({ max: 400 }), fc.nat({ max: 30 }), int32, int32)
const entry: fc.Arbitrary<Entry> = fc.oneof({ weight: 4, arbitrary: event }, { weight: 1, arbitrary: fc.tuple(int32) })

/** After a first event, as in every run: what is mixed into lanes of zeros could be zero itself. */
function digestOf(entries: readonly Entry[]): string {
  const trace = new Trace()
  trace.event(1, 1, 1, 1, 1, 0)
  for (const of of entries) {
    if (of.length === 1) trace.mix(of[0])
    else trace.event(...of, 0)
  }
  return trace.digest()
}

describe('the digest of a trace', () => {
  it('changes with each operand of each event, each hash that is mixed in, and the order of two that differ', () => {
    const entries = fc.array(entry, { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(entries, fc.nat(), fc.nat(), fc.constantFrom(1, 2, 4), (all, where, which, by) => {
        const digest = digestOf(all)
        expect(digestOf(all)).toBe(digest)
        const at = where % all.length
        const old = all[at]!
        const operand = which % old.length
        const changed = old.with(operand, (old as readonly number[])[operand]! ^ by) as unknown as Entry
        expect(digestOf(all.with(at, changed))).not.toBe(digest)
        expect(digestOf(all.toSpliced(at, 1))).not.toBe(digest)
        const next = all[at + 1]
        if (next !== undefined && `${next}` !== `${old}`)
          expect(digestOf(all.toSpliced(at, 2, next, old))).not.toBe(digest)
      }),
      { numRuns: 500 },
    )
  })

  it('is this one for these events', () => {
    const trace = new Trace()
    expect(trace.digest()).toBe('0000000000000000')
    trace.event(5, 3, 1, -7, 9, 0)
    trace.event(2 ** 40 + 5, 4, 2, 2 ** 31 - 1, 0, 0)
    trace.mix(0x1234567)
    trace.event(2 ** 40 + 5, 4, 2, 2 ** 31 - 1, 0, 0)
    expect(trace.digest()).toMatchInlineSnapshot(`"e3a18f54bd9e3966"`)
    expect(trace.digest()).toBe(digestText([trace.high, trace.low]))
    trace.reset()
    expect([trace.digest(), trace.count]).toEqual(['0000000000000000', 0])
  })

  it('has 16 digits also where the words are small or negative', () => {
    expect(digestText([1, -1])).toBe('00000001ffffffff')
  })
})

describe('the kept events', () => {
  const fill = (trace: Trace, n: number): void => {
    for (let i = 0; i < n; i += 1) trace.event(i, 1, 2, i + 3, 4, 5)
  }

  it('are the last 16,384, oldest first; the digest does not depend on whether they are kept', () => {
    const [kept, plain] = [new Trace(), new Trace()]
    kept.keep = true
    fill(kept, 20_000)
    fill(plain, 20_000)
    const entries = [...kept.entries()]
    expect(entries).toHaveLength(16_384)
    expect(entries[0]).toEqual({ time: 3616, to: 1, code: 2, a: 3619, b: 4, ref: 5 })
    expect(entries.at(-1)!.time).toBe(19_999)
    expect(kept.digest()).toBe(plain.digest())
  })

  it('of a short run are all of them', () => {
    const trace = new Trace()
    trace.keep = true
    fill(trace, 3)
    expect([...trace.entries()].map(({ a }) => a)).toEqual([3, 4, 5])
  })
})
