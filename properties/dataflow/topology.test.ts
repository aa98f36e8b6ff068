import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  appendLog,
  type Collector,
  type DataStream,
  fromArray,
  JobError,
  type JobGraph,
  type KeyedStream,
  type ProcessContext,
  type ProcessFunction,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  transactionalLog,
  WatermarkStrategy,
} from '../../src/dataflow/index.ts'
import { LocalJob } from './local-job.ts'

class Echo<T> implements ProcessFunction<T, T> {
  processElement(value: T, _: ProcessContext, out: Collector<T>): void {
    out.collect(value)
  }
}

const environment = () => new StreamExecutionEnvironment().enableCheckpointing(1000).setParallelism(2)
const numbers = (env: StreamExecutionEnvironment) => env.fromSource(fromArray([1, 2, 3, 4]), 'numbers')
const graphOf = (write: (stream: DataStream<number>) => unknown, parallelism?: Record<string, number>): JobGraph => {
  const env = environment()
  write(numbers(env))
  return env.jobGraph(parallelism)
}
/** 'uid*parallelism[chain]' and 'edge:partitioner'. */
const shape = ({ vertices, edges }: JobGraph): string[] => [
  ...vertices.map(({ uid, parallelism, chain }) => `${uid}*${parallelism}[${chain.map((step) => step.uid).join(' ')}]`),
  ...edges.map(({ name, partitioner }) => `${name}:${partitioner}`),
]

describe('chaining', () => {
  it('stateless steps join what stands before them; process, window and sink begin a vertex', () => {
    const graph = graphOf((stream) =>
      stream
        .map((n) => n + 1)
        .filter((n) => n > 2)
        .keyBy((n) => n % 2)
        .process(() => new Echo<number>())
        .uid('echo')
        .flatMap((n) => [n, n])
        .process(() => new Echo<number>())
        .map(String)
        .sinkTo(transactionalLog('out')),
    )
    expect(shape(graph)).toEqual([
      'numbers*2[map filter]',
      'echo*2[flatMap]',
      'process*2[map-2]',
      'out*2[]',
      'numbers->echo:key',
      'echo->process:forward',
      'process->out:forward',
    ])
    expect(graph.vertices.map(({ kind }) => kind)).toEqual(['source', 'operator', 'operator', 'sink'])
  })

  it('not over a partitioner, another parallelism or a stream that is read twice', () => {
    expect(shape(graphOf((s) => s.rebalance().map(String).uid('text').sinkTo(appendLog('out'))))).toEqual([
      'numbers*2[]',
      'text*2[text]',
      'out*2[]',
      'numbers->text:rebalance',
      'text->out:forward',
    ])
    expect(shape(graphOf((s) => s.map(String).setParallelism(3).sinkTo(appendLog('out'))))).toEqual([
      'numbers*2[]',
      'map*3[map]',
      'out*2[]',
      'numbers->map:rebalance',
      'map->out:rebalance',
    ])
    const twice = graphOf((s) => {
      s.map(String).sinkTo(appendLog('texts'))
      s.filter((n) => n > 1)
        .sinkTo(appendLog('large'))
        .uid('large sink')
        .setParallelism(1)
    })
    expect(shape(twice)).toEqual([
      'numbers*2[]',
      'map*2[map]',
      'texts*2[]',
      'filter*2[filter]',
      'large sink*1[]',
      'numbers->map:forward',
      'map->texts:forward',
      'numbers->filter:forward',
      'filter->large sink:rebalance',
    ])
  })

  it('over an explicit forward it does', () => {
    expect(shape(graphOf((s) => s.forward().map(String).sinkTo(appendLog('out'))))[0]).toBe('numbers*2[map]')
  })

  it('does the same whether chained or not', () => {
    const write = (between: (stream: DataStream<number>) => DataStream<number>) =>
      LocalJob.run(
        graphOf((stream) =>
          between(stream.map((n) => n * 10).flatMap((n) => [n, n + 1]))
            .filter((n) => n % 20 !== 0)
            .sinkTo(appendLog('out')),
        ),
      ).committed()
    expect(write((stream) => stream)).toEqual({ out: [10, 11, 21, 30, 31, 41] })
    expect(write((stream) => stream.rebalance())).toEqual({ out: [10, 11, 21, 30, 31, 41] })
  })
})

