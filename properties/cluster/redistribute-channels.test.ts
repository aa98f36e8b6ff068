/** What is in flight at another parallelism: the cluster's rule and the oracles' own give the same, every record once. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import keyedState from '../../scenarios/keyed-state.ts'
import { layoutOf } from '../../src/cluster/layout.ts'
import { readChannels, redistributeChannels } from '../../src/cluster/redistribute-channels.ts'
import {
  type CompletedCheckpoint,
  type InFlightElement,
  type Key,
  keyGroupOf,
  type SnapshotContent,
  type SnapshotFile,
  shapesOf,
} from '../../src/model/index.ts'
import { inheritedInFlight } from '../../src/oracles/inherited-in-flight.ts'
import { Partition } from '../../src/oracles/partition.ts'

const PARALLELISM = 4
const graph = keyedState.graph(Object.fromEntries(keyedState.graph().vertices.map(({ uid }) => [uid, PARALLELISM])))
const layout = layoutOf(graph, true)
const shapes = shapesOf(layout)
const partition = new Partition(layout, graph.edges, graph.settings.maxParallelism)
const shape = fc.integer({ min: 0, max: shapes.length - 1 })
const NOWHERE: SnapshotContent = { tables: new Map(), timers: [], lists: new Map(), broadcasts: new Map() }
const values = keyedState
  .graph()
  .vertices.flatMap(({ source }) => source?.splits(200, () => 0) ?? [])
  .flatMap((split) => Array.from({ length: split.length }, (_, position) => split.read(position)))

/** Records that were sent on the edges of a shape, each tagged by its timestamp; some at the sender's end, some at the receiver's. */
type Sent = readonly { readonly value: number; readonly sender: number; readonly atSender: boolean }[]
const sent: fc.Arbitrary<Sent> = fc.array(
  fc.record({
    value: fc.nat(values.length - 1),
    sender: fc.nat(PARALLELISM - 1),
    atSender: fc.boolean(),
  }),
  { maxLength: 40 },
)

describe('records in flight at another parallelism', () => {
  it('come back once, at their end of the channel on which they would be sent now, in the order of each sender', () => {
    const keyed = graph.edges.findIndex(({ partitioner }) => partitioner === 'key')
    expect(keyed).toBeGreaterThanOrEqual(0)
    fc.assert(
      fc.property(sent, shape, shape, (records, before, after) => {
        const from = shapes[before]!
        const to = shapes[after]!
        const sides = from.vertices.map(() => ({
          inputs: new Map<number, InFlightElement[]>(),
          outputs: new Map<number, InFlightElement[]>(),
        }))
        const first = from.vertices[0]!.id
        let count = 0
        records.forEach(({ value: index, sender, atSender }, i) => {
          const edge = graph.edges[keyed]!
          const senders = from.bySpec[edge.from]!
          const vertex = senders[sender % senders.length]!
          const value = values[index]
          const key = (edge.keyOf as (value: unknown) => Key)(value)
          const channel = layout.channels[partition.channelOf(vertex, keyed, value, 0)]!
          const side = atSender ? 'outputs' : 'inputs'
          const at = sides[(atSender ? channel.from : channel.to) - first]![side]
          const keyGroup = keyGroupOf(key, edge.keyType, graph.settings.maxParallelism)
          const elements = at.get(channel.id) ?? []
          elements.push({ kind: 'record', value, timestampMs: i, key, keyGroup })
          at.set(channel.id, elements)
          count += 1
        })
        const files = from.vertices.map(
          ({ id }, i): SnapshotFile => ({
            id: i,
            vertex: id,
            checkpoint: 1,
            attempt: 1,
            content: { ...NOWHERE, channels: sides[i]! },
            bytes: 0,
            durable: true,
            deleted: false,
          }),
        )
        const basis: CompletedCheckpoint = {
          id: 1,
          epoch: 1,
          execution: 1,
          triggeredAtUs: 0,
          files: layout.vertices.map(({ id }) => files.findIndex(({ vertex }) => vertex === id)),
          enumerators: new Map(),
        }
        const fileOf = (id: number): SnapshotFile => files[id]!
        const parts = redistributeChannels(graph, basis, from, to, fileOf)
        const expected = inheritedInFlight({ graph, file: fileOf }, basis, from, to)
        let back = 0
        for (const { id } of to.vertices) {
          const read = readChannels(parts.get(id)!, fileOf)
          for (const side of ['inputs', 'outputs'] as const)
            for (const [channel, elements] of read?.[side] ?? []) {
              back += elements.length
              expect(elements).toEqual(expected.get(channel)![side])
              const { from: sender, to: receiver } = layout.channels[channel]!
              expect(side === 'inputs' ? receiver : sender).toBe(id)
              for (const { value } of elements) expect(partition.channelOf(sender, keyed, value, 0)).toBe(channel)
            }
        }
        expect(back).toBe(count)
      }),
      { numRuns: 200 },
    )
  })
})
