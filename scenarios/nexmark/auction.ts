import type { NexmarkConfig } from './config.ts'
import type { JavaRandom } from './java-random.ts'
import type { Auction } from './model.ts'
import { eventsFor, FIRST_ID, lastAuction, lastPerson, timeOf } from './numbering.ts'
import { nextActivePerson } from './person.ts'
import { nextPrice } from './price.ts'
import { nextText } from './random-text.ts'

const FIRST_CATEGORY = 10
const CATEGORIES = 5
/** The first of so many people is the hot seller. */
const HOT_SELLER_GROUP = 100
/** There may already be bids for so many auctions that are still to come. */
const LEAD = 10

/** The auction of an event. Beam: AuctionGenerator. */
export function auctionOf(event: number, random: JavaRandom, dateTime: number, config: NexmarkConfig): Auction {
  // the order of the draws is not the order of the fields
  const hot = random.nextInt(config.hotSellersRatio) > 0
  const seller = hot ? hotSeller(event) : nextActivePerson(event, random, config)
  const category = FIRST_CATEGORY + random.nextInt(CATEGORIES)
  const initialBid = nextPrice(random)
  const expires = dateTime + nextLengthMs(event, random, dateTime, config)
  const itemName = nextText(random, 20)
  const description = nextText(random, 100)
  const reserve = initialBid + nextPrice(random)
  return {
    kind: 'auction',
    id: FIRST_ID + lastAuction(event),
    itemName,
    description,
    initialBid,
    reserve,
    dateTime,
    expires,
    seller: FIRST_ID + seller,
    category,
  }
}

/** Number of a random auction that is in flight at an event, or soon will be. */
export function nextAuctionInFlight(event: number, random: JavaRandom, { numInFlightAuctions }: NexmarkConfig): number {
  const last = lastAuction(event)
  const first = Math.max(last - numInFlightAuctions, 0)
  return first + random.nextInt(last - first + 1 + LEAD)
}

const hotSeller = (event: number): number => lastPerson(event) - (lastPerson(event) % HOT_SELLER_GROUP)

/** On average as long as it takes until as many auctions have come as are in flight at once. */
function nextLengthMs(event: number, random: JavaRandom, dateTime: number, config: NexmarkConfig): number {
  const horizonMs = timeOf(event + eventsFor(config.numInFlightAuctions), config) - dateTime
  return 1 + random.nextInt(Math.max(horizonMs * 2, 1))
}
