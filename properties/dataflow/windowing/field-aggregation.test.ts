import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DataStream, fromArray, StreamExecutionEnvironment } from '../../../src/dataflow/index.ts'
import { deepFreeze } from '../../../src/kernel/index.ts'
import { OperatorDriver, operatorOf } from '../operator-driver.ts'

interface Item {
  readonly k: string
  readonly v: number
  readonly id: number
}
const items = fc.array(fc.record({ k: fc.constantFrom('a', 'b'), v: fc.integer({ min: -3, max: 3 }), id: fc.nat() }))
const rolling = (write: (stream: DataStream<Item>) => DataStream<unknown>, some: readonly Item[]): unknown[] => {
  const driver = new OperatorDriver(operatorOf<Item>(write))
  for (const item of some) driver.restore().element(deepFreeze({ ...item }), 7)
  expect(driver.rows().every(([, at]) => at === 7)).toBe(true)
  return driver.rows().map(([row]) => row)
}
/** What is expected after each item, from the items of its key so far. */
const soFar = (some: readonly Item[], of: (own: readonly Item[]) => unknown): unknown[] =>
  some.map((item, i) => of(some.slice(0, i + 1).filter(({ k }) => k === item.k)))
const valuesOf = (own: readonly Item[]): number[] => own.map(({ v }) => v)

describe('rolling aggregations', () => {
  it('sum, min and max keep the first record of the key and replace the field', () => {
    fc.assert(
      fc.property(items, (some) => {
        const first = (field: (values: number[]) => number) => (own: readonly Item[]) => ({
          ...own[0]!,
          v: field(valuesOf(own)),
        })
        expect(rolling((s) => s.keyBy(({ k }) => k).sum('v'), some)).toEqual(
          soFar(
            some,
            first((values) => values.reduce((a, b) => a + b)),
          ),
        )
        expect(rolling((s) => s.keyBy(({ k }) => k).min('v'), some)).toEqual(
          soFar(
            some,
            first((values) => Math.min(...values)),
          ),
        )
        expect(rolling((s) => s.keyBy(({ k }) => k).max('v'), some)).toEqual(
          soFar(
            some,
            first((values) => Math.max(...values)),
          ),
        )
      }),
    )
  })
  it('minBy and maxBy give the first or the last of the records with the extreme value', () => {
    fc.assert(
      fc.property(items, fc.boolean(), (some, first) => {
        const extreme = (of: (...values: number[]) => number) => (own: readonly Item[]) => {
          const best = own.filter(({ v }) => v === of(...valuesOf(own)))
          return first ? best[0] : best.at(-1)
        }
        expect(rolling((s) => s.keyBy(({ k }) => k).minBy('v', first), some)).toEqual(soFar(some, extreme(Math.min)))
        expect(rolling((s) => s.keyBy(({ k }) => k).maxBy('v', first), some)).toEqual(soFar(some, extreme(Math.max)))
      }),
    )
  })
  it('reduce gives the first record as it is', () => {
    const pair = (a: Item, b: Item): Item => ({ k: a.k, v: a.v + b.v, id: -1 })
    expect(
      rolling(
        (s) => s.keyBy(({ k }) => k).reduce(pair),
        [
          { k: 'a', v: 1, id: 10 },
          { k: 'b', v: 2, id: 11 },
          { k: 'a', v: 4, id: 12 },
        ],
      ),
    ).toEqual([
      { k: 'a', v: 1, id: 10 },
      { k: 'b', v: 2, id: 11 },
      { k: 'a', v: 5, id: -1 },
    ])
  })
  it('are about places of tuples as well, and strings by code unit', () => {
    const driver = new OperatorDriver(operatorOf<readonly [string, number]>((s) => s.keyBy(() => 0).sum(1)))
    driver.element(['a', 1]).element(['b', 2])
    expect(driver.rows().at(-1)![0]).toEqual(['a', 3])
    const names = new OperatorDriver(operatorOf<readonly [string, number]>((s) => s.keyBy(() => 0).maxBy(0)))
    names.element(['Z', 1]).element(['a', 2]).element(['Y', 3])
    expect(names.rows().at(-1)![0]).toEqual(['a', 2])
  })
  it('refuse what they cannot add or find', () => {
    const stream = new StreamExecutionEnvironment().fromSource(fromArray<Item>([]), 'in').keyBy(({ k }) => k)
    expect(() => stream.sum((() => 0) as never)).toThrow('sum takes the name of a field, but got a function')
    expect(() => stream.reduce(1 as never)).toThrow('reduce takes a function of two values, but got 1')
    const driver = new OperatorDriver(operatorOf<Item>((s) => s.keyBy(() => 0).sum('k' as never)))
    driver.element({ k: 'a', v: 1, id: 0 })
    expect(() => driver.element({ k: 'b', v: 1, id: 0 })).toThrow(
      "sum adds numbers, but 'k' is 'a': name a field with numbers",
    )
  })
})
