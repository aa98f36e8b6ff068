/**
 * The events of the Nexmark benchmark (P. Tucker, K. Tufte, V. Papadimos, D. Maier: NEXMark - A Benchmark for Queries over Data
 * Streams, 2002), made as Apache Beam makes them, event for event: people who join an auction house, the auctions that they
 * open, and the bids that they make, in the proportion 1:3:46. Event n depends on n and the configuration alone, since each is
 * drawn by a random generator of its own, seeded with n. Beam's events also carry a random string that fills them up to a
 * size; it is left out.
 */
import { auctionOf } from './auction.ts'
import { bidOf } from './bid.ts'
import type { NexmarkConfig } from './config.ts'
import { JavaRandom } from './java-random.ts'
import type { NexmarkEvent } from './model.ts'
import { eventAtPosition, kindOf, timeOf } from './numbering.ts'
import { personOf } from './person.ts'

/** The event at a position of the stream, from 0. Beam: Generator.nextEvent. */
export function nexmarkEvent(position: number, config: NexmarkConfig): NexmarkEvent {
  const event = eventAtPosition(position, config)
  const random = new JavaRandom(event)
  const dateTime = timeOf(event, config)
  switch (kindOf(event)) {
    case 'person':
      return personOf(event, random, dateTime)
    case 'auction':
      return auctionOf(event, random, dateTime, config)
    case 'bid':
      return bidOf(event, random, dateTime, config)
  }
}

/** The first events of the stream. */
export const nexmarkEvents = (count: number, config: NexmarkConfig): NexmarkEvent[] =>
  Array.from({ length: count }, (_, position) => nexmarkEvent(position, config))
