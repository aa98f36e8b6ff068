/** The event queue: push and pop at a steady size, against an array kept sorted and the obvious heap of objects. */
import { EventQueue } from '../src/kernel/index.ts'

const SIZE = 128
const OPERATIONS = 2_000_000

/** The heap that one writes first: objects, compared by time and sequence. */
class ObjectHeap {
  readonly #items: { time: number; sequence: number; to: number }[] = []
  #sequence = 0
  push(time: number, to: number): void {
    const item = { time, sequence: this.#sequence, to }
    this.#sequence += 1
    const items = this.#items
    let i = items.length
    items.push(item)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const above = items[parent]!
      if (above.time < time || (above.time === time && above.sequence < item.sequence)) break
      items[i] = above
      i = parent
    }
    items[i] = item
  }
  pop(): { time: number; to: number } {
    const items = this.#items
    const first = items[0]!
    const last = items.pop()!
    const n = items.length
    if (n === 0) return first
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= n) break
      const right = items[child + 1]
      if (
        right !== undefined &&
        (right.time < items[child]!.time ||
          (right.time === items[child]!.time && right.sequence < items[child]!.sequence))
      )
        child += 1
      const below = items[child]!
      if (last.time < below.time || (last.time === below.time && last.sequence < below.sequence)) break
      items[i] = below
      i = child
    }
    items[i] = last
    return first
  }
}
/** Increments between an event and the one it causes, the same for all. */
const delays = Int32Array.from({ length: 4096 }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 8) % 10_000)

function typed(): number {
  const queue = new EventQueue()
  for (let i = 0; i < SIZE; i += 1) queue.push(delays[i]!, 0, i, 0, 0, 0, 0, 0)
  const startedAt = performance.now()
  for (let i = 0; i < OPERATIONS; i += 1) {
    const time = queue.nextTime()
    const slot = queue.pop()
    queue.push(time + delays[i & 4095]!, 0, queue.to[slot]!, 0, 0, 0, 0, 0)
  }
  return ((performance.now() - startedAt) * 1e6) / OPERATIONS
}
function objects(): number {
  const heap = new ObjectHeap()
  for (let i = 0; i < SIZE; i += 1) heap.push(delays[i]!, i)
  const startedAt = performance.now()
  for (let i = 0; i < OPERATIONS; i += 1) {
    const { time, to } = heap.pop()
    heap.push(time + delays[i & 4095]!, to)
  }
  return ((performance.now() - startedAt) * 1e6) / OPERATIONS
}
const best = (of: () => number): number => Math.min(...Array.from({ length: 5 }, of))
const ours = best(typed)
const peer = best(objects)
const print = (metric: string, value: number, unit: string): void =>
  console.log(JSON.stringify({ bench: 'queue', metric, value: Number(value.toFixed(2)), unit }))
print('push and pop', ours, 'ns')
print('objects', peer, 'ns')
print('ratio', peer / ours, 'objects / ours')
