/** A source reader: reads its splits in order, one record a step, with watermarks in between. Flink: SourceReader (FLIP-27). */
import type { Split, VertexSpec, WatermarkSpec } from '../dataflow/index.ts'
import { type Attempt, SPLITS } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { Emitter } from './emitter.ts'
import { StateBackend } from './state-backend.ts'
import { UserCodeError } from './user-code.ts'
import { ENDED, IDLE, STEPPED, type VertexRuntime } from './vertex-runtime.ts'

/** Records between two watermarks. */
const WATERMARK_EVERY = 3

interface OpenSplit {
  readonly split: number
  position: number
}
export interface SourceHost {
  requestSplit(): void
  sendWatermark(timestampMs: number): void
}

export class SourceRuntime implements VertexRuntime {
  readonly backend = new StateBackend()
  readonly #context: ClusterContext
  readonly #attempt: Attempt
  readonly #host: SourceHost
  readonly #emitter: Emitter
  readonly #splits: readonly Split[]
  readonly #watermarks: WatermarkSpec | undefined
  readonly #place: string
  readonly #received = new Set<number>()
  #open: OpenSplit[] = []
  #asked = false
  #noMore = false
  #ended = false
  #highest = Number.NEGATIVE_INFINITY
  #watermark = Number.NEGATIVE_INFINITY
  #reads = 0
  /** Steps made so far. */
  polls = 0
  /** When the record arrives that the last poll has waited for, microseconds; Infinity if it waited for none. */
  awaitsUs = Number.POSITIVE_INFINITY

  constructor(
    context: ClusterContext,
    attempt: Attempt,
    vertex: VertexSpec,
    spec: number,
    emitter: Emitter,
    host: SourceHost,
  ) {
    this.#context = context
    this.#attempt = attempt
    this.#host = host
    this.#emitter = emitter
    this.#splits = context.splits.get(spec)!
    this.#watermarks = vertex.watermarks
    this.#place = `source ${vertex.uid}`
  }
  open(restored: boolean): void {
    if (!restored) return
    const { parts } = this.#context
    this.#open = (this.backend.getList(SPLITS) as (readonly [number, number])[]).map(([split, position]) => ({
      split,
      position: parts.restoredPosition(position),
    }))
    for (const { split } of this.#open) this.#received.add(split)
  }
  /** A split has been assigned; false if it is a second copy of the message. */
  addSplit(split: number): boolean {
    if (this.#received.has(split)) return false
    this.#received.add(split)
    this.#asked = false
    this.#open.push({ split, position: 0 })
    this.#context.observer.splitAdded(this.#attempt, split)
    return true
  }
  noMoreSplits(): void {
    this.#noMore = true
  }
  /** True if there is a record to read now. */
  get hasWork(): boolean {
    return this.#open.length > 0 && this.awaitsUs === Number.POSITIVE_INFINITY
  }
  poll(): typeof IDLE | typeof STEPPED | typeof ENDED {
    this.polls += 1
    this.awaitsUs = Number.POSITIVE_INFINITY
    const current = this.#open[0]
    if (current === undefined) {
      if (this.#noMore) {
        if (this.#ended) return IDLE
        this.#ended = true
        return ENDED
      }
      if (!this.#asked) {
        this.#asked = true
        this.#host.requestSplit()
      }
      return IDLE
    }
    const split = this.#splits[current.split]!
    if (current.position >= split.length) {
      this.#open.shift()
      this.#context.observer.splitFinished(this.#attempt, current.split)
      return STEPPED
    }
    if (split.arrivesAtUs !== undefined) {
      const arrivesAt = split.arrivesAtUs(current.position)
      if (arrivesAt > this.#context.kernel.now) {
        this.awaitsUs = arrivesAt
        return IDLE
      }
    }
    this.#read(split, current)
    return STEPPED
  }
  #read(split: Split, current: OpenSplit): void {
    let value: unknown
    let timestamp = Number.NaN
    try {
      value = split.read(current.position)
      if (this.#watermarks !== undefined)
        timestamp = (this.#watermarks.timestampOf as (value: unknown) => number)(value)
    } catch (error) {
      throw new UserCodeError(`${this.#place}, split ${split.id}, position ${current.position}`, error)
    }
    this.#context.observer.read(this.#attempt, current.split, current.position, value, timestamp)
    current.position += 1
    try {
      this.#emitter.emit(value, timestamp)
    } catch (error) {
      throw new UserCodeError(`${this.#place} (chained steps)`, error)
    }
    if (this.#watermarks === undefined) return
    if (timestamp > this.#highest) this.#highest = timestamp
    this.#reads += 1
    if (this.#reads % WATERMARK_EVERY !== 0) return
    const watermark = this.#highest - this.#watermarks.outOfOrdernessMs - 1
    if (watermark <= this.#watermark) return
    this.#watermark = watermark
    this.#host.sendWatermark(watermark)
  }
  beforeSnapshot(): void {
    this.backend.setList(
      SPLITS,
      this.#open.map(({ split, position }) => [split, position]),
    )
  }
  record(): void {
    throw new Error(`${this.#place} has no inputs`)
  }
  watermark(): void {}
  processingTime(): void {}
  nextProcessingTimer(): number {
    return Number.POSITIVE_INFINITY
  }
  endInput(): void {}
}
