/** What a protocol promises for a job, and which of the scenario's own checks that carries. */
import type { Invariant, JobGraph, Scenario, TemporalInvariant } from '../dataflow/index.ts'
import { type Contract, gives, type Protocol, type SinkPromise } from '../model/index.ts'

export const contractOf = (protocol: Protocol, graph: JobGraph): Contract =>
  protocol.contract(
    sinksOf(graph),
    graph.edges.some(({ feedback }) => feedback === true),
  )

/** The sinks of a job, as a contract wants to know them. */
function sinksOf(graph: JobGraph): SinkPromise[] {
  return graph.vertices.flatMap(({ uid, sink }): SinkPromise[] => {
    if (sink === undefined) return []
    if (sink.kind !== 'own') return [{ uid, transactional: sink.kind === 'transactional-log' }]
    const permits = sink.shows.kind === 'upserts' ? ['orphan-key'] : ['orphan-file']
    return [{ uid, transactional: sink.guarantee === 'exactly-once', permits }]
  })
}

/** What is checked of a scenario's invariants under a protocol. */
export interface JudgedInvariants {
  readonly checked: readonly Invariant[]
  /** Those over time. */
  readonly temporal: readonly TemporalInvariant[]
  /** Those that need more than the protocol gives for state. */
  readonly skipped: readonly Pick<Invariant, 'name' | 'needs'>[]
}
export function judgedInvariants(scenario: Scenario, protocol: Protocol): JudgedInvariants {
  const { state, loops = state } = contractOf(protocol, scenario.graph())
  const checked: Invariant[] = []
  const lacks = ({ needs, outsideLoops }: Pick<Invariant, 'needs' | 'outsideLoops'>): boolean =>
    needs !== undefined && !(gives(state, needs) && (outsideLoops === true || gives(loops, needs)))
  const skipped: Pick<Invariant, 'name' | 'needs'>[] = scenario.temporal.filter(lacks)
  for (const declared of scenario.invariants) {
    let invariant: Invariant | undefined = declared
    while (invariant !== undefined && lacks(invariant)) {
      skipped.push(invariant)
      invariant = invariant.otherwise
    }
    if (invariant !== undefined) checked.push(invariant)
  }
  return { checked, temporal: scenario.temporal.filter((invariant) => !lacks(invariant)), skipped }
}
