import { describe, expect, it } from 'vitest'
import { layoutOf } from '../../src/cluster/index.ts'
import {
  type DataStream,
  fromArray,
  JobError,
  type JobGraph,
  StreamExecutionEnvironment,
  transactionalLog,
} from '../../src/dataflow/index.ts'

const environment = () => new StreamExecutionEnvironment().enableCheckpointing(1000).setParallelism(2)
const numbers = (env: StreamExecutionEnvironment, name = 'numbers') => env.fromSource(fromArray([1, 2, 3, 4]), name)
const graphOf = (write: (stream: DataStream<number>, env: StreamExecutionEnvironment) => unknown): JobGraph => {
  const env = environment()
  write(numbers(env), env)
  return env.jobGraph()
}
const edgesOf = ({ edges }: JobGraph): string[] =>
  edges.map(({ name, partitioner, feedback }) => `${name}:${partitioner}${feedback === true ? ' back' : ''}`)
/** A loop that counts down, and what comes out of it. */
const countDown = (stream: DataStream<number>): void => {
  const loop = stream.iterate().uid('loop')
  const less = loop
    .keyBy((n) => n)
    .process<number>(() => ({ processElement: (n, _, out) => out.collect(n - 1) }))
    .uid('less')
  loop.closeWith(less.filter((n) => n > 0))
  less.filter((n) => n <= 0).sinkTo(transactionalLog('out'))
}

describe('iterate', () => {
  it('makes a head that reads the stream before it and, over feedback edges, what closes the loop', () => {
    const graph = graphOf(countDown)
    expect(edgesOf(graph)).toEqual([
      'numbers->loop:forward',
      'loop->less:key',
      'less->filter:forward',
      'less->filter-2:forward',
      'filter-2->out:forward',
      'filter->loop:forward back',
    ])
  })
  it('chains steps to the head, and takes its parallelism from what it reads', () => {
    const graph = graphOf((stream) => {
      const loop = stream.setParallelism(1).iterate()
      const next = loop.map((n) => n + 1).setParallelism(1)
      loop.closeWith(next.filter((n) => n < 10).setParallelism(1))
      next.sinkTo(transactionalLog('out'))
    })
    expect(graph.vertices.map(({ uid, parallelism, chain }) => `${uid}*${parallelism} ${chain.length}`)).toEqual([
      'numbers*1 0',
      'iteration*1 1',
      'filter*1 1',
      'out*2 0',
    ])
  })
  it('in the layout, what leads back comes last, and the channels of the loop are marked', () => {
    const { vertices, channels } = layoutOf(graphOf(countDown))
    const name = (vertex: number): string => `${vertices[vertex]!.uid}[${vertices[vertex]!.subtask}]`
    const head = vertices.find(({ uid, subtask }) => uid === 'loop' && subtask === 1)!
    const own = (ids: readonly number[]) =>
      ids.map((c) => [name(channels[c]!.from), name(channels[c]!.to), channels[c]!.feedback, channels[c]!.loop])
    expect(own(head.inputs)).toEqual([
      ['numbers[1]', 'loop[1]', undefined, undefined],
      ['filter[1]', 'loop[1]', true, true],
    ])
    expect(own(head.outputs)).toEqual([
      ['loop[1]', 'less[0]', undefined, true],
      ['loop[1]', 'less[1]', undefined, true],
    ])
  })
  it('keeps the partitioner of what closes the loop', () => {
    const graph = graphOf((stream) => {
      const loop = stream.iterate()
      const next = loop.map((n) => n + 1)
      loop.closeWith(next.rebalance())
      next.sinkTo(transactionalLog('out'))
    })
    expect(edgesOf(graph)).toContain('iteration->iteration:rebalance back')
  })
  it('may be closed twice', () => {
    const graph = graphOf((stream) => {
      const loop = stream.iterate()
      const next = loop.process<number>(() => ({ processElement: (n, _, out) => out.collect(n) }))
      loop.closeWith(next.filter((n) => n > 1))
      loop.closeWith(next.filter((n) => n < -1))
      next.sinkTo(transactionalLog('out'))
    })
    expect(edgesOf(graph).filter((edge) => edge.endsWith('back'))).toEqual([
      'filter->iteration:forward back',
      'filter-2->iteration:forward back',
    ])
  })

  const refused = (write: Parameters<typeof graphOf>[0]): string => {
    try {
      graphOf(write)
    } catch (error) {
      expect(error).toBeInstanceOf(JobError)
      return (error as JobError).message
    }
    throw new Error('was not refused')
  }
  it('refuses a loop that is never closed', () => {
    expect(refused((stream) => stream.iterate().sinkTo(transactionalLog('out')))).toContain('is never closed')
  })
  it('refuses to be closed with what does not come from it', () => {
    expect(refused((stream) => stream.iterate().closeWith(stream))).toContain('comes from the iteration itself')
    expect(refused((stream) => stream.iterate().closeWith(undefined as never))).toContain('takes a stream, but got')
  })
  it('refuses loops that lie within one another, or cross', () => {
    const nested = (stream: DataStream<number>): void => {
      const outer = stream.iterate()
      const inner = outer.iterate()
      inner.closeWith(inner.filter((n) => n > 1))
      outer.closeWith(inner.filter((n) => n > 2))
      inner.sinkTo(transactionalLog('out'))
    }
    expect(refused(nested)).toContain('have a circle in common')
    const crossing = (stream: DataStream<number>, env: StreamExecutionEnvironment): void => {
      const one = stream.iterate()
      const other = numbers(env, 'others').iterate()
      const both = one.union(other).map((n) => n)
      one.closeWith(both)
      other.closeWith(both)
      both.sinkTo(transactionalLog('out'))
    }
    expect(refused(crossing)).toContain('have a circle in common')
  })
  it('takes loops that follow one another', () => {
    const graph = graphOf((stream) => {
      const first = stream.iterate()
      first.closeWith(first.filter((n) => n > 1))
      const second = first.filter((n) => n <= 1).iterate()
      second.closeWith(second.filter((n) => n > 0))
      second.sinkTo(transactionalLog('out'))
    })
    expect(graph.edges.filter(({ feedback }) => feedback === true)).toHaveLength(2)
  })
})
