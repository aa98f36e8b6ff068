/** What is in flight is saved and comes back: bugs planted where that is done, and the oracle that speaks first. */
import { describe, expect, it } from 'vitest'
import broadcastRules from '../../scenarios/broadcast-rules.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import skewedJoin from '../../scenarios/skewed-join.ts'
import { type BugDefinition, Check } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'
import type { Scenario } from '../../src/dataflow/index.ts'
import type { ChannelState, InFlightElement, Mutation, Protocol } from '../../src/model/index.ts'
import { alignedTimeout, type ChannelStatePersister, type UnalignedTask, unaligned } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

const RUNS = 300
const indices = Array.from({ length: RUNS }, (_, i) => i)

/** The first finding of a check, and in which run it was. */
function firstFinding(of: Scenario, protocol: Protocol, mutation: Mutation) {
  const bug: BugDefinition = {
    id: 'planted',
    title: '',
    mechanism: '',
    scenario: of.name,
    protocol: protocol.name,
    mutation,
    oracles: [],
    verdict: 'safety',
  }
  return new Check({ scenario: of, protocol, bug, seed: 'in flight' }).batch(indices).failure
}
const parts = (own: Partial<ClusterParts>): Mutation => ({ parts: own })
const persister = (own: Overrides<ChannelStatePersister>): Mutation => ({ charts: { 'channel-state-persister': own } })
const task = (own: Overrides<UnalignedTask>): Mutation => ({ charts: { 'unaligned-task': own } })
const nothing = (): void => {}
const map = (
  { inputs, outputs }: ChannelState,
  change: (elements: readonly InFlightElement[]) => readonly InFlightElement[],
): ChannelState => {
  const changed = (side: ChannelState['inputs']) => new Map([...side].map(([channel, of]) => [channel, change(of)]))
  return { inputs: changed(inputs), outputs: changed(outputs) }
}

const planted: readonly (readonly [
  what: string,
  finding: RegExp,
  of: Scenario,
  protocol: Protocol,
  mutation: Mutation,
])[] = [
  [
    'what lies in the inputs is not written',
    /^in-flight\/lost-in-flight/,
    keyedState,
    unaligned,
    persister({ actions: { persistQueued: nothing } }),
  ],
  [
    'what arrives before the barrier is not written',
    /^in-flight\/lost-in-flight/,
    keyedState,
    unaligned,
    persister({ actions: { persistArrived: nothing } }),
  ],
  [
    'what the barrier overtakes in the outputs is not written',
    /^in-flight\/lost-in-flight/,
    keyedState,
    unaligned,
    parts({ writesOvertaken: () => false }),
  ],
  [
    'what arrives behind the barrier is written as well',
    /^in-flight\/repeated-in-flight/,
    keyedState,
    unaligned,
    persister({ guards: { notOlder: () => false } }),
  ],
  [
    'a timeout in the middle of an alignment forgets what lies in the inputs',
    /^in-flight\/lost-in-flight/,
    keyedState,
    alignedTimeout,
    persister({ actions: { persistQueued: nothing } }),
  ],
  [
    'nothing that was in flight comes back',
    /^state\/restored-differs-from-sync:channel/,
    keyedState,
    unaligned,
    parts({ restoredChannels: () => ({ inputs: new Map(), outputs: new Map() }) }),
  ],
  [
    'what was in flight comes back in another order',
    /^in-flight\/recovered-other|^state\/restored-differs-from-sync:channel/,
    keyedState,
    unaligned,
    parts({ restoredChannels: (channels) => map(channels, (elements) => [...elements].reverse()) }),
  ],
  [
    'what was in flight comes back twice',
    /^in-flight\/recovered/,
    keyedState,
    unaligned,
    parts({ restoredChannels: (channels) => map(channels, (elements) => elements.flatMap((one) => [one, one])) }),
  ],
  [
    'what was in flight comes back with other timestamps',
    /^in-flight\/recovered-other/,
    skewedJoin,
    unaligned,
    parts({
      restoredChannels: (channels) =>
        map(channels, (elements) => elements.map((one) => ({ ...one, timestampMs: one.timestampMs + 1 }))),
    }),
  ],
  [
    'senders are not resumed at the end of a checkpoint',
    /^progress\//,
    keyedState,
    alignedTimeout,
    task({ actions: { releaseAll: nothing } }),
  ],
  [
    'barriers overtake broadcast records',
    /^state\/broadcast-differs/,
    broadcastRules,
    unaligned,
    parts({ alignsAlways: () => false }),
  ],
]

describe('a planted bug', () => {
  it.each(planted)('%s', (_, fingerprint, of, protocol, mutation) => {
    expect(firstFinding(of, protocol, mutation)?.finding.fingerprint).toMatch(fingerprint)
  })
})
