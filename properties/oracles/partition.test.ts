import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutOf } from '../../src/cluster/index.ts'
import { CheckpointingMode, fromArray, scenario, transactionalLog } from '../../src/dataflow/index.ts'
import { type Key, type KeyType, keyGroupOf, ownerOf } from '../../src/model/index.ts'
import { keyGroupByTheRules, Partition } from '../../src/oracles/partition.ts'

const maxParallelism = fc.constantFrom(1, 2, 7, 128, 1000, 32_768)
/** Keys of every type, with and without the type named. */
const typedKey: fc.Arbitrary<readonly [Key, KeyType | undefined]> = fc.oneof(
  fc.tuple(fc.string({ unit: 'binary' }), fc.constantFrom('string' as const, undefined)),
  fc.tuple(fc.integer(), fc.constantFrom('int' as const, 'long' as const, 'double' as const, undefined)),
  fc.tuple(fc.maxSafeInteger(), fc.constantFrom('long' as const, 'double' as const, undefined)),
  fc.tuple(fc.double({ noNaN: true }), fc.constantFrom('double' as const, undefined)),
  fc.tuple(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom('long' as const, undefined)),
  fc.tuple(fc.boolean(), fc.constantFrom('boolean' as const, undefined)),
)

describe("the oracles' own key groups", () => {
  it('are those of the partitioner, which was written apart, for every kind of key', () => {
    fc.assert(
      fc.property(typedKey, maxParallelism, ([key, type], groups) => {
        expect(keyGroupByTheRules(key, type, groups)).toBe(keyGroupOf(key, type, groups))
      }),
      { numRuns: 3000 },
    )
  })

  it.each<[Key, KeyType | undefined]>([
    [0, undefined],
    [-0, undefined],
    [-0, 'double'],
    [2 ** 31, undefined],
    [-(2 ** 31), 'int'],
    [2 ** 53 - 1, 'long'],
    [-(2 ** 53) + 1, 'long'],
    [0.1, undefined],
    [Number.NaN, 'double'],
    [Number.POSITIVE_INFINITY, undefined],
    ['', 'string'],
    ['\ud83d', 'string'],
    [-1n, undefined],
    [2n ** 63n - 1n, 'long'],
    [true, undefined],
  ])('are those of the partitioner for %s as %s', (key, type) => {
    expect(keyGroupByTheRules(key, type, 128)).toBe(keyGroupOf(key, type, 128))
  })
})

describe("the oracles' own channels", () => {
  const graphOf = (wide: number) =>
    scenario('edges', (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
      const keyed = env
        .fromSource(fromArray([1, 2, 3]), 'source')
        .keyBy((n) => n, 'long')
        .process(() => ({ processElement: (n: number, _context, out) => void out.collect(n) }))
        .uid('keyed')
        .setParallelism(wide)
      keyed.rebalance().sinkTo(transactionalLog('a')).uid('rebalanced').setParallelism(3)
      keyed.sinkTo(transactionalLog('b')).uid('forwarded').setParallelism(wide)
    }).graph()
  /** The subtask that a channel leads to. */
  const receiver = (layout: ReturnType<typeof layoutOf>, channel: number): number =>
    layout.vertices[layout.channels[channel]!.to]!.subtask

  it('of a keyed edge lead to the owner of the key group, also for keys that were seen before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 30 }),
        (wide, keys) => {
          const graph = graphOf(wide)
          const layout = layoutOf(graph)
          const edge = graph.edges.findIndex(({ partitioner }) => partitioner === 'key')
          const { maxParallelism: groups } = graph.settings
          const partition = new Partition(layout, graph.edges, groups)
          for (const key of [...keys, ...keys]) {
            const channel = partition.channelOf(0, edge, key, 0)
            expect(receiver(layout, channel)).toBe(ownerOf(keyGroupOf(key, 'long', groups), groups, wide))
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('of a rebalance edge go round, of a forward edge stay', () => {
    const graph = graphOf(4)
    const layout = layoutOf(graph)
    const partition = new Partition(layout, graph.edges, graph.settings.maxParallelism)
    const edgeOf = (partitioner: string): number => graph.edges.findIndex((edge) => edge.partitioner === partitioner)
    for (const vertex of layout.vertices.filter(({ uid }) => uid === 'keyed')) {
      const round = [0, 1, 2, 3, 4].map((nth) => partition.channelOf(vertex.id, edgeOf('rebalance'), 'any', nth))
      expect(round.map((channel) => receiver(layout, channel))).toEqual([0, 1, 2, 0, 1])
      expect(receiver(layout, partition.channelOf(vertex.id, edgeOf('forward'), 'any', 5))).toBe(vertex.subtask)
    }
  })
})