describe('the parallelism of a plan', () => {
  it('changes vertices and partitioners, but neither names nor chains', () => {
    const write = (s: DataStream<number>) =>
      s
        .map((n) => n)
        .keyBy((n) => n)
        .process(() => new Echo<number>())
        .sinkTo(appendLog('out'))
    const plain = graphOf(write)
    const replaced = graphOf(write, { numbers: 3, process: 1 })
    expect(shape(replaced)).toEqual([
      'numbers*3[map]',
      'process*1[]',
      'out*2[]',
      'numbers->process:key',
      'process->out:rebalance',
    ])
    expect(replaced.vertices.map(({ uid }) => uid)).toEqual(plain.vertices.map(({ uid }) => uid))
  })

  it('must name vertices of the job', () => {
    const write = (s: DataStream<number>) => s.map((n) => n).sinkTo(appendLog('out'))
    expect(() => graphOf(write, { numbrs: 1 })).toThrow(
      "the job has no operator 'numbrs': its operators are numbers, out",
    )
    expect(() => graphOf(write, { map: 1 })).toThrow(
      "'map' is chained to 'numbers' and has no parallelism of its own: set that of 'numbers'",
    )
    expect(() => graphOf(write, { out: 0 })).toThrow(
      "the parallelism of 'out' must be an integer of at least 1, but is 0",
    )
  })

  it('must be equal at both ends of a forward', () => {
    const write = (s: DataStream<number>) => s.forward().sinkTo(appendLog('out'))
    expect(graphOf(write, { numbers: 3, out: 3 }).edges[0]!.partitioner).toBe('forward')
    expect(() => graphOf(write, { out: 1 })).toThrow(
      "forward from 'numbers' to 'out' needs equal parallelism, but it is 2 and 1: make them equal or use rebalance()",
    )
  })
})

describe('the graph', () => {
  it('is in topological order and carries keys, sources, watermarks and sinks', () => {
    const env = environment()
    const assign = WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner((n: number) => n)
    const keyOf = (n: number) => `${n}`
    const source = fromArray([1])
    env
      .fromSource(source, 'numbers', assign)
      .keyBy(keyOf, 'string')
      .window(TumblingEventTimeWindows.of('1s'))
      .reduce((a, b) => a + b)
      .name('sums')
      .sinkTo(transactionalLog('out'))
    const { vertices, edges } = env.jobGraph()
    expect(edges.every(({ from, to }) => from < to)).toBe(true)
    expect(vertices[0]).toMatchObject({ source, watermarks: assign })
    expect(vertices[2]).toMatchObject({ uid: 'out', sink: { kind: 'transactional-log', log: 'out' } })
    expect(edges[0]).toEqual({
      name: 'numbers->sums',
      from: 0,
      to: 1,
      input: 0,
      partitioner: 'key',
      keyOf,
      keyType: 'string',
    })
  })

  it('is the same each time, with a fresh function for every call of the factory', () => {
    const env = environment()
    numbers(env)
      .keyBy((n) => n)
      .process(() => new Echo<number>())
      .sinkTo(appendLog('out'))
    expect(shape(env.jobGraph())).toEqual(shape(env.jobGraph()))
    const { operator } = env.jobGraph().vertices[1]!
    expect(operator!()).not.toBe(operator!())
  })

  it('calls a factory only the first time to see what it makes', () => {
    const env = environment()
    let calls = 0
    numbers(env)
      .process(() => {
        calls += 1
        return new Echo<number>()
      })
      .sinkTo(appendLog('out'))
    env.jobGraph()
    const after = calls
    env.jobGraph()
    expect(calls).toBe(after)
  })
})

