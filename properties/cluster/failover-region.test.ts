import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import keyedState from '../../scenarios/keyed-state.ts'
import {
  type FailoverTopology,
  pipelinedRegions,
  type ResultType,
  verticesToRestart,
} from '../../src/cluster/failover-region.ts'
import { layoutOf } from '../../src/cluster/index.ts'
import { generatedSequence, type JobGraph, scenario, transactionalLog } from '../../src/dataflow/index.ts'

const TYPES: readonly ResultType[] = ['pipelined', 'blocking', 'pipelined-approximate', 'hybrid-full']
const topologies = fc.integer({ min: 1, max: 10 }).chain((vertices) => {
  const vertex = fc.nat(vertices - 1)
  const partition = fc.record({
    producer: vertex,
    consumers: fc.array(vertex, { maxLength: 3 }),
    type: fc.constantFrom(...TYPES),
    available: fc.boolean(),
  })
  return fc.record({ vertices: fc.constant(vertices), partitions: fc.array(partition, { maxLength: 12 }) })
})
const restarted = (topology: FailoverTopology, failed: number) => verticesToRestart(topology, failed, null, () => true)

/** The tasks of a job, which all hand over in a pipeline. */
function tasksOf(graph: JobGraph): FailoverTopology {
  const { vertices, channels } = layoutOf(graph)
  return {
    vertices: vertices.length,
    partitions: channels.map(({ from, to }) => ({
      producer: from,
      consumers: [to],
      type: 'pipelined',
      available: true,
    })),
  }
}

describe('failover regions', () => {
  it('are a partition of the vertices, and a pipeline never leaves one', () => {
    fc.assert(
      fc.property(topologies, (topology) => {
        const regions = pipelinedRegions(topology)
        expect(regions.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: topology.vertices }, (_, i) => i))
        for (const { producer, consumers, type } of topology.partitions) {
          if (type !== 'pipelined') continue
          const region = regions.find((one) => one.includes(producer))!
          for (const consumer of consumers) expect(region).toContain(consumer)
        }
      }),
    )
  })

  it('restart whole, with all that reads what they make anew', () => {
    fc.assert(
      fc.property(topologies, fc.nat(9), (topology, n) => {
        const failed = n % topology.vertices
        const restart = restarted(topology, failed)
        expect(restart).toContain(failed)
        for (const region of pipelinedRegions(topology))
          expect([0, region.length]).toContain(region.filter((vertex) => restart.includes(vertex)).length)
        for (const { producer, consumers } of topology.partitions)
          if (restart.includes(producer)) expect(restart).toEqual(expect.arrayContaining([...consumers]))
      }),
    )
  })

  it('leave nobody without input: what a restarted vertex reads is still there, or made again', () => {
    fc.assert(
      fc.property(topologies, fc.nat(9), (topology, n) => {
        const restart = restarted(topology, n % topology.vertices)
        for (const { producer, consumers, available, type } of topology.partitions)
          if (consumers.some((consumer) => restart.includes(consumer)) && !restart.includes(producer))
            expect([available, type]).toEqual([true, expect.not.stringMatching(/^pipelined$/)])
      }),
    )
  })

  it('leave out who has not been started', () => {
    const topology: FailoverTopology = {
      vertices: 3,
      partitions: [{ producer: 0, consumers: [1, 2], type: 'blocking', available: true }],
    }
    expect(verticesToRestart(topology, 0, null, (vertex) => vertex !== 2)).toEqual([0, 1])
  })

  it('are one for a job that deals records out by key, and one a line for a job of parallel lines', () => {
    expect(pipelinedRegions(tasksOf(keyedState.graph()))).toHaveLength(1)
    const lines = scenario('lines', (env) => {
      env.enableCheckpointing('1s').setParallelism(3)
      env
        .fromSource(generatedSequence({ count: 9, splits: 3 }), 'numbers')
        .sinkTo(transactionalLog('out'))
        .uid('sink')
    })
    expect(pipelinedRegions(tasksOf(lines.graph()))).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ])
  })

  it('are asked for a vertex that there is', () => {
    expect(() => restarted({ vertices: 2, partitions: [] }, 2)).toThrow('a vertex below 2 can fail, but not vertex 2')
  })
})
