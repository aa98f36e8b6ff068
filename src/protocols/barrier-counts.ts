import { cells, fields } from '../kernel/index.ts'

/** Flink: CheckpointBarrierTracker.MAX_CHECKPOINTS_TO_TRACK. */
const MOST = 50
const BITS = 32

/**
 * Checkpoints whose barriers are being counted, oldest first: ids rise. At most 50; the 51st makes the oldest forgotten without a
 * word. Flink: the deque of CheckpointBarrierCount in CheckpointBarrierTracker.
 */
export class BarrierCounts extends fields({
  length: 'int',
  ids: cells(MOST),
  /** Inputs that were open when the first barrier came: as many barriers make the checkpoint complete. */
  wanted: cells(MOST),
  /** 1: given up, and kept until its last barrier so that no late one begins it again. */
  aborted: cells(MOST),
  /** One bit per input: its barrier has come. */
  seen: cells('seen'),
}) {
  readonly #words: number

  constructor(inputs: number) {
    const words = Math.max(1, Math.ceil(inputs / BITS))
    super({ seen: MOST * words })
    this.#words = words
  }
  clear(): void {
    this.length = 0
  }
  /** Id of the newest; -1 if there is none. Flink: getLatestCheckpointId. */
  get newest(): number {
    return this.length === 0 ? -1 : this.ids.at(this.length - 1)
  }
  /** Place of a checkpoint; -1 if it is not counted. */
  placeOf(checkpoint: number): number {
    for (let i = 0; i < this.length; i += 1) if (this.ids.at(i) === checkpoint) return i
    return -1
  }
  /** Begins to count for a checkpoint newer than all others, none seen so far. */
  add(checkpoint: number, wanted: number, aborted: boolean): void {
    if (this.length === MOST) this.dropThrough(0)
    const at = this.length
    this.length = at + 1
    this.ids.set(at, checkpoint)
    this.wanted.set(at, wanted)
    this.aborted.set(at, aborted ? 1 : 0)
    for (let w = 0; w < this.#words; w += 1) this.seen.set(at * this.#words + w, 0)
  }
  see(place: number, input: number): void {
    const at = place * this.#words + Math.floor(input / BITS)
    this.seen.set(at, this.seen.at(at) | (1 << (input % BITS)))
  }
  hasSeen(place: number, input: number): boolean {
    return (this.seen.at(place * this.#words + Math.floor(input / BITS)) & (1 << (input % BITS))) !== 0
  }
  /** Inputs whose barrier has come. */
  countAt(place: number): number {
    let count = 0
    for (let w = 0; w < this.#words; w += 1)
      for (let bits = this.seen.at(place * this.#words + w); bits !== 0; bits &= bits - 1) count += 1
    return count
  }
  /** True if no barrier is missing but that of `input`, or none at all. */
  isCompletedBy(place: number, input: number): boolean {
    return this.countAt(place) + (this.hasSeen(place, input) ? 0 : 1) === this.wanted.at(place)
  }
  /** The newest checkpoint that the barrier of `input` would complete; -1 if there is none. */
  newestCompletedBy(input: number): number {
    for (let i = this.length - 1; i >= 0; i -= 1) if (this.isCompletedBy(i, input)) return i
    return -1
  }
  /** Forgets the checkpoint at a place and all older ones. */
  dropThrough(place: number): void {
    this.#close(0, place + 1)
  }
  /** Forgets the checkpoint at a place. */
  drop(place: number): void {
    this.#close(place, 1)
  }
  #close(first: number, gone: number): void {
    this.length -= gone
    for (let i = first; i < this.length; i += 1) {
      this.ids.set(i, this.ids.at(i + gone))
      this.wanted.set(i, this.wanted.at(i + gone))
      this.aborted.set(i, this.aborted.at(i + gone))
      for (let w = 0; w < this.#words; w += 1)
        this.seen.set(i * this.#words + w, this.seen.at((i + gone) * this.#words + w))
    }
  }
}
