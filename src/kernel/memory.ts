/**
 * World memory: the state of every entity in one pair of typed arrays.
 *
 * An entity declares its fields; accessors come from the declaration, so a handler reads like code over an ordinary
 * object (`this.aligned += 1`), and undoing, copying and hashing work for all of it at once:
 *
 * ```
 *   class Aligner extends fields({ aligned: 'int', busyUntil: 'time', turn: 'ghost', seen: cells('inputs'), in: fifo(64) }) {}
 *
 *   I (Int32)  | o: aligned, turn | seen[0..n) | in: head, length, hash lanes |      F (Float64) | f: busyUntil |
 *   ring bodies lie apart (RI, RF): they need no wiping, head and length say what is valid
 * ```
 *
 * Writes take one branch: with journaling off (timed runs) they store, with it on (search, stepping back) the old value
 * goes to a journal and two hash lanes follow. The lanes do not cover ghosts (undone, but no part of the state's
 * identity) nor times (which hash relative to the present, see `stateHash`).
 */
import { mix2 } from './hash.ts'

const WORDS = 1 << 18
const RING_WORDS = 1 << 21
const JOURNAL_WORDS = 1 << 20

/** Ints of all entities. */
export const I = new Int32Array(WORDS)
/** Times of all entities, in microseconds. */
export const F = new Float64Array(WORDS >> 2)
const RI = new Int32Array(RING_WORDS)
const RF = new Float64Array(RING_WORDS)

// Journal records are (kind, index, old value) with times apart; registers live in a typed array, which costs no boxing.
const journal = new Int32Array(JOURNAL_WORDS)
const journalTimes = new Float64Array(Math.ceil(JOURNAL_WORDS / 3))
const REG_TOP = 0
const REG_TIME_TOP = 1
const REG_ON = 2
const REG_LANE1 = 3
const REG_LANE2 = 4
const R = new Int32Array(8)
const KIND_INT = 0
const KIND_GHOST = 1
const KIND_TIME = 2
const KIND_RING = 3
const KIND_RING_TIME = 4

let usedInts = 0
let usedTimes = 0
let usedRing = 0
/** Marks the ints that the hash leaves out. */
const ghosts = new Uint8Array(WORDS)

const lane1 = (index: number, value: number): number => mix2(Math.imul(index, 0x9e3779b1), value)
const lane2 = (index: number, value: number): number => mix2(Math.imul(index, 0x85ebca77) ^ 0x5bd1e995, value)

function allocate(ints: number): number {
  const at = usedInts
  const end = at + ints
  if (end > WORDS) throw new RangeError(`world memory is full: ${end} of ${WORDS} words; use less parallelism`)
  usedInts = end
  return at
}
function allocateTimes(times: number): number {
  const at = usedTimes
  const end = at + times
  if (end > F.length) throw new RangeError(`world memory is full: ${end} of ${F.length} times; use less parallelism`)
  usedTimes = end
  return at
}
function allocateRing(words: number): number {
  const at = usedRing
  const end = at + words
  if (end > RING_WORDS) throw new RangeError(`ring memory is full: ${end} of ${RING_WORDS} words; use less parallelism`)
  usedRing = end
  return at
}

/** A place in world memory: everything allocated later lies behind it. */
export interface Extent {
  readonly ints: number
  readonly times: number
  readonly ring: number
}
export const extent = (): Extent => ({ ints: usedInts, times: usedTimes, ring: usedRing })

/** The share of world memory that is in use, in [0, 1]. */
export const memoryInUse = (): number => Math.max(usedInts / WORDS, usedTimes / F.length, usedRing / RING_WORDS)

/** The part of world memory that belongs to one world. */
export interface Lease {
  readonly from: Extent
  readonly to: Extent
  /** True once it has been given back: its entities must not be used any more. */
  released: boolean
}
const leases: Lease[] = []
/** Takes everything allocated since `from` as the memory of one world. */
export function lease(from: Extent): Lease {
  const own = { from, to: extent(), released: false }
  leases.push(own)
  return own
}
/** Gives a world's memory back. It is used again once everything allocated after it has been given back, too. */
export function release(own: Lease): void {
  own.released = true
  for (let last = leases[leases.length - 1]; last?.released === true; last = leases[leases.length - 1]) {
    const { ints, times, ring } = last.to
    // behind it lies a world that is still being made and has no lease yet
    if (ints !== usedInts || times !== usedTimes || ring !== usedRing) return
    leases.pop()
    usedInts = last.from.ints
    usedTimes = last.from.times
    usedRing = last.from.ring
  }
}
/** Sets all fields of a world to zero and forgets the journal. */
export function wipe({ from, to }: Lease): void {
  I.fill(0, from.ints, to.ints)
  F.fill(0, from.times, to.times)
  R.fill(0)
}

