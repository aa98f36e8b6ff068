/**
 * Nexmark's query 3, local item suggestion: who is selling in Oregon, Idaho or California in category 10? Person and auction
 * come in any order, so whichever is first waits in the state of the person's key for the other; a person for ever, since any
 * number of auctions may follow.
 */
import {
  CheckpointingMode,
  type Collector,
  type CoProcessFunction,
  type Invariant,
  type ListState,
  listState,
  type ProcessContext,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../../src/index.ts'
import { missingIn, notTheSame } from '../records.ts'
import type { Auction, NexmarkEvent, Person } from './model.ts'
import { peopleAndAuctions } from './stream.ts'

type Seller = Pick<Person, 'name' | 'city' | 'state'>
type Offer = Seller & { readonly auction: number }

const CATEGORY = 10
const STATES: readonly string[] = ['OR', 'ID', 'CA']

const isNear = (event: NexmarkEvent): event is Person => event.kind === 'person' && STATES.includes(event.state)
const isWanted = (event: NexmarkEvent): event is Auction => event.kind === 'auction' && event.category === CATEGORY

class Offers implements CoProcessFunction<Person, Auction, Offer, number> {
  #seller!: ValueState<Seller>
  #waiting!: ListState<number>

  open(context: RuntimeContext): void {
    this.#seller = context.getState(valueState<Seller>('seller'))
    this.#waiting = context.getListState(listState('waiting-auctions'))
  }

  processElement1({ name, city, state }: Person, _context: ProcessContext<number>, out: Collector<Offer>): void {
    const seller: Seller = { name, city, state }
    this.#seller.update(seller)
    for (const auction of this.#waiting.get()) out.collect({ ...seller, auction })
    this.#waiting.clear()
  }

  processElement2({ id }: Auction, _context: ProcessContext<number>, out: Collector<Offer>): void {
    const seller = this.#seller.value()
    if (seller) out.collect({ ...seller, auction: id })
    else this.#waiting.add(id)
  }
}

const rowOf = ({ name, city, state, auction }: Offer): string => `auction ${auction} by ${name} in ${city}, ${state}`

function expectedRows(events: readonly NexmarkEvent[]): readonly string[] {
  const expected: string[] = []
  for (const auction of events) {
    if (auction.kind !== 'auction' || auction.category !== 10) continue
    for (const person of events) {
      if (person.kind !== 'person' || person.id !== auction.seller) continue
      if (person.state === 'OR' || person.state === 'ID' || person.state === 'CA')
        expected.push(rowOf({ name: person.name, city: person.city, state: person.state, auction: auction.id }))
    }
  }
  return expected
}

const noOfferLost: Invariant = {
  name: 'no auction of the category by a seller of the three states is lost',
  check: ({ offers = [] }, inputs) =>
    missingIn(expectedRows(inputs('events') as readonly NexmarkEvent[]), (offers as readonly Offer[]).map(rowOf)),
}

const everyOffer: Invariant = {
  name: 'every auction of the category by a seller of the three states is there, once',
  needs: 'exactly-once',
  otherwise: noOfferLost,
  check: ({ offers = [] }, inputs) =>
    notTheSame(expectedRows(inputs('events') as readonly NexmarkEvent[]), (offers as readonly Offer[]).map(rowOf)),
}

export default scenario(
  'nexmark-q3',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const events = env.fromSource(peopleAndAuctions(), 'events')
    const people = events.filter(isNear).uid('people')
    const auctions = events.filter(isWanted).uid('auctions')
    people
      .connect(auctions)
      .keyBy(
        ({ id }) => id,
        ({ seller }) => seller,
        'long',
      )
      .process(() => new Offers())
      .uid('offers')
      .sinkTo(transactionalLog('offers'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: "Nexmark's query 3, local item suggestion: people joined with their auctions, in state",
    records: { min: 40, max: 100, fullEvery: 1000 },
    invariants: [everyOffer],
  },
)
