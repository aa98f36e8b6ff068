/**
 * The definition of the digests of state: sums over what is held, so that a write changes them in constant time and the order of
 * writes does not matter. The state store keeps them as it writes; oracles compute them anew from contents.
 */
import { hashText, hashValue, mix2 } from '../kernel/index.ts'
import type { Key } from './key-group.ts'
import type { ChannelState, InFlightElement, SnapshotContent, StateDigest } from './state.ts'

const EVENT_TIMER = 0x7e5
const PROCESSING_TIMER = 0x9a1
const INPUT_SIDE = 0x1f1
const OUTPUT_SIDE = 0x0f7
const RECORD_IN_FLIGHT = 0x4ec
const WATERMARK_IN_FLIGHT = 0x3a7

const nameHashes = new Map<string, number>()
/** Hash of a state's name. */
export function stateNameHash(name: string): number {
  let hash = nameHashes.get(name)
  if (hash === undefined) {
    hash = hashText(name)
    nameHashes.set(name, hash)
  }
  return hash
}
/** Hash of one keyed value. */
export function stateEntryHash(nameHash: number, key: Key, value: unknown, mapKey: Key | undefined): number {
  const hash = mix2(mix2(nameHash, hashValue(key)), hashValue(value))
  return mix2(hash, mapKey === undefined ? 0 : hashValue(mapKey))
}
export function timerHash(domain: 'event' | 'processing', key: Key, timestampMs: number, namespace: string): number {
  const hash = mix2(mix2(domain === 'event' ? EVENT_TIMER : PROCESSING_TIMER, hashValue(key)), hashValue(timestampMs))
  return namespace === '' ? hash : mix2(hash, hashText(namespace))
}
export const listItemHash = (nameHash: number, item: unknown): number => mix2(nameHash, hashValue(item))

/** Digests computed from the contents alone, trusting no hash that a writer has left. */
export function digestOfContent(content: SnapshotContent): StateDigest {
  const digest: StateDigest = { keyed: 0, timers: 0, lists: 0, bytes: 0 }
  // forEach: iterators would allocate a pair for each entry, and this runs for every snapshot
  content.tables.forEach((table, name) => {
    const nameHash = stateNameHash(name)
    table.entries.forEach((entry, key) => {
      digest.keyed = (digest.keyed + stateEntryHash(nameHash, key, entry.value, undefined)) | 0
    })
    table.maps.forEach((map, key) => {
      map.forEach((entry, mapKey) => {
        digest.keyed = (digest.keyed + stateEntryHash(nameHash, key, entry.value, mapKey)) | 0
      })
    })
  })
  for (const timer of content.timers)
    digest.timers = (digest.timers + timerHash(timer.domain, timer.key, timer.timestampMs, timer.namespace)) | 0
  digest.lists = (digestOfLists(content.lists) + digestOfBroadcasts(content.broadcasts)) | 0
  if (content.channels !== undefined) digest.channels = digestOfChannels(content.channels)
  return digest
}
export function digestOfLists(lists: ReadonlyMap<string, readonly unknown[]>): number {
  let sum = 0
  lists.forEach((items, name) => {
    const nameHash = stateNameHash(name)
    for (let i = 0; i < items.length; i += 1) sum = (sum + listItemHash(nameHash, items[i])) | 0
  })
  return sum
}
/** Digest of broadcast state: part of the lists' digest. */
export function digestOfBroadcasts(broadcasts: SnapshotContent['broadcasts']): number {
  let sum = 0
  broadcasts.forEach((entries, name) => {
    const nameHash = stateNameHash(name)
    entries.forEach((value, key) => {
      sum = (sum + mix2(mix2(nameHash, hashValue(key)), hashValue(value))) | 0
    })
  })
  return sum
}
/** Digest of what is in flight: a sum over the channels, in which the order of a channel's elements counts. */
export function digestOfChannels({ inputs, outputs }: ChannelState): number {
  return (digestOfSide(inputs, INPUT_SIDE) + digestOfSide(outputs, OUTPUT_SIDE)) | 0
}
function digestOfSide(channels: ChannelState['inputs'], side: number): number {
  let sum = 0
  channels.forEach((elements, channel) => {
    let hash = mix2(side, channel)
    for (const element of elements) hash = mix2(hash, inFlightHash(element))
    if (elements.length > 0) sum = (sum + hash) | 0
  })
  return sum
}
const inFlightHash = ({ kind, value, timestampMs }: InFlightElement): number =>
  mix2(mix2(kind === 'record' ? RECORD_IN_FLIGHT : WATERMARK_IN_FLIGHT, hashValue(value)), hashValue(timestampMs))