/** Turns journaling on or off; off forgets the journal. */
export function journaling(on: boolean): void {
  R.fill(0)
  R[REG_ON] = on ? 1 : 0
}
/** A place in the journal to go back to, with the hash lanes as they are now. */
export interface Mark {
  readonly top: number
  readonly lane1: number
  readonly lane2: number
}
export const mark = (): Mark => ({ top: R[REG_TOP]!, lane1: R[REG_LANE1]!, lane2: R[REG_LANE2]! })
/** Takes back every write since the mark. */
export function undo(to: Mark): void {
  let top = R[REG_TOP]!
  let times = R[REG_TIME_TOP]!
  while (top > to.top) {
    top -= 3
    const index = journal[top + 1]!
    switch (journal[top]!) {
      case KIND_INT:
      case KIND_GHOST:
        I[index] = journal[top + 2]!
        break
      case KIND_RING:
        RI[index] = journal[top + 2]!
        break
      case KIND_TIME:
        times -= 1
        F[index] = journalTimes[times]!
        break
      default:
        times -= 1
        RF[index] = journalTimes[times]!
    }
  }
  R[REG_TOP] = top
  R[REG_TIME_TOP] = times
  R[REG_LANE1] = to.lane1
  R[REG_LANE2] = to.lane2
}
function record(kind: number, index: number, old: number): void {
  const top = R[REG_TOP]!
  if (top + 3 > JOURNAL_WORDS) throw new RangeError('the journal is full: undo to a mark, or turn journaling off')
  journal[top] = kind
  journal[top + 1] = index
  if (kind === KIND_TIME || kind === KIND_RING_TIME) {
    const times = R[REG_TIME_TOP]!
    journalTimes[times] = old
    R[REG_TIME_TOP] = times + 1
  } else journal[top + 2] = old
  R[REG_TOP] = top + 3
}
function writeInt(index: number, value: number): void {
  const old = I[index]!
  if (old === (value | 0)) return
  if (ghosts[index] === 0) {
    record(KIND_INT, index, old)
    R[REG_LANE1]! += (lane1(index, value) - lane1(index, old)) | 0
    R[REG_LANE2]! += (lane2(index, value) - lane2(index, old)) | 0
  } else record(KIND_GHOST, index, old)
  I[index] = value
}
function writeTime(index: number, value: number): void {
  if (F[index] === value) return
  record(KIND_TIME, index, F[index]!)
  F[index] = value
}

/**
 * The identity of a world's state, as two 32-bit lanes. Times count relative to `now`, so that two states
 * that differ only by when they are reached are the same. Right only if journaling was on since the world was wiped.
 */
export function stateHash({ from, to }: Lease, now: number): readonly [number, number] {
  let a = R[REG_LANE1]!
  let b = R[REG_LANE2]!
  for (let i = from.times; i < to.times; i += 1) {
    const t = F[i]!
    const ahead = t > now ? t - now : 0
    if (ahead === 0) continue
    const low = ahead | 0
    const high = Math.floor(ahead / 4294967296)
    a = (a + lane1(i ^ 0x40000000, mix2(low, high))) | 0
    b = (b + lane2(i ^ 0x40000000, mix2(low, high))) | 0
  }
  return [a, b]
}

/** An array of ints. Out-of-range indices throw: a typed array would fail silently. */
export interface Cells {
  readonly size: number
  at(index: number): number
  set(index: number, value: number): void
  add(index: number, delta: number): void
  fill(value: number): void
}
/** A bounded queue of (item, time). Its hash does not depend on where its head lies. */
export interface Fifo {
  readonly capacity: number
  readonly length: number
  push(item: number, at: number): void
  /** Item at a place counted from the head; 0 is the next to leave. */
  item(index: number): number
  time(index: number): number
  pop(): number
  clear(): void
}

class WorldCells implements Cells {
  readonly #at: number
  readonly size: number
  constructor(at: number, size: number) {
    this.#at = at
    this.size = size
  }
  #index(index: number): number {
    if (index >>> 0 >= this.size) throw new RangeError(`cell ${index} of ${this.size}`)
    return this.#at + index
  }
  at(index: number): number {
    return I[this.#index(index)]!
  }
  set(index: number, value: number): void {
    const i = this.#index(index)
    if (R[REG_ON] === 0) I[i] = value
    else writeInt(i, value)
  }
  add(index: number, delta: number): void {
    const i = this.#index(index)
    if (R[REG_ON] === 0) I[i]! += delta
    else writeInt(i, I[i]! + delta)
  }
  fill(value: number): void {
    for (let i = 0; i < this.size; i += 1) this.set(i, value)
  }
}

