import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  appendLog,
  type DataStream,
  fileSink,
  generatedSequence,
  type OwnSinkSpec,
  ownSink,
  type Ports,
  type Sink,
  type SinkSpec,
  StreamExecutionEnvironment,
  transactionalLog,
  upsertSink,
} from '../../src/dataflow/index.ts'

interface Animal {
  readonly name: string
}
interface Dog extends Animal {
  readonly barks: boolean
}
const sinkOf = <T>(): Sink<T> => ({ createWriter: () => ({ write: () => {} }) })
const animals = sinkOf<Animal>()
const dogs = sinkOf<Dog>()
const numbers = (): DataStream<number> =>
  new StreamExecutionEnvironment().fromSource(generatedSequence({ count: 10, splits: 1 }), 'numbers')

describe('ownSink', () => {
  it('makes a sink of the job graph that says what it promises and shows', () => {
    const spec = ownSink<number>('out', () => sinkOf<number>())
    expect(spec).toMatchObject({ kind: 'own', log: 'out', guarantee: 'exactly-once', shows: { kind: 'rows' } })
    expect(spec.shows.kind === 'rows' && spec.shows.of(7)).toEqual([7])
    expect(ownSink('out', () => dogs, { guarantee: 'at-least-once', rows: 'anything' })).toMatchObject({
      guarantee: 'at-least-once',
      shows: { kind: 'anything' },
    })
    const twice = ownSink<number>('out', () => sinkOf<number>(), { rows: (n) => [n, -n] })
    expect(twice.shows.kind === 'rows' && twice.shows.of(7)).toEqual([7, -7])
  })

  it.each([
    [
      'a name with a blank',
      () => ownSink('a b', () => dogs),
      "the name of a sink must be letters, digits and . _ -, but is 'a b'",
    ],
    [
      'a sink instead of a function',
      () => ownSink('a', dogs as unknown as () => Sink<Dog>),
      "ownSink takes a function from ports to a sink, but got an object: write ownSink('name', (ports) => new MySink(ports.log('name')))",
    ],
    [
      'a guarantee that nobody gives',
      () => ownSink('a', () => dogs, { guarantee: 'at-most-once' as 'at-least-once' }),
      "the guarantee of a sink must be 'exactly-once' or 'at-least-once', but is 'at-most-once'",
    ],
    [
      'rows that are no function',
      () => ownSink('a', () => dogs, { rows: 'all' as 'anything' }),
      "rows must be a function from a record to its rows, or 'anything', but is 'all'",
    ],
    [
      'an upsert without a key',
      () => upsertSink('a', { value: () => 1 } as unknown as { key: () => number; value: () => number }),
      'upsertSink takes functions key and value, but got undefined and a function',
    ],
    [
      'no rows per write',
      () => fileSink('a', { rowsPerWrite: 0 }),
      'rowsPerWrite of fileSink must be an integer of at least 1, but is 0',
    ],
    [
      'an encoding that is no function',
      () => fileSink('a', { encode: 'csv' as unknown as () => string }),
      "encode must be a function, but is 'csv'",
    ],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message)
  })
})

describe('sinkTo', () => {
  it('takes sinks that come with Cutline, those of ownSink, and those that need no ports', () => {
    const env = new StreamExecutionEnvironment()
    env.enableCheckpointing(1000)
    const stream = env.fromSource(generatedSequence({ count: 10, splits: 1 }), 'numbers')
    stream.sinkTo(appendLog('a'))
    stream.sinkTo(ownSink('b', () => sinkOf<number>()))
    stream.sinkTo(sinkOf<number>())
    stream.sinkTo(sinkOf<number>())
    stream.sinkTo(fileSink('c', { encode: (n) => `${n}` }))
    const sinks = env.jobGraph().vertices.flatMap(({ uid, sink }) => (sink === undefined ? [] : [[uid, sink.kind]]))
    expect(sinks).toEqual([
      ['a', 'append-log'],
      ['b', 'own'],
      ['sink', 'own'],
      ['sink-2', 'own'],
      ['c', 'own'],
    ])
    const store = { key: (n: number) => n, value: (n: number) => n }
    stream.sinkTo(upsertSink('keys', store))
    stream.sinkTo(upsertSink('keys', store))
    expect(() => env.jobGraph()).toThrow("two sinks write to the log 'keys': give each a log of its own")
  })

  it.each([
    ['nothing', undefined, 'undefined'],
    ['a text', 'out', "'out'"],
    ['an object', {}, 'an object'],
  ])('refuses %s', (_, sink, inWords) => {
    expect(() => numbers().sinkTo(sink as unknown as Sink<number>)).toThrow(
      `sinkTo takes a sink such as transactionalLog('name'), but got ${inWords}`,
    )
  })
})

describe('types', () => {
  it('flow from the stream into the sink', () => {
    const stream = numbers()
    stream.sinkTo(
      upsertSink('a', {
        key: (value) => {
          expectTypeOf(value).toEqualTypeOf<number>()
          return value
        },
        value: (value) => value,
      }),
    )
    stream.sinkTo(
      fileSink('b', {
        encode(value) {
          expectTypeOf(value).toEqualTypeOf<number>()
          return value
        },
      }),
    )
    expectTypeOf(ownSink('c', (_: Ports) => dogs)).toExtend<OwnSinkSpec<Dog>>()
  })

  it('let a sink of animals take dogs, and not the other way round', () => {
    expectTypeOf(animals).toExtend<Sink<Dog>>()
    expectTypeOf(dogs).not.toExtend<Sink<Animal>>()
    expectTypeOf(ownSink('a', () => animals)).toExtend<SinkSpec<Dog>>()
    expectTypeOf(ownSink('a', () => dogs)).not.toExtend<SinkSpec<Animal>>()
    expectTypeOf(transactionalLog('a')).toExtend<SinkSpec<Dog>>()
    const stream = numbers().map((n): Animal => ({ name: `${n}` }))
    stream.sinkTo(animals)
    // @ts-expect-error an animal may be no dog
    stream.sinkTo(dogs)
    // @ts-expect-error an animal may be no dog
    stream.sinkTo(ownSink('b', () => dogs))
  })

  it('let a committer take what its writer makes, whatever that is', () => {
    const sink: Sink<number, { file: string }, number> = {
      createWriter: ({ restored }) => {
        expectTypeOf(restored).toEqualTypeOf<readonly number[]>()
        return { write: () => {}, prepareCommit: () => [{ file: 'a' }], snapshotState: () => [1] }
      },
      createCommitter: () => ({ commit: (files) => files.filter(({ file }) => file === '') }),
    }
    expectTypeOf(sink).toExtend<Sink<number>>()
    expect(ownSink('a', () => sink).kind).toBe('own')
  })
})
