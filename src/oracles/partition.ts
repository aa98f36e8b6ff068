/**
 * The oracles' own way to find the channel of a record: written from the rules (facts/checkpointing.md 2.5), not from the
 * partitioner that it judges.
 */
import type { EdgeSpec } from '../dataflow/index.ts'
import type { Key, KeyType, Layout } from '../model/index.ts'

function javaHashOf(key: Key, type: KeyType | undefined): number {
  const kind =
    type ??
    (typeof key === 'string'
      ? 'string'
      : typeof key === 'boolean'
        ? 'boolean'
        : typeof key === 'bigint'
          ? 'long'
          : 'number')
  if (kind === 'string') {
    let h = 0
    for (const unit of String(key).split('')) h = (31 * h + unit.charCodeAt(0)) % 4294967296
    return h | 0
  }
  if (kind === 'boolean') return key === true ? 1231 : 1237
  const n = Number(key)
  const negativeZero = Object.is(n, -0) && kind === 'number'
  if (kind === 'int' || (kind === 'number' && n === (n | 0) && !negativeZero)) return n | 0
  if (kind === 'long' || (kind === 'number' && Number.isSafeInteger(n) && !negativeZero)) {
    const bits = BigInt.asUintN(64, typeof key === 'bigint' ? key : BigInt(Math.trunc(n)))
    return Number(BigInt.asIntN(32, (bits >> 32n) ^ (bits & 0xffffffffn)))
  }
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, n)
  return Number.isNaN(n) ? 2146959360 : view.getInt32(0) ^ view.getInt32(4)
}
/** The key group of a key. */
export function keyGroupByTheRules(key: Key, type: KeyType | undefined, maxParallelism: number): number {
  const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by))
  let h = Math.imul(rotate(Math.imul(javaHashOf(key, type), -862048943), 15), 461845907)
  h = (Math.imul(rotate(h, 13), 5) - 430675100) | 0
  h ^= 4
  h = Math.imul(h ^ (h >>> 16), -2048144789)
  h = Math.imul(h ^ (h >>> 13), -1028477387)
  h ^= h >>> 16
  return (h === -2147483648 ? 0 : Math.abs(h)) % maxParallelism
}

/** Channels of one edge from one sender. */
interface Outlet {
  readonly spec: EdgeSpec
  readonly channels: readonly number[]
  readonly memo: Map<Key, number>
}
/** Finds channels; remembers keys, which are few. */
export class Partition {
  readonly #outlets: (Outlet | null)[][]
  readonly #maxParallelism: number
  constructor(layout: Layout, edges: readonly EdgeSpec[], maxParallelism: number) {
    this.#maxParallelism = maxParallelism
    this.#outlets = layout.vertices.map((vertex) =>
      edges.map((spec, edge) => {
        const channels = layout.channels.filter((c) => c.from === vertex.id && c.edge === edge)
        if (channels.length === 0) return null
        channels.sort((a, b) => layout.vertices[a.to]!.subtask - layout.vertices[b.to]!.subtask)
        return { spec, channels: channels.map((c) => c.id), memo: new Map<Key, number>() }
      }),
    )
  }
  /** @param nth how many records this attempt has sent on this edge before */
  channelOf(vertex: number, edge: number, value: unknown, nth: number): number {
    const outlet = this.#outlets[vertex]![edge]!
    const { channels, spec, memo } = outlet
    if (spec.partitioner === 'forward' || spec.partitioner === 'global') return channels[0]!
    // a broadcast record is sent once to each receiver, in turn
    if (spec.partitioner === 'rebalance' || spec.partitioner === 'broadcast') return channels[nth % channels.length]!
    const raw = (spec.keyOf as (value: unknown) => Key)(value)
    const key = raw === 0 ? 0 : raw // no -0: a Map has one key for both
    let channel = memo.get(key)
    if (channel === undefined) {
      const group = keyGroupByTheRules(key, spec.keyType, this.#maxParallelism)
      channel = channels[Math.trunc((group * channels.length) / this.#maxParallelism)]!
      if (memo.size < 65536) memo.set(key, channel)
    }
    return channel
  }
}
