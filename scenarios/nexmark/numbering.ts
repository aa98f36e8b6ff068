/**
 * How events are numbered. Of 50 events the first is a person, the next three are auctions, the others are bids:
 *
 * ```
 *   event     0   1  2  3   4 ... 49   50  51 52 53   54 ...
 *   person    0                         1
 *   auction       0  1  2                   3  4  5
 * ```
 *
 * People and auctions are numbered from 0 here; their ids start at FIRST_ID. Beam: GeneratorConfig.
 */
import type { NexmarkConfig } from './config.ts'

const PEOPLE = 1
const AUCTIONS = 3
const BIDS = 46
const EPOCH = PEOPLE + AUCTIONS + BIDS

export const FIRST_ID = 1000

export function kindOf(event: number): 'person' | 'auction' | 'bid' {
  const offset = event % EPOCH
  if (offset < PEOPLE) return 'person'
  return offset < PEOPLE + AUCTIONS ? 'auction' : 'bid'
}

/** Number of the last person up to an event. */
export const lastPerson = (event: number): number => Math.floor(event / EPOCH)

/** Number of the last auction up to an event; -1 if there is none. */
export function lastAuction(event: number): number {
  const offset = event % EPOCH
  return Math.floor(event / EPOCH) * AUCTIONS + Math.min(offset - PEOPLE, AUCTIONS - 1)
}

/** The number of the event that comes at a position: another one in the group of the position. */
export function eventAtPosition(position: number, { outOfOrderGroupSize: size }: NexmarkConfig): number {
  return position - (position % size) + ((position * STRIDE) % size)
}
/** Prime, so that every event of a group comes once, unless the size is a multiple of it. */
const STRIDE = 953

/** Time of an event, ms since 1970. */
export const timeOf = (event: number, { baseTimeMs, interEventDelayUs }: NexmarkConfig): number =>
  baseTimeMs + Math.floor((event * interEventDelayUs) / 1000)

/** Events that are made while so many auctions are. */
export const eventsFor = (auctions: number): number => Math.floor((auctions * EPOCH) / AUCTIONS)