describe('types', () => {
  it('flow from source to sink, keys included', () => {
    const env = environment()
    const keyed = numbers(env)
      .map((n) => ({ n, text: `${n}` }))
      .keyBy(({ text }) => text, 'string')
    expectTypeOf(keyed).toEqualTypeOf<KeyedStream<{ n: number; text: string }, string>>()
    const counted = keyed.process<[string, number]>(() => ({
      processElement(value, context, out) {
        expectTypeOf(value.n).toEqualTypeOf<number>()
        expectTypeOf(context.getCurrentKey()).toEqualTypeOf<string>()
        out.collect([context.getCurrentKey(), value.n])
      },
    }))
    expectTypeOf(counted).toEqualTypeOf<DataStream<[string, number]>>()
    expectTypeOf(keyed.process(() => new Echo<{ n: number; text: string }>())).toEqualTypeOf<
      DataStream<{ n: number; text: string }>
    >()
    const isText = (value: number | string): value is string => typeof value === 'string'
    expectTypeOf(
      numbers(env)
        .map((n): number | string => n)
        .filter(isText),
    ).toEqualTypeOf<DataStream<string>>()
    expectTypeOf(
      env.fromSource(
        fromArray([{ at: 1 }]),
        'x',
        WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(({ at }) => at),
      ),
    ).toEqualTypeOf<DataStream<{ at: number }>>()
    // @ts-expect-error: a string key has no Java int
    numbers(env).keyBy((n) => `${n}`, 'int')
    // @ts-expect-error: only strings, numbers, bigints and booleans are keys
    numbers(env).keyBy((n) => [n])
  })
})

