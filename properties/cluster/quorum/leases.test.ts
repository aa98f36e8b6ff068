/** Leases as one acceptor keeps them: whoever holds one counts on it, whatever comes afterwards. */
import { describe, expect, it } from 'vitest'
import type { Acceptor } from '../../../src/cluster/index.ts'
import { Quorum } from '../../../src/cluster/index.ts'
import { ACCEPTOR_MESSAGES } from '../../../src/cluster/quorum/acceptor.chart.ts'
import { ballotAbove } from '../../../src/cluster/quorum/ballot.ts'
import { LEASE_UNITS } from '../../../src/cluster/quorum/quorum-timing.ts'
import { Kernel, type KernelEvent } from '../../../src/kernel/index.ts'
import { FATE, type Mutation, type QuorumObserver } from '../../../src/model/index.ts'

const UNIT = 100
const code = (name: (typeof ACCEPTOR_MESSAGES)[number]): number => ACCEPTOR_MESSAGES.indexOf(name)
const BEAT = code('BEAT')
const PREPARE = code('PREPARE')
/** Of the second round: nodes have taken no higher one in the time of a test. */
const ballotOf = (node: number): number => ballotAbove(ballotAbove(0, 0), node)
const NEXT_ROUND = ballotAbove(0, 0)

/** @returns the ballots that node 0 has promised until the time, in units, if these messages come to its acceptor */
function promised(
  messages: readonly (readonly [atUnits: number, code: number, ballot: number])[],
  mutation: Mutation = {},
) {
  const kernel = new Kernel()
  const quorum = new Quorum(
    kernel,
    3,
    () => ({ reset() {}, apply: () => 0, read: () => 0, reads: () => false }),
    mutation,
  )
  const end = kernel.register({ name: 'end', receive: () => kernel.stop() }, kernel.process())
  kernel.reset('leases')
  const ballots: number[] = []
  const ghosts: QuorumObserver = {
    commandSent() {},
    commandAnswered() {},
    commandAbandoned() {},
    promised: (node, ballot) => void (node === 0 && ballots.push(ballot)),
    accepted() {},
    nodeStarted() {},
    nodeStopped() {},
    diskLost() {},
    rejoined() {},
    applied() {},
  }
  quorum.start({
    plan: { timing: { unitUs: UNIT } },
    observer: { phase() {} },
    ghosts,
    faults: { effect: () => ({ fate: FATE.none, extraUs: 0 }) },
  })
  // nobody else is heard
  for (const node of [0, 1, 2] as const) quorum.partitionNode(node, 'all', 1e9)
  for (const [at, message, ballot] of messages)
    kernel.schedule(at * UNIT, quorum.nodes[0]!.acceptor, message, ballot, 0, 0)
  kernel.schedule(700 * UNIT, end, 0)
  kernel.run(100_000, Number.MAX_SAFE_INTEGER)
  kernel.dispose()
  return ballots
}

describe('an acceptor', () => {
  it('promises nothing to others while a lease runs, and does afterwards', () => {
    const later = ballotOf(2) + NEXT_ROUND
    expect(
      promised([
        [1, BEAT, ballotOf(1)],
        [LEASE_UNITS - 20, PREPARE, later],
      ]),
    ).not.toContain(later)
    expect(
      promised([
        [1, BEAT, ballotOf(1)],
        [LEASE_UNITS + 2, PREPARE, later],
      ]),
    ).toContain(later)
  })

  it('promises to who holds the lease', () => {
    const later = ballotOf(1) + NEXT_ROUND
    expect(
      promised([
        [1, BEAT, ballotOf(1)],
        [100, PREPARE, later],
      ]),
    ).toContain(later)
  })

  // Two leaders at once would answer reads: the newer one counts on this node, the older one gets its promise.
  const later = ballotOf(1) + NEXT_ROUND
  const lateBeat = [
    [1, BEAT, ballotOf(2)],
    [50, BEAT, ballotOf(1)],
    [100, PREPARE, later],
  ] as const
  it('keeps a lease although a beat of an older leader comes late', () => {
    expect(promised(lateBeat)).not.toContain(later)
  })
  it('that forgets it then promises', () => {
    const grant = (self: Acceptor, event: KernelEvent): void => {
      self.leases.fill(0)
      self.grant(event)
    }
    expect(promised(lateBeat, { charts: { acceptor: { actions: { grant } } } })).toContain(later)
  })
})
