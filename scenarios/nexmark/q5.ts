/**
 * Nexmark's query 5, hot items: which auctions have had the most bids in the last ten seconds? Said anew every five seconds.
 *
 * ```
 *   bids ─auction─> counts per sliding window ─window─> those with the most
 * ```
 *
 * A count carries the last timestamp of its window, so all counts of a window meet in the same five seconds.
 */
import {
  CheckpointingMode,
  type Collector,
  type Invariant,
  type ProcessWindowContext,
  type ProcessWindowFunction,
  SlidingEventTimeWindows,
  scenario,
  type TimeWindow,
  TumblingEventTimeWindows,
  transactionalLog,
  WatermarkStrategy,
} from '../../src/index.ts'
import { notTheSame } from '../records.ts'
import type { Bid, NexmarkEvent } from './model.ts'
import { allEvents } from './stream.ts'

/** Bids for an auction in a window. */
interface Bids {
  readonly auction: number
  /** End of the window, ms since 1970. */
  readonly end: number
  readonly bids: number
}
interface HotItems {
  readonly end: number
  readonly bids: number
  /** All auctions with so many bids, by their ids. */
  readonly auctions: readonly number[]
}

const SIZE_MS = 10_000
const PERIOD_MS = 5000

const isBid = (event: NexmarkEvent): event is Bid => event.kind === 'bid'

class InWindow implements ProcessWindowFunction<number, Bids, number> {
  process(
    auction: number,
    context: ProcessWindowContext<TimeWindow>,
    [bids]: readonly number[],
    out: Collector<Bids>,
  ): void {
    out.collect({ auction, end: context.window().end, bids: bids! })
  }
}

class Hottest implements ProcessWindowFunction<Bids, HotItems, number> {
  process(
    end: number,
    _context: ProcessWindowContext<TimeWindow>,
    counts: readonly Bids[],
    out: Collector<HotItems>,
  ): void {
    const most = counts.reduce((most, { bids }) => Math.max(most, bids), 0)
    const hottest = counts.filter(({ bids }) => bids === most).map(({ auction }) => auction)
    out.collect({ end, bids: most, auctions: hottest.sort((a, b) => a - b) })
  }
}

/** For each end of a window, how many bids each auction has had in it. */
function countsByEnd(events: readonly NexmarkEvent[]): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const bids = events.filter((event) => event.kind === 'bid')
  const ends = new Set(bids.flatMap(({ dateTime }) => [5000, 10_000].map((ms) => dateTime - (dateTime % 5000) + ms)))
  const counted = new Map<number, ReadonlyMap<number, number>>()
  for (const end of ends) {
    const counts = new Map<number, number>()
    for (const { auction, dateTime } of bids)
      if (dateTime < end && dateTime >= end - 10_000) counts.set(auction, (counts.get(auction) ?? 0) + 1)
    counted.set(end, counts)
  }
  return counted
}

const rowOf = ({ end, bids, auctions }: HotItems): string =>
  `the window to ${end} with ${bids} bids for ${auctions.join(', ')}`

const noWindowLost: Invariant = {
  name: 'every window is there, with as many bids as its hot items have at least',
  check({ 'hot-items': items = [] }, inputs) {
    for (const [end, counts] of countsByEnd(inputs('events') as readonly NexmarkEvent[])) {
      const most = Math.max(...counts.values())
      if (!(items as readonly HotItems[]).some((item) => item.end === end && item.bids >= most))
        return `the window to ${end}, where an auction has ${most} bids, is missing`
    }
    return undefined
  },
}

const everyWindow: Invariant = {
  name: 'every window is there with its hot items, once',
  needs: 'exactly-once',
  otherwise: noWindowLost,
  check({ 'hot-items': items = [] }, inputs) {
    const expected: string[] = []
    for (const [end, counts] of countsByEnd(inputs('events') as readonly NexmarkEvent[])) {
      const bids = Math.max(...counts.values())
      const auctions = [...counts.keys()].filter((auction) => counts.get(auction) === bids)
      expected.push(rowOf({ end, bids, auctions: auctions.sort((a, b) => a - b) }))
    }
    return notTheSame(expected, (items as readonly HotItems[]).map(rowOf))
  },
}

export default scenario(
  'nexmark-q5',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const timeOf = ({ dateTime }: NexmarkEvent): number => dateTime
    env
      .fromSource(allEvents(), 'events', WatermarkStrategy.forBoundedOutOfOrderness('5s').withTimestampAssigner(timeOf))
      .filter(isBid)
      .uid('bids')
      .keyBy(({ auction }) => auction, 'long')
      .window(SlidingEventTimeWindows.of(SIZE_MS, PERIOD_MS))
      .aggregate(
        { createAccumulator: () => 0, add: (_bid, count: number) => count + 1, getResult: (count) => count },
        () => new InWindow(),
      )
      .uid('counts')
      .keyBy(({ end }) => end, 'long')
      .window(TumblingEventTimeWindows.of(PERIOD_MS))
      .process(() => new Hottest())
      .uid('hottest')
      .sinkTo(transactionalLog('hot-items'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: "Nexmark's query 5, hot items: the auctions with the most bids, in sliding windows",
    records: { min: 20, max: 100, fullEvery: 1000 },
    invariants: [everyWindow],
  },
)
