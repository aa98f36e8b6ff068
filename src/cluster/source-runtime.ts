/** A source reader: reads its splits in order, one record a step, with watermarks in between. Flink: SourceReader (FLIP-27). */
import {
  PERIODIC_EMIT_EVERY,
  type Split,
  type VertexSpec,
  type WatermarkGenerator,
  type WatermarkOutput,
  type WatermarkSpec,
} from '../dataflow/index.ts'
import { type Attempt, SPLITS } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { Emitter } from './emitter.ts'
import { StateBackend } from './state-backend.ts'
import { UserCodeError } from './user-code.ts'
import { ENDED, IDLE, STEPPED, type VertexRuntime } from './vertex-runtime.ts'

interface OpenSplit {
  readonly split: number
  position: number
}
export interface SourceHost {
  requestSplit(): void
  sendWatermark(timestampMs: number): void
  sendStatus(idle: boolean): void
}

export class SourceRuntime implements VertexRuntime, WatermarkOutput {
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
  readonly #generator: WatermarkGenerator | undefined
  #watermark = Number.NEGATIVE_INFINITY
  #idle = false
  #reads = 0
  /** When the last record was read, or the reader was opened, microseconds. */
  #lastReadUs: number
  /** What is said first after a restore. */
  #toResume: unknown[] = []
  /** True if the last poll has found no record that is there. */
  #waits = false
  /** Steps made so far. */
  polls = 0
  /** When to poll again if nothing else happens: a record arrives, or the reader becomes idle; microseconds, or Infinity. */
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
    this.#generator = this.#guarded('watermark generator', () => vertex.watermarks?.generator())
    this.#lastReadUs = context.kernel.now
  }
  open(restored: boolean): void {
    if (!restored) return
    const { parts } = this.#context
    // several after a rescale: they are read in the order in which they were handed out, so that time does not go back
    this.#open = (this.backend.getList(SPLITS) as (readonly [number, number])[])
      .map(([split, position]) => ({ split, position: parts.restoredPosition(position) }))
      .sort((a, b) => a.split - b.split)
    for (const { split, position } of this.#open) {
      this.#received.add(split)
      this.#toResume.push(...(this.#splits[split]!.resume?.(position) ?? []))
    }
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
    return this.#open.length > 0 && !this.#waits
  }
  poll(): typeof IDLE | typeof STEPPED | typeof ENDED {
    this.polls += 1
    this.awaitsUs = Number.POSITIVE_INFINITY
    this.#waits = false
    if (this.#toResume.length > 0) {
      this.#emit(this.#toResume.shift())
      return STEPPED
    }
    const current = this.#open[0]
    if (current === undefined) {
      if (this.#noMore) {
        if (this.#ended) return IDLE
        this.#ended = true
        this.emitWatermark(Number.POSITIVE_INFINITY)
        return ENDED
      }
      if (!this.#asked) {
        this.#asked = true
        this.#host.requestSplit()
      }
      return this.#wait(Number.POSITIVE_INFINITY)
    }
    const split = this.#splits[current.split]!
    if (current.position >= split.length) {
      this.#open.shift()
      this.#context.observer.splitFinished(this.#attempt, current.split)
      return STEPPED
    }
    if (split.arrivesAtUs !== undefined) {
      const arrivesAt = split.arrivesAtUs(current.position)
      if (arrivesAt > this.#context.kernel.now) return this.#wait(arrivesAt)
    }
    this.#read(split, current)
    return STEPPED
  }
  /** Nothing can be read before `untilUs`; a reader that nothing has come to for long becomes idle. */
  #wait(untilUs: number): typeof IDLE {
    this.#waits = true
    this.awaitsUs = untilUs
    const idleAfterMs = this.#watermarks?.idleAfterMs
    if (idleAfterMs === undefined || this.#idle) return IDLE
    const idleAtUs = this.#lastReadUs + idleAfterMs * 1000
    if (idleAtUs <= this.#context.kernel.now) this.markIdle()
    else this.awaitsUs = Math.min(untilUs, idleAtUs)
    return IDLE
  }
  #read(split: Split, current: OpenSplit): void {
    const { position } = current
    let value: unknown
    try {
      value = split.read(position)
    } catch (error) {
      throw new UserCodeError(`${this.#place}, split ${split.id}, position ${position}`, error)
    }
    this.#context.observer.read(this.#attempt, current.split, position, value)
    current.position += 1
    this.#lastReadUs = this.#context.kernel.now
    this.#emit(value)
  }
  #emit(value: unknown): void {
    let timestampMs = Number.NaN
    if (this.#watermarks !== undefined)
      timestampMs = this.#guarded('timestamp assigner', () =>
        (this.#watermarks!.timestampOf as (value: unknown, recordTimestampMs: number) => number)(value, Number.NaN),
      )
    try {
      this.#emitter.emit(value, timestampMs)
    } catch (error) {
      throw new UserCodeError(`${this.#place} (chained steps)`, error)
    }
    if (this.#generator === undefined) return
    // Flink: an element alone makes a reader with an idleness timeout active
    if (this.#watermarks!.idleAfterMs !== undefined) this.markActive()
    this.#reads += 1
    const periodic = this.#reads % PERIODIC_EMIT_EVERY === 0
    this.#guarded('watermark generator', () => {
      this.#generator!.onEvent(value, timestampMs, this)
      if (periodic) this.#generator!.onPeriodicEmit(this)
    })
  }
  #guarded<T>(call: string, body: () => T): T {
    try {
      return body()
    } catch (error) {
      throw new UserCodeError(`${this.#place} (${call})`, error)
    }
  }
  emitWatermark(timestampMs: number): void {
    if (timestampMs <= this.#watermark) return
    this.#watermark = timestampMs
    this.markActive()
    this.#host.sendWatermark(timestampMs)
  }
  markIdle(): void {
    if (this.#idle) return
    this.#idle = true
    this.#host.sendStatus(true)
  }
  markActive(): void {
    if (!this.#idle) return
    this.#idle = false
    this.#host.sendStatus(false)
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
  status(): void {}
  processingTime(): void {}
  nextProcessingTimer(): number {
    return Number.POSITIVE_INFINITY
  }
  endInput(): void {}
}
