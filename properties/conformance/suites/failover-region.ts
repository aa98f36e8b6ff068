import { pipelinedRegions, type ResultType, verticesToRestart } from '../../../src/cluster/failover-region.ts'
import { canonical } from '../replay-steps.ts'
import type { Suite } from '../suite.ts'

/** data/vectors/SCHEMA.md, section 10. */
interface FailoverCase {
  /** 1: running, 0: created. */
  readonly vertices: readonly number[]
  readonly parts: readonly (readonly [
    producer: number,
    consumers: readonly number[],
    type: number,
    available: number,
  ])[]
  readonly regions: readonly (readonly number[])[]
  readonly fail: readonly (readonly [vertex: number, part: number | null, restart: readonly number[]])[]
}
const TYPES: readonly ResultType[] = ['pipelined', 'blocking', 'pipelined-approximate', 'hybrid-full']

/** Flink: RestartPipelinedRegionFailoverStrategy. */
export const failoverRegion: Suite = {
  name: 'failover_region',
  replay(line) {
    const { vertices, parts, regions, fail } = line as FailoverCase
    const topology = {
      vertices: vertices.length,
      partitions: parts.map(([producer, consumers, type, available]) => ({
        producer,
        consumers,
        type: TYPES[type]!,
        available: available === 1,
      })),
    }
    const started = (vertex: number) => vertices[vertex] === 1
    const expected = { regions: [...regions].sort(([a], [b]) => a! - b!), fail }
    const got = {
      regions: pipelinedRegions(topology),
      fail: fail.map(([vertex, part]) => [vertex, part, verticesToRestart(topology, vertex, part, started)]),
    }
    return canonical(expected) === canonical(got)
      ? { agreed: true }
      : { agreed: false, disagreement: { event: { vertices, parts }, expected, got } }
  },
}
