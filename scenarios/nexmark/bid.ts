import { nextAuctionInFlight } from './auction.ts'
import type { NexmarkConfig } from './config.ts'
import type { JavaRandom } from './java-random.ts'
import type { Bid } from './model.ts'
import { FIRST_ID, lastAuction, lastPerson } from './numbering.ts'
import { nextActivePerson } from './person.ts'
import { nextPrice } from './price.ts'

/** The first of so many auctions is the hot one. */
const HOT_AUCTION_GROUP = 100
/** The second of so many people is the hot bidder: the first is the hot seller. */
const HOT_BIDDER_GROUP = 100

/** The bid of an event. Beam: BidGenerator. */
export function bidOf(event: number, random: JavaRandom, dateTime: number, config: NexmarkConfig): Bid {
  const hotAuction = random.nextInt(config.hotAuctionRatio) > 0
  const auction = hotAuction
    ? firstOf(HOT_AUCTION_GROUP, lastAuction(event))
    : nextAuctionInFlight(event, random, config)
  const hotBidder = random.nextInt(config.hotBiddersRatio) > 0
  const bidder = hotBidder ? firstOf(HOT_BIDDER_GROUP, lastPerson(event)) + 1 : nextActivePerson(event, random, config)
  return { kind: 'bid', auction: FIRST_ID + auction, bidder: FIRST_ID + bidder, price: nextPrice(random), dateTime }
}

const firstOf = (group: number, number: number): number => number - (number % group)
