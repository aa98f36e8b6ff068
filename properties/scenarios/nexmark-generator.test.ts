import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG, type NexmarkConfig } from '../../scenarios/nexmark/config.ts'
import { nexmarkEvent, nexmarkEvents } from '../../scenarios/nexmark/generator.ts'
import type { Auction, Bid, NexmarkEvent, Person } from '../../scenarios/nexmark/model.ts'

/** The settings that `changed.jsonl.gz` was printed with: fixtures/nexmark/README.md. */
const CHANGED: NexmarkConfig = {
  baseTimeMs: 1_000_000_000_000,
  interEventDelayUs: 500_000,
  outOfOrderGroupSize: 10,
  hotAuctionRatio: 3,
  hotSellersRatio: 2,
  hotBiddersRatio: 1,
  numInFlightAuctions: 20,
  numActivePeople: 10,
}

/** The fields of Beam's events, as they are printed. */
const FIELDS = {
  person: ['id', 'name', 'emailAddress', 'creditCard', 'city', 'state', 'dateTime'],
  auction: ['id', 'itemName', 'description', 'initialBid', 'reserve', 'dateTime', 'expires', 'seller', 'category'],
  bid: ['auction', 'bidder', 'price', 'dateTime'],
} as const

function ofBeam(file: string): NexmarkEvent[] {
  const path = new URL(`../fixtures/nexmark/${file}`, import.meta.url)
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [kind, ...values] = JSON.parse(line) as [NexmarkEvent['kind'], ...unknown[]]
    return {
      kind,
      ...Object.fromEntries(FIELDS[kind].map((field, i) => [field, values[i]])),
    } as unknown as NexmarkEvent
  })
}

describe("Apache Beam's generator makes the same", () => {
  it('10,000 events by default', () => {
    const beam = ofBeam('default.jsonl.gz')
    expect(beam).toHaveLength(10_000)
    expect(nexmarkEvents(10_000, DEFAULT_CONFIG)).toEqual(beam)
  })

  it('2,000 events with every setting changed', () => {
    const beam = ofBeam('changed.jsonl.gz')
    expect(beam).toHaveLength(2000)
    expect(nexmarkEvents(2000, CHANGED)).toEqual(beam)
  })
})

describe('whatever the configuration', () => {
  const config = fc.record<NexmarkConfig>({
    baseTimeMs: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    interEventDelayUs: fc.integer({ min: 0, max: 1_000_000 }),
    outOfOrderGroupSize: fc.integer({ min: 1, max: 100 }),
    hotAuctionRatio: fc.integer({ min: 1, max: 10 }),
    hotSellersRatio: fc.integer({ min: 1, max: 10 }),
    hotBiddersRatio: fc.integer({ min: 1, max: 10 }),
    numInFlightAuctions: fc.integer({ min: 1, max: 200 }),
    numActivePeople: fc.integer({ min: 1, max: 2000 }),
  })

  it('an event depends on its position alone, and groups only change the order', () => {
    fc.assert(
      fc.property(config, fc.nat({ max: 1000 }), (config, group) => {
        const { outOfOrderGroupSize: size } = config
        const first = group * size
        const events = Array.from({ length: size }, (_, i) => nexmarkEvent(first + i, config))
        const inOrder = Array.from({ length: size }, (_, i) =>
          nexmarkEvent(first + i, { ...config, outOfOrderGroupSize: 1 }),
        )
        const text = (event: NexmarkEvent): string => JSON.stringify(event)
        expect(events.map(text).sort()).toEqual(inOrder.map(text).sort())
      }),
    )
  })

  it('ids go up by one, and refer to who has come or is about to', () => {
    fc.assert(
      fc.property(config, (config) => {
        const events = nexmarkEvents(1000, { ...config, outOfOrderGroupSize: 1 })
        const people = events.filter((event): event is Person => event.kind === 'person')
        const auctions = events.filter((event): event is Auction => event.kind === 'auction')
        const bids = events.filter((event): event is Bid => event.kind === 'bid')
        expect([people.length, auctions.length, bids.length]).toEqual([20, 60, 920])
        expect(people.map(({ id }) => id)).toEqual(people.map((_, i) => 1000 + i))
        expect(auctions.map(({ id }) => id)).toEqual(auctions.map((_, i) => 1000 + i))
        for (const { seller, category, initialBid, reserve, dateTime, expires } of auctions) {
          expect(seller).toBeGreaterThanOrEqual(1000)
          expect(seller).toBeLessThan(1000 + people.length + 10)
          expect(category).toBeGreaterThanOrEqual(10)
          expect(category).toBeLessThan(15)
          expect(reserve).toBeGreaterThan(initialBid)
          expect(expires).toBeGreaterThan(dateTime)
        }
        for (const { auction, bidder, price } of bids) {
          expect(auction).toBeGreaterThanOrEqual(1000)
          expect(auction).toBeLessThan(1000 + auctions.length + 10)
          expect(bidder).toBeGreaterThanOrEqual(1000)
          expect(bidder).toBeLessThan(1000 + people.length + 10)
          expect(price).toBeGreaterThanOrEqual(100)
          expect(price).toBeLessThanOrEqual(100_000_000)
        }
      }),
      { numRuns: 20 },
    )
  })
})
