/**
 * The events as the queries read them. They come more slowly than by Beam's default, so that the few that a run reads fill
 * several windows. A query that has no use for bids reads a stream without them: 23 of 25 records of a run would be thrown
 * away at once.
 */
import { type ArraySourceOptions, fromArray, type Source } from '../../src/index.ts'
import { DEFAULT_CONFIG, type NexmarkConfig } from './config.ts'
import { nexmarkEvent } from './generator.ts'
import type { Auction, NexmarkEvent, Person } from './model.ts'
import { eventAtPosition, kindOf } from './numbering.ts'

const EVENTS = 2000

/**
 * Two events a second. They come out of order within ten, which is up to 4.5 seconds. Few auctions are in flight, and none is
 * hot, so that which has the most bids changes from window to window.
 */
const ALL: NexmarkConfig = {
  ...DEFAULT_CONFIG,
  interEventDelayUs: 500_000,
  outOfOrderGroupSize: 10,
  hotAuctionRatio: 1,
  numInFlightAuctions: 5,
}

/** Ten events a second, bids included. Few people are active, and nobody is hot, so that who sells has just come. */
const WITHOUT_BIDS: NexmarkConfig = {
  ...DEFAULT_CONFIG,
  interEventDelayUs: 100_000,
  hotSellersRatio: 1,
  numActivePeople: 10,
}

/** All kinds of events; a run reads some in a row from where the seed says. */
export const allEvents = (): Source<NexmarkEvent> =>
  fromArray(
    Array.from({ length: EVENTS }, (_, position) => nexmarkEvent(position, ALL)),
    { splits: 4, window: 'seeded' },
  )

/** People and auctions; a run reads some in a row from where the seed says. */
export function peopleAndAuctions(
  options: Pick<ArraySourceOptions<Person | Auction>, 'shuffle'> = {},
): Source<Person | Auction> {
  const events: (Person | Auction)[] = []
  for (let position = 0; events.length < EVENTS; position += 1) {
    // most events are bids, which need not be made to be left out
    if (kindOf(eventAtPosition(position, WITHOUT_BIDS)) === 'bid') continue
    const event = nexmarkEvent(position, WITHOUT_BIDS)
    if (event.kind !== 'bid') events.push(event)
  }
  return fromArray(events, { splits: 4, window: 'seeded', ...options })
}
