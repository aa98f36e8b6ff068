/** That the queries have something to do: what their invariants compare would be equal if both were empty, too. */
import { describe, expect, it } from 'vitest'
import type { Auction, Bid, NexmarkEvent, Person } from '../../scenarios/nexmark/model.ts'
import q1 from '../../scenarios/nexmark/q1.ts'
import q3 from '../../scenarios/nexmark/q3.ts'
import q5 from '../../scenarios/nexmark/q5.ts'
import q8 from '../../scenarios/nexmark/q8.ts'
import type { Scenario } from '../../src/index.ts'
import { ranWithoutFaults } from './ran-without-faults.ts'

const SEEDS = Array.from({ length: 20 }, (_, i) => i)

/** A few runs as they are drawn: what was read, and the rows of a log. */
const runsOf = (scenario: Scenario, log: string) =>
  SEEDS.map((seed) => {
    const { min, max } = scenario.records
    const { committed, inputs } = ranWithoutFaults(scenario, min + seed * Math.floor((max - min) / SEEDS.length), seed)
    return { events: inputs('events') as readonly NexmarkEvent[], rows: committed[log] ?? [] }
  })
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length

describe('nexmark-q1', () => {
  it('has 89 euro cents for a dollar, rounded down', () => {
    const prices = new Map([
      [100, 89],
      [101, 89],
      [102, 90],
      [99_999_999, 88_999_999],
    ])
    const source = q1.graph().vertices[0]!
    const converted = (bid: Bid): unknown[] => {
      let values: unknown[] = [bid]
      for (const step of source.chain) values = values.flatMap((value) => applied(step, value))
      return values
    }
    for (const [dollars, euros] of prices) {
      const bid: Bid = { kind: 'bid', auction: 1000, bidder: 1001, price: dollars, dateTime: 0 }
      expect(converted(bid)).toEqual([{ ...bid, price: euros }])
    }
  })
})

const applied = (step: { apply(value: unknown, emit: (value: unknown) => void): void }, value: unknown): unknown[] => {
  const results: unknown[] = []
  step.apply(value, (result) => results.push(result))
  return results
}

describe('nexmark-q3', () => {
  it('joins in both orders: the person first, and the auction first', () => {
    const runs = runsOf(q3, 'offers')
    expect(mean(runs.map(({ rows }) => rows.length))).toBeGreaterThan(2)
    let personFirst = 0
    let auctionFirst = 0
    for (const { events, rows } of runs) {
      for (const { auction: id } of rows as { auction: number }[]) {
        const auction = events.findIndex((event) => event.kind === 'auction' && event.id === id)
        const { seller } = events[auction] as Auction
        const person = events.findIndex((event) => event.kind === 'person' && event.id === seller)
        const { state } = events[person] as Person
        expect(['OR', 'ID', 'CA']).toContain(state)
        if (person < auction) personFirst += 1
        else auctionFirst += 1
      }
    }
    expect(personFirst).toBeGreaterThan(5)
    expect(auctionFirst).toBeGreaterThan(5)
  })
})

describe('nexmark-q5', () => {
  it('has several windows a run, some with several hot items', () => {
    const windows = runsOf(q5, 'hot-items').map(({ rows }) => rows as readonly { auctions: number[] }[])
    expect(mean(windows.map((rows) => rows.length))).toBeGreaterThan(5)
    expect(windows.flat().some(({ auctions }) => auctions.length > 1)).toBe(true)
    expect(windows.flat().some(({ auctions }) => auctions.length === 1)).toBe(true)
  })
})

describe('nexmark-q8', () => {
  it('finds new sellers', () => {
    const found = runsOf(q8, 'new-sellers').map(({ rows }) => rows.length)
    expect(mean(found)).toBeGreaterThan(3)
  })
})
