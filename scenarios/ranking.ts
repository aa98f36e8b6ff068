/**
 * An iterative computation: who stands in the middle of a real social network. PageRank by pushing: every member of the graph is
 * given some weight, keeps 15 % of it and passes the rest on to its neighbours, in equal parts, who do the same, until there is too
 * little to pass on. The parts that are passed on go round a loop. All of it is in whole numbers, and weight is never made or lost,
 * so that the ranks do not depend on the order of things: they must be the exact ones, in every run.
 *
 * Flink loses what is in a loop when it restores a checkpoint, and so does Cutline under the protocols that it has from Flink: what
 * is checked then is what is left of the promise. `--protocol barriers-cyclic` and `--protocol chandy-lamport` keep all of it.
 */
import {
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type Invariant,
  OutputTag,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../src/index.ts'
import { MEMBERS, neighboursOf } from './karate-club.ts'
import { grouped, notEach, notOnceEach } from './records.ts'

/** Weight for a member, on its way. */
interface Weight {
  readonly member: number
  readonly weight: number
}
interface Rank {
  readonly member: number
  /** The weight that it has kept so far. */
  readonly rank: number
  /** How often it was given some. */
  readonly times: number
}

/** What each member begins with. */
const INITIAL = 1000
/** Less than that is not passed on. */
const LEAST = 50
const DAMPING_PERCENT = 85
const PASSED_ON = new OutputTag<Weight>('passed-on')
const NOTHING = { rank: 0, times: 0 }

/** What a member makes of a weight: how much it keeps, and how much each of its neighbours gets. */
function share({ member, weight }: Weight): { readonly kept: number; readonly part: number } {
  const many = neighboursOf(member).length
  const part = Math.floor((weight * DAMPING_PERCENT) / (100 * many))
  return part < LEAST ? { kept: weight, part: 0 } : { kept: weight - many * part, part }
}

class Members implements ProcessFunction<Weight, Rank, number> {
  #rank!: ValueState<Pick<Rank, 'rank' | 'times'>>

  open(context: RuntimeContext): void {
    this.#rank = context.getState(valueState('rank', NOTHING))
  }

  processElement(given: Weight, context: ProcessContext<number>, out: Collector<Rank>): void {
    const before = this.#rank.value()!
    const { kept, part } = share(given)
    const now = { rank: before.rank + kept, times: before.times + 1 }
    this.#rank.update(now)
    out.collect({ member: given.member, ...now })
    if (part > 0) for (const member of neighboursOf(given.member)) context.output(PASSED_ON, { member, weight: part })
  }
}

/** The ranks that come of the weights that members are given, and how often each is given some: by plain recursion. */
function exactRanks(given: readonly Weight[]): Map<number, Rank> {
  const ranks = new Map<number, Rank>()
  const give = (to: Weight): void => {
    const { kept, part } = share(to)
    const { rank, times } = ranks.get(to.member) ?? NOTHING
    ranks.set(to.member, { member: to.member, rank: rank + kept, times: times + 1 })
    if (part > 0) for (const member of neighboursOf(to.member)) give({ member, weight: part })
  }
  for (const weight of given) give(weight)
  return ranks
}

/** The last of the committed ranks of each member. */
function lastOf(ranks: readonly Rank[]): Map<number, Rank> {
  const last = new Map<number, Rank>()
  for (const rank of ranks) if (rank.times > (last.get(rank.member)?.times ?? 0)) last.set(rank.member, rank)
  return last
}

const notAbove: Invariant = {
  name: 'no rank is above the exact one',
  needs: 'at-most-once',
  check({ ranks = [] }, inputs) {
    const exact = exactRanks(inputs('members') as readonly Weight[])
    for (const { member, rank, times } of lastOf(ranks as readonly Rank[]).values()) {
      const expected = exact.get(member) ?? NOTHING
      if (rank > expected.rank || times > expected.times)
        return `member ${member} has rank ${rank} after ${times} weights, but it is ${expected.rank} after ${expected.times}`
    }
    return undefined
  },
}

const exact: Invariant = {
  name: 'ranks are exact',
  needs: 'exactly-once',
  otherwise: notAbove,
  check({ ranks = [] }, inputs) {
    const last = lastOf(ranks as readonly Rank[])
    for (const { member, rank, times } of exactRanks(inputs('members') as readonly Weight[]).values()) {
      const found = last.get(member) ?? NOTHING
      if (found.rank !== rank || found.times !== times)
        return `member ${member} has rank ${found.rank} after ${found.times} weights, but it is ${rank} after ${times}`
    }
    return undefined
  },
}

/** The numbers of the committed ranks of a member, from 1: what has been lost in the loop does not show in them. */
function numbering(ranks: readonly Rank[], wrongWith: (numbers: readonly number[]) => string | undefined) {
  for (const [member, own] of grouped(ranks, (rank) => rank.member)) {
    const wrong = wrongWith(own.map(({ times }) => times))
    if (wrong !== undefined) return `member ${member} has ${own.length} ranks, but of their numbers ${wrong}`
  }
  return undefined
}

const noGap: Invariant = {
  name: 'the ranks of a member have no gap',
  needs: 'at-least-once',
  outsideLoops: true,
  check: ({ ranks = [] }) => numbering(ranks as readonly Rank[], (numbers) => notEach(numbers, 0)),
}

const numbered: Invariant = {
  name: 'the ranks of a member are numbered, each once',
  needs: 'exactly-once',
  outsideLoops: true,
  otherwise: noGap,
  check: ({ ranks = [] }) => numbering(ranks as readonly Rank[], (numbers) => notOnceEach(numbers, numbers.length)),
}

export default scenario(
  'ranking',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const weights = env
      .fromSource(
        generatedSequence<Weight>({
          count: MEMBERS,
          value: (n) => ({ member: n + 1, weight: INITIAL }),
          splits: 4,
        }),
        'members',
      )
      .iterate()
      .uid('weights')
    const ranks = weights
      .keyBy(({ member }) => member, 'int')
      .process(() => new Members())
      .uid('ranks')
    weights.closeWith(ranks.getSideOutput(PASSED_ON).rebalance())
    ranks.sinkTo(transactionalLog('ranks')).uid('sink').setParallelism(1)
  },
  {
    title: 'An iterative computation in a loop: PageRank of a karate club, in whole numbers, exact',
    records: { min: 8, max: 20 },
    invariants: [exact, numbered],
  },
)