const BASE1 = 0x01000193
const BASE2 = 0x5bd1e995
/** Powers of the two bases, for taking the oldest item out of a rolling polynomial. */
const powers1 = new Int32Array(1 << 14).fill(1)
const powers2 = new Int32Array(1 << 14).fill(1)
for (let i = 1; i < powers1.length; i += 1) {
  powers1[i] = Math.imul(powers1[i - 1]!, BASE1)
  powers2[i] = Math.imul(powers2[i - 1]!, BASE2)
}
const HEAD = 0
const LENGTH = 1
const ROLL1 = 2
const ROLL2 = 3

class WorldFifo implements Fifo {
  readonly #at: number
  readonly #body: number
  readonly #mask: number
  readonly capacity: number
  constructor(at: number, body: number, capacity: number) {
    this.#at = at
    this.#body = body
    this.#mask = capacity - 1
    this.capacity = capacity
  }
  get length(): number {
    return I[this.#at + LENGTH]!
  }
  push(item: number, at: number): void {
    const length = I[this.#at + LENGTH]!
    if (length === this.capacity) throw new RangeError(`a queue of ${this.capacity} is full`)
    const slot = this.#body + ((I[this.#at + HEAD]! + length) & this.#mask)
    if (R[REG_ON] === 0) {
      RI[slot] = item
      RF[slot] = at
      I[this.#at + LENGTH] = length + 1
      return
    }
    record(KIND_RING, slot, RI[slot]!)
    record(KIND_RING_TIME, slot, RF[slot]!)
    RI[slot] = item
    RF[slot] = at
    writeInt(this.#at + LENGTH, length + 1)
    this.#roll(
      (Math.imul(I[this.#at + ROLL1]!, BASE1) + lane1(7, item)) | 0,
      (Math.imul(I[this.#at + ROLL2]!, BASE2) + lane2(7, item)) | 0,
    )
  }
  #roll(first: number, second: number): void {
    writeInt(this.#at + ROLL1, first)
    writeInt(this.#at + ROLL2, second)
  }
  #slot(index: number): number {
    if (index >>> 0 >= I[this.#at + LENGTH]!) throw new RangeError(`place ${index} of a queue of ${this.length}`)
    return this.#body + ((I[this.#at + HEAD]! + index) & this.#mask)
  }
  item(index: number): number {
    return RI[this.#slot(index)]!
  }
  time(index: number): number {
    return RF[this.#slot(index)]!
  }
  pop(): number {
    const slot = this.#slot(0)
    const item = RI[slot]!
    const head = I[this.#at + HEAD]!
    const length = I[this.#at + LENGTH]! - 1
    if (R[REG_ON] === 0) {
      I[this.#at + HEAD] = (head + 1) & this.#mask
      I[this.#at + LENGTH] = length
      return item
    }
    this.#roll(
      (I[this.#at + ROLL1]! - Math.imul(lane1(7, item), powers1[length]!)) | 0,
      (I[this.#at + ROLL2]! - Math.imul(lane2(7, item), powers2[length]!)) | 0,
    )
    writeInt(this.#at + HEAD, (head + 1) & this.#mask)
    writeInt(this.#at + LENGTH, length)
    return item
  }
  clear(): void {
    if (R[REG_ON] === 0) {
      I[this.#at + HEAD] = 0
      I[this.#at + LENGTH] = 0
      return
    }
    writeInt(this.#at + HEAD, 0)
    writeInt(this.#at + LENGTH, 0)
    this.#roll(0, 0)
  }
}

type Size = number | string
/** Kinds of a declared field. `ref` is an int that names a slot of a pool; `ghost` is an int outside the state's identity. */
export type FieldKind =
  | 'int'
  | 'ref'
  | 'ghost'
  | 'time'
  | { readonly cells: Size; readonly ghost?: true }
  | { readonly fifo: Size }
export type FieldSpec = Readonly<Record<string, FieldKind>>
export type Fields<S extends FieldSpec> = {
  -readonly [K in keyof S]: S[K] extends { cells: Size } ? Cells : S[K] extends { fifo: Size } ? Fifo : number
}
/** An array of ints; the size is a number or the name of a constructor argument. */
export const cells = <const N extends Size>(size: N): { readonly cells: N } => ({ cells: size })
export const ghostCells = <const N extends Size>(size: N): { readonly cells: N; readonly ghost: true } => ({
  cells: size,
  ghost: true,
})
/** A queue; the capacity is rounded up to a power of two. */
export const fifo = <const N extends Size>(capacity: N): { readonly fifo: N } => ({ fifo: capacity })

const roundUp = (n: number): number => {
  let power = 1
  while (power < n) power *= 2
  return power
}

/**
 * A base class whose accessors read and write a slice of world memory.
 * @throws TypeError if a subclass declares a class field of the same name (it would shadow the accessor) or a size is missing
 */
export function fields<const S extends FieldSpec>(
  spec: S,
): new (
  sizes?: Readonly<Record<string, number>>,
) => Fields<S> {
  const scalars = Object.entries(spec).filter(([, kind]) => kind === 'int' || kind === 'ref' || kind === 'ghost')
  const times = Object.entries(spec).filter(([, kind]) => kind === 'time')
  const parts = Object.entries(spec).filter(([, kind]) => typeof kind === 'object')
  const sizeOf = (size: Size, sizes: Readonly<Record<string, number>>): number => {
    const n = typeof size === 'number' ? size : sizes[size]
    if (n === undefined)
      throw new TypeError(`size '${size}' of a declared field is not given: pass { ${size}: n } to super()`)
    return n
  }
  class Declared {
    constructor(sizes: Readonly<Record<string, number>> = {}) {
      const o = allocate(scalars.length)
      const f = allocateTimes(times.length)
      Object.defineProperty(this, 'o', { value: o })
      Object.defineProperty(this, 'f', { value: f })
      scalars.forEach(([, kind], i) => {
        ghosts[o + i] = kind === 'ghost' ? 1 : 0
      })
      for (const [name, kind] of parts)
        Object.defineProperty(this, name, { value: this.#part(kind, sizes), enumerable: true })
    }
    #part(kind: FieldKind, sizes: Readonly<Record<string, number>>): Cells | Fifo {
      if (typeof kind === 'object' && 'cells' in kind) {
        const size = sizeOf(kind.cells, sizes)
        const at = allocate(size)
        ghosts.fill(kind.ghost ? 1 : 0, at, at + size)
        return new WorldCells(at, size)
      }
      const capacity = roundUp(sizeOf((kind as { fifo: Size }).fifo, sizes))
      if (capacity > powers1.length)
        throw new RangeError(`a queue of ${capacity} is too long: at most ${powers1.length}`)
      const at = allocate(4)
      ghosts.fill(0, at, at + 4)
      ghosts[at + HEAD] = 1 // where the head lies is no part of the identity
      return new WorldFifo(at, allocateRing(capacity), capacity)
    }
  }
  // One accessor pair per field, with its offset as a literal: what the optimiser inlines best (measured in bench/memory).
  const pairs = [
    ...scalars.map(
      ([name], i) =>
        `get ${name}(){return I[this.o+${i}]}\nset ${name}(v){if(R[${REG_ON}]===0)I[this.o+${i}]=v;else writeInt(this.o+${i},v)}`,
    ),
    ...times.map(
      ([name], i) =>
        `get ${name}(){return F[this.f+${i}]}\nset ${name}(v){if(R[${REG_ON}]===0)F[this.f+${i}]=v;else writeTime(this.f+${i},v)}`,
    ),
  ].join('\n')
  const make = new Function(
    'Declared',
    'I',
    'F',
    'R',
    'writeInt',
    'writeTime',
    `return class extends Declared{${pairs}}`,
  )
  return make(Declared, I, F, R, writeInt, writeTime) as new (
    sizes?: Readonly<Record<string, number>>,
  ) => Fields<S>
}

/** Refuses an entity in which a class field shadows a declared one. Called by the kernel at registration. */
export function assertNoShadow(entity: object, name: string): void {
  for (
    let p = Object.getPrototypeOf(entity) as object | null;
    p && p !== Object.prototype;
    p = Object.getPrototypeOf(p) as object | null
  )
    for (const key of Object.getOwnPropertyNames(p)) {
      const declared = Object.getOwnPropertyDescriptor(p, key)
      if (declared?.set && Object.hasOwn(entity, key))
        throw new TypeError(
          `${name}: the class field '${key}' shadows the declared field of that name; remove it from the class body`,
        )
    }
}
