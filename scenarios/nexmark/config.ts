/** What the events depend on besides their number. Beam: NexmarkConfiguration. */
export interface NexmarkConfig {
  /** Time of the first event, ms since 1970. */
  readonly baseTimeMs: number
  /** From one event to the next, microseconds. */
  readonly interEventDelayUs: number
  /** Events are permuted within groups of this size; 1: they come in order. */
  readonly outOfOrderGroupSize: number
  /** 1 in this many bids is for any auction in flight, the others are for the hot one; 1: none for the hot one. */
  readonly hotAuctionRatio: number
  /** 1 in this many auctions is by any active person, the others are by the hot seller. */
  readonly hotSellersRatio: number
  /** 1 in this many bids is by any active person, the others are by the hot bidder. */
  readonly hotBiddersRatio: number
  /** Auctions that are in flight at once, about. */
  readonly numInFlightAuctions: number
  /** The last so many people sell and bid. */
  readonly numActivePeople: number
}

/** Beam's default: 10,000 events per second from 100 generators, of which this is one. */
export const DEFAULT_CONFIG: NexmarkConfig = {
  baseTimeMs: 1_000_000_000_000,
  interEventDelayUs: 10_000,
  outOfOrderGroupSize: 1,
  hotAuctionRatio: 2,
  hotSellersRatio: 4,
  hotBiddersRatio: 4,
  numInFlightAuctions: 100,
  numActivePeople: 1000,
}
