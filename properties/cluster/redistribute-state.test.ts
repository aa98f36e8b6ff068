/** The cluster's assignment of state and the oracles' own give the same, and nothing is lost or doubled by either. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import everything from '../../scenarios/everything.ts'
import { layoutOf } from '../../src/cluster/layout.ts'
import { readParts, redistributeState } from '../../src/cluster/redistribute-state.ts'
import {
  type CompletedCheckpoint,
  digestOfContent,
  keyGroupOf,
  ownerOf,
  type SnapshotContent,
  type SnapshotFile,
  shapesOf,
  stateEntryHash,
  stateNameHash,
  timerHash,
} from '../../src/model/index.ts'
import { inheritedState } from '../../src/oracles/inherited-state.ts'
import type { World } from '../../src/oracles/world.ts'

const PARALLELISM = 5
const graph = everything.graph({ numbers: PARALLELISM, keeper: PARALLELISM, batches: PARALLELISM, values: PARALLELISM })
const layout = layoutOf(graph, true)
const shapes = shapesOf(layout)
const { maxParallelism } = graph.settings
const keeper = graph.vertices.findIndex(({ uid }) => uid === 'keeper')

interface Held {
  readonly keys: readonly number[]
  readonly lists: readonly (readonly number[])[]
}
const held: fc.Arbitrary<Held> = fc.record({
  keys: fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { maxLength: 40 }),
  lists: fc.array(fc.array(fc.nat(9), { maxLength: 7 }), { minLength: PARALLELISM, maxLength: PARALLELISM }),
})
/** What a subtask of the keeper holds: the keys that are its own, in two states and as timers, and two lists. */
function contentOf({ keys, lists }: Held, subtask: number, parallelism: number): SnapshotContent {
  const own = keys
    .map((key) => ({ key, keyGroup: keyGroupOf(key, 'long', maxParallelism) }))
    .filter(({ keyGroup }) => ownerOf(keyGroup, maxParallelism, parallelism) === subtask)
  const entry = ({ key, keyGroup }: { key: number; keyGroup: number }, name: string) => ({
    key,
    keyGroup,
    value: key * 2,
    hash: stateEntryHash(stateNameHash(name), key, key * 2, undefined),
    bytes: 1,
  })
  return {
    tables: new Map([
      ['count', { entries: new Map(own.map((at) => [at.key, entry(at, 'count')])), maps: new Map() }],
      [
        'rests',
        {
          entries: new Map(),
          maps: new Map(own.map((at) => [at.key, new Map([[1, { ...entry(at, 'rests'), mapKey: 1 }]])])),
        },
      ],
    ]),
    timers: own.map(({ key, keyGroup }) => ({
      domain: 'event' as const,
      key,
      keyGroup,
      timestampMs: key,
      namespace: '',
      hash: timerHash('event', key, key, ''),
    })),
    lists: new Map([
      ['a', lists[subtask]!],
      ['b', lists[(subtask + 1) % lists.length]!],
    ]),
    broadcasts: new Map([['rules', new Map([['r', 1]])]]),
  }
}
const EMPTY: SnapshotContent = { tables: new Map(), timers: [], lists: new Map(), broadcasts: new Map() }

describe('state at another parallelism', () => {
  const shape = fc.integer({ min: 0, max: shapes.length - 1 })
  it('is dealt out as the oracles say, each part once', () => {
    fc.assert(
      fc.property(held, shape, shape, (state, before, after) => {
        const from = shapes[before]!
        const to = shapes[after]!
        const files: SnapshotFile[] = []
        const numbers = layout.vertices.map(() => -1)
        // files are written in any order: the last subtask first
        for (const { id, spec, subtask, parallelism } of [...from.vertices].reverse()) {
          const content = spec === keeper ? contentOf(state, subtask, parallelism) : EMPTY
          const file = {
            id: files.length,
            vertex: id,
            checkpoint: 1,
            attempt: 1,
            content,
            bytes: 0,
            durable: true,
            deleted: false,
          }
          files.push(file)
          numbers[id] = file.id
        }
        const basis: CompletedCheckpoint = {
          id: 1,
          epoch: 1,
          execution: 1,
          triggeredAtUs: 0,
          files: numbers,
          enumerators: new Map(),
        }
        const fileOf = (id: number): SnapshotFile => files[id]!
        const parts = redistributeState(graph, basis, from, to, fileOf)
        const world: Pick<World, 'graph' | 'file'> = { graph, file: fileOf }
        const expected = inheritedState(world, basis, from, to)
        let keys = 0
        let items = 0
        for (const { id, spec } of to.vertices) {
          const read = readParts(parts.get(id)!, fileOf)
          expect(digestOfContent(read)).toEqual(digestOfContent(expected.get(id)!))
          if (spec !== keeper) continue
          keys += read.tables.get('count')?.entries.size ?? 0
          for (const list of read.lists.values()) items += list.length
          expect([...(read.lists.get('a') ?? [])]).toEqual([...(expected.get(id)!.lists.get('a') ?? [])])
        }
        const old = from.bySpec[keeper]!.length
        expect(keys).toBe(state.keys.length)
        let dealt = 0
        for (let i = 0; i < old; i += 1) dealt += state.lists[i]!.length + state.lists[(i + 1) % PARALLELISM]!.length
        expect(items).toBe(dealt)
      }),
      { numRuns: 200 },
    )
  })
})
