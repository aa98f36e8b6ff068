import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { graphHash } from '../../src/check/graph-hash.ts'
import type { JobGraph } from '../../src/dataflow/index.ts'
import { graph, keyedState } from './subjects.ts'

describe('the hash of a job graph', () => {
  it('has eight digits and tells the scenarios apart', () => {
    // ha-failover is the job of keyed-state, among more job managers
    const hashes = scenarios.filter(({ name }) => name !== 'ha-failover').map((scenario) => graphHash(scenario.graph()))
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{8}$/)
    expect(new Set(hashes).size).toBe(scenarios.length - 1)
  })

  it('does not depend on the parallelism, which is a matter of the plan', () => {
    expect(graphHash(keyedState.graph({ count: 5, numbers: 1 }))).toBe(graphHash(graph))
  })

  it.each<[string, JobGraph]>([
    ['a uid', { ...graph, vertices: graph.vertices.map((v) => (v.uid === 'count' ? { ...v, uid: 'counts' } : v)) }],
    ['a kind', { ...graph, vertices: graph.vertices.map((v) => ({ ...v, kind: 'operator' as const })) }],
    ['a partitioner', { ...graph, edges: graph.edges.map((e) => ({ ...e, partitioner: 'rebalance' as const })) }],
    ['an edge less', { ...graph, edges: graph.edges.slice(1) }],
    ['a setting', { ...graph, settings: { ...graph.settings, checkpointIntervalMs: 500 } }],
    ['a setting that was open', { ...graph, settings: { ...graph.settings, retainedCheckpoints: 1 } }],
  ])('changes with %s', (_, changed) => {
    expect(graphHash(changed)).not.toBe(graphHash(graph))
  })
})
