/** Nexmark's query 1, currency conversion: what are the bids in euros? */
import { CheckpointingMode, type Invariant, scenario, transactionalLog } from '../../src/index.ts'
import { missingIn, notTheSame } from '../records.ts'
import type { Bid, NexmarkEvent } from './model.ts'
import { allEvents } from './stream.ts'

const isBid = (event: NexmarkEvent): event is Bid => event.kind === 'bid'

/** 89 euro cents a dollar, rounded down. */
const inEuros = (bid: Bid): Bid => ({ ...bid, price: Math.floor((bid.price * 89) / 100) })

const rowOf = ({ auction, bidder, price, dateTime }: Bid): string =>
  `a bid of ${price} by ${bidder} for auction ${auction} at ${dateTime}`

function expectedRows(events: readonly NexmarkEvent[]): readonly string[] {
  const expected: string[] = []
  for (const event of events) {
    if (event.kind !== 'bid') continue
    // the remainder is taken off first: no rounding is needed
    const dollars = event.price * 89
    expected.push(rowOf({ ...event, price: (dollars - (dollars % 100)) / 100 }))
  }
  return expected
}

const noBidLost: Invariant = {
  name: 'no bid is lost',
  check: ({ bids = [] }, inputs) =>
    missingIn(expectedRows(inputs('events') as readonly NexmarkEvent[]), (bids as readonly Bid[]).map(rowOf)),
}

const everyBid: Invariant = {
  name: 'every bid is there in euros, once',
  needs: 'exactly-once',
  otherwise: noBidLost,
  check: ({ bids = [] }, inputs) =>
    notTheSame(expectedRows(inputs('events') as readonly NexmarkEvent[]), (bids as readonly Bid[]).map(rowOf)),
}

export default scenario(
  'nexmark-q1',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    env
      .fromSource(allEvents(), 'events')
      .filter(isBid)
      .uid('bids')
      .map(inEuros)
      .uid('euros')
      .sinkTo(transactionalLog('bids'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: "Nexmark's query 1, currency conversion: bids in euros",
    records: { min: 20, max: 100, fullEvery: 1000 },
    invariants: [everyBid],
  },
)