describe('a job that cannot be run is refused in one sentence', () => {
  const echo = () => new Echo<number>()
  const shared = new Echo<number>()
  it.each<[string, (stream: DataStream<number>) => unknown, string]>([
    [
      'two uids alike',
      (s) => s.process(echo).uid('a').process(echo).uid('a').sinkTo(appendLog('out')),
      "two operators have the uid 'a': give each one of its own",
    ],
    [
      'a uid like the source',
      (s) =>
        s
          .map((n) => n)
          .uid('numbers')
          .sinkTo(appendLog('out')),
      "two operators have the uid 'numbers'",
    ],
    [
      'parallelism 0',
      (s) => s.process(echo).uid('a').setParallelism(0),
      "the parallelism of 'a' must be an integer of at least 1, but is 0",
    ],
    [
      'parallelism 1.5',
      (s) => s.sinkTo(appendLog('out')).setParallelism(1.5),
      "the parallelism of 'out' must be an integer of at least 1, but is 1.5",
    ],
    [
      'keyBy without process',
      (s) => s.keyBy((n) => n),
      "keyBy after 'numbers' leads nowhere: let process or window follow, or take it out",
    ],
    [
      'window without function',
      (s) => s.keyBy((n) => n).window(TumblingEventTimeWindows.of(10)),
      "window after 'numbers' leads nowhere: let reduce, aggregate or process follow, or take it out",
    ],
    [
      'rebalance without reader',
      (s) => s.rebalance(),
      "rebalance after 'numbers' leads nowhere: let an operator or a sink follow, or take it out",
    ],
    ['missing sink', (s) => s.map((n) => n), "the stream of 'map' has no sink: end it with sinkTo(...)"],
    [
      'two sinks on a log',
      (s) => [s.sinkTo(appendLog('a')), s.sinkTo(transactionalLog('a'))],
      "two sinks write to the log 'a': give each a log of its own",
    ],
    [
      'a promise from a factory',
      (s) =>
        s
          .process((async () => shared) as never)
          .uid('p')
          .sinkTo(appendLog('a')),
      "the factory of 'p' returned a promise: user code is synchronous",
    ],
    [
      'a factory that throws',
      (s) =>
        s
          .process(() => {
            throw new Error('no luck')
          })
          .sinkTo(appendLog('a')),
      "the factory of 'process' threw: no luck",
    ],
    [
      'no process function',
      (s) => s.process((() => ({})) as never).sinkTo(appendLog('a')),
      "the factory of 'process' must return an object with a method processElement, but returned an object",
    ],
    [
      'one instance for all',
      (s) => s.process(() => shared).sinkTo(appendLog('a')),
      "the factory of 'process' returns the same object twice: every attempt needs a fresh one",
    ],
    [
      'an instance, no factory',
      (s) => s.process(shared as never),
      'process takes a factory, written process(() => new …()), but got an object',
    ],
    [
      'no window function',
      (s) =>
        s
          .keyBy((n) => n)
          .window(TumblingEventTimeWindows.of(10))
          .process((() => null) as never)
          .sinkTo(appendLog('a')),
      "the factory of 'window' must return an object with a method process, but returned null",
    ],
    [
      'no aggregate',
      (s) =>
        s
          .keyBy((n) => n)
          .window(TumblingEventTimeWindows.of(10))
          .aggregate((() => 1) as never),
      'aggregate takes an AggregateFunction (createAccumulator, add, getResult), but got a function',
    ],
    [
      'no reduce',
      (s) =>
        s
          .keyBy((n) => n)
          .window(TumblingEventTimeWindows.of(10))
          .reduce(1 as never),
      'reduce takes a function of two values, but got 1',
    ],
    [
      'no window',
      (s) => s.keyBy((n) => n).window('1s' as never),
      "window takes a window assigner such as TumblingEventTimeWindows.of(size), but got '1s'",
    ],
    ['map without function', (s) => s.map(undefined as never), 'map takes a function of one value, but got undefined'],
    ['keyBy without function', (s) => s.keyBy('id' as never), "keyBy takes a function from value to key, but got 'id'"],
    [
      'sinkTo without sink',
      (s) => s.sinkTo('out' as never),
      "sinkTo takes a sink such as transactionalLog('name'), but got 'out'",
    ],
    [
      'two partitioners',
      (s) => s.rebalance().keyBy((n) => n),
      'keyBy right after rebalance() would undo it: take one of them out',
    ],
    [
      'a uid for a partitioner',
      (s) => s.rebalance().uid('a'),
      'uid after rebalance() is about no operator: call it right behind the operator',
    ],
    [
      'a uid with an arrow',
      (s) => s.map((n) => n).uid('a->b'),
      "a uid must be letters, digits, spaces and _ . : / -, but is 'a->b'",
    ],
    ['a log with a blank', () => appendLog('a b'), "the name of a log must be letters, digits and . _ -, but is 'a b'"],
  ])('%s', (_, write, message) => {
    expect(() => graphOf(write)).toThrow(JobError)
    expect(() => graphOf(write)).toThrow(message)
  })

  it('a job without a source', () => {
    expect(() => environment().jobGraph()).toThrow('the job has no source: begin with env.fromSource(...)')
  })
})

describe('a step that does not return what it must is refused when it runs', () => {
  it.each<[string, (stream: DataStream<number>) => DataStream<unknown>, string]>([
    [
      'map',
      (s) => s.map(async (n) => n),
      "the function of map 'map' must return a value, but returned a promise; user code is synchronous",
    ],
    [
      'flatMap',
      (s) => s.flatMap((() => 3) as never),
      "the function of flatMap 'flatMap' must return an iterable, but returned 3",
    ],
    [
      'flatMap of nothing',
      (s) => s.flatMap((() => undefined) as never),
      'must return an iterable, but returned undefined',
    ],
    [
      'filter',
      (s) => s.filter((async () => false) as never),
      "the function of filter 'filter' must return true or false, but returned a promise",
    ],
  ])('%s', (_, write, message) => {
    expect(() => LocalJob.run(graphOf((stream) => write(stream).sinkTo(appendLog('out'))))).toThrow(message)
  })
})
