/** Nexmark's query 8, monitoring new users: who has joined and opened an auction within the same ten seconds? */
import {
  CheckpointingMode,
  type Invariant,
  scenario,
  TumblingEventTimeWindows,
  transactionalLog,
  WatermarkStrategy,
} from '../../src/index.ts'
import { grouped, missingIn, notTheSame } from '../records.ts'
import type { Auction, NexmarkEvent, Person } from './model.ts'
import { peopleAndAuctions } from './stream.ts'

interface NewSeller {
  readonly id: number
  readonly name: string
  readonly auction: number
  readonly reserve: number
}

const isPerson = (event: NexmarkEvent): event is Person => event.kind === 'person'
const isAuction = (event: NexmarkEvent): event is Auction => event.kind === 'auction'

const joined = ({ id, name }: Person, auction: Auction): NewSeller => ({
  id,
  name,
  auction: auction.id,
  reserve: auction.reserve,
})

const rowOf = ({ id, name, auction, reserve }: NewSeller): string =>
  `new person ${id}, ${name}, with auction ${auction} and its reserve of ${reserve}`

function expectedRows(events: readonly NexmarkEvent[]): readonly string[] {
  const expected: string[] = []
  for (const together of grouped(events, ({ dateTime }) => dateTime - (dateTime % 10_000)).values()) {
    for (const person of together) {
      if (person.kind !== 'person') continue
      for (const auction of together)
        if (auction.kind === 'auction' && auction.seller === person.id)
          expected.push(rowOf({ id: person.id, name: person.name, auction: auction.id, reserve: auction.reserve }))
    }
  }
  return expected
}

const noNewSellerLost: Invariant = {
  name: 'no new person with an auction of the same ten seconds is lost',
  check: ({ 'new-sellers': sellers = [] }, inputs) =>
    missingIn(expectedRows(inputs('events') as readonly NexmarkEvent[]), (sellers as readonly NewSeller[]).map(rowOf)),
}

const everyNewSeller: Invariant = {
  name: 'every new person is there once with each auction of the same ten seconds',
  needs: 'exactly-once',
  otherwise: noNewSellerLost,
  check: ({ 'new-sellers': sellers = [] }, inputs) =>
    notTheSame(expectedRows(inputs('events') as readonly NexmarkEvent[]), (sellers as readonly NewSeller[]).map(rowOf)),
}

export default scenario(
  'nexmark-q8',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const timestampOf = ({ dateTime }: NexmarkEvent): number => dateTime
    const events = env.fromSource(
      peopleAndAuctions({ shuffle: { timestampOf, within: '2s' } }),
      'events',
      WatermarkStrategy.forBoundedOutOfOrderness('2s').withTimestampAssigner(timestampOf),
    )
    const people = events.filter(isPerson).uid('people')
    const auctions = events.filter(isAuction).uid('auctions')
    people
      .join(auctions)
      .where(({ id }) => id, 'long')
      .equalTo(({ seller }) => seller)
      .window(TumblingEventTimeWindows.of('10s'))
      .apply(joined)
      .uid('new-sellers')
      .sinkTo(transactionalLog('new-sellers'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: "Nexmark's query 8, new users: people joined with auctions of the same ten seconds",
    records: { min: 40, max: 100, fullEvery: 1000 },
    invariants: [everyNewSeller],
  },
)
