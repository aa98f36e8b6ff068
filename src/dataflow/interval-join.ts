/**
 * Joins two keyed streams by time: a right element with a timestamp within [left + lower, left + upper].
 *
 * ```
 *   element ──late? (timestamp < watermark)──> side output or dropped
 *      └──> own buffer, timer for its cleanup ──> joined with the other side's buffer ──> emitted at the later timestamp
 * ```
 *
 * An element is dropped when the watermark reaches its timestamp + max(0, upper) (for a right one: - lower), although a partner
 * with just that timestamp would not be late. Flink: IntervalJoinOperator.
 */
import type { Key } from '../model/index.ts'
import type { DataStream } from './data-stream.ts'
import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import type { Collector, RuntimeContext } from './functions.ts'
import { inWords, JobError } from './job-error.ts'
import type { StreamAfter } from './keyed-stream.ts'
import type { Operator, OperatorContext, Timer } from './operator.ts'
import { requireFactory } from './operator-settings.ts'
import type { OutputTag } from './output-tag.ts'
import type { MapState } from './state.ts'
import { mapState } from './state.ts'
import { StateAccess } from './state-access.ts'
import type { Input } from './transformation.ts'

/** What a pair becomes. Flink: ProcessJoinFunction. */
export interface ProcessJoinFunction<Left = unknown, Right = unknown, Out = unknown> {
  open?(context: RuntimeContext): void
  processElement(left: Left, right: Right, context: JoinContext, out: Collector<Out>): void
}
/** Flink: ProcessJoinFunction.Context. Times in ms. */
export interface JoinContext {
  leftTimestamp(): number
  rightTimestamp(): number
  /** The later one: what is emitted carries it. */
  timestamp(): number
  output<T>(tag: OutputTag<T>, value: T): void
}

interface Bounds {
  /** Relative to the left timestamp, inclusive, ms. */
  readonly lowerMs: number
  readonly upperMs: number
  readonly lateLeft?: string
  readonly lateRight?: string
}
const SIDES = ['left', 'right'] as const
type Buffer = MapState<number, readonly unknown[]>

export class IntervalJoinOperator implements Operator, JoinContext, Collector<unknown> {
  readonly #bounds: Bounds
  readonly #function: ProcessJoinFunction
  #context!: OperatorContext
  /** By timestamp: the elements of each side, in the order of their arrival. */
  #buffers!: readonly [Buffer, Buffer]
  #leftMs = 0
  #rightMs = 0

  constructor(bounds: Bounds, joinFunction: ProcessJoinFunction) {
    this.#bounds = bounds
    this.#function = joinFunction
  }
  open(context: OperatorContext): unknown {
    this.#context = context
    this.#buffers = [
      context.getMapState(mapState<number, readonly unknown[]>('left-buffer')),
      context.getMapState(mapState<number, readonly unknown[]>('right-buffer')),
    ]
    return this.#function.open?.(new StateAccess(context))
  }
  processElement(value: unknown, input: number): unknown {
    const timestampMs = this.#context.timestampMs()
    if (Number.isNaN(timestampMs))
      throw new JobError(
        `interval join '${this.#context.uid}' needs event time: give both sources a WatermarkStrategy with timestamps`,
      )
    if (timestampMs < this.#context.currentWatermark()) {
      const tag = input === 0 ? this.#bounds.lateLeft : this.#bounds.lateRight
      if (tag !== undefined) this.#context.emit(value, timestampMs, tag)
      return undefined
    }
    const [lower, upper] = this.#partners(input)
    const own = this.#buffers[input]!
    own.put(timestampMs, [...(own.get(timestampMs) ?? []), value])
    for (const [otherMs, others] of this.#buffers[1 - input]!.entries()) {
      if (otherMs < timestampMs + lower || otherMs > timestampMs + upper) continue
      this.#leftMs = input === 0 ? timestampMs : otherMs
      this.#rightMs = input === 0 ? otherMs : timestampMs
      for (const other of others)
        if (input === 0) this.#function.processElement(value, other, this, this)
        else this.#function.processElement(other, value, this, this)
    }
    const cleanupMs = this.#context.parts.intervalJoinCleanupMs(timestampMs, upper)
    this.#context.registerTimer('event', cleanupMs, `${SIDES[input]} ${timestampMs}`)
    return undefined
  }
  onTimer({ namespace }: Timer): void {
    const [side, timestampMs] = namespace.split(' ') as [(typeof SIDES)[number], string]
    this.#buffers[SIDES.indexOf(side)]!.remove(Number(timestampMs))
  }
  /** Where the partners of an element of this side lie, relative to it, ms. */
  #partners(input: number): readonly [lower: number, upper: number] {
    const { lowerMs, upperMs } = this.#bounds
    return input === 0 ? [lowerMs, upperMs] : [-upperMs, -lowerMs]
  }
  leftTimestamp(): number {
    return this.#leftMs
  }
  rightTimestamp(): number {
    return this.#rightMs
  }
  timestamp(): number {
    return Math.max(this.#leftMs, this.#rightMs)
  }
  output<T>(tag: OutputTag<T>, value: T): void {
    this.#context.emit(value, this.timestamp(), tag.id)
  }
  collect(value: unknown): void {
    this.#context.emit(value, this.timestamp())
  }
}

/** An interval join that is being written. Made by `keyed.intervalJoin(other).between(lower, upper)`. Flink: IntervalJoined. */
export class IntervalJoined<Left, Right, K extends Key> {
  readonly #left: readonly Input[]
  readonly #right: readonly Input[]
  readonly #streamAfter: StreamAfter
  readonly #bounds: Bounds
  /** Only for the type checker: what K is. */
  declare readonly key?: K

  /** @internal */
  constructor(left: readonly Input[], right: readonly Input[], streamAfter: StreamAfter, bounds: Bounds) {
    this.#left = left
    this.#right = right
    this.#streamAfter = streamAfter
    this.#bounds = bounds
  }
  #with(change: Partial<Bounds>): IntervalJoined<Left, Right, K> {
    return new IntervalJoined(this.#left, this.#right, this.#streamAfter, { ...this.#bounds, ...change })
  }
  /** Partners at the lower bound itself do not count. */
  lowerBoundExclusive(): IntervalJoined<Left, Right, K> {
    return this.#with({ lowerMs: this.#bounds.lowerMs + 1 })
  }
  /** Partners at the upper bound itself do not count. */
  upperBoundExclusive(): IntervalJoined<Left, Right, K> {
    return this.#with({ upperMs: this.#bounds.upperMs - 1 })
  }
  /** Late elements of the left stream go there, unchanged; they are dropped otherwise. */
  sideOutputLeftLateData(tag: OutputTag<Left>): IntervalJoined<Left, Right, K> {
    return this.#with({ lateLeft: tag.id })
  }
  sideOutputRightLateData(tag: OutputTag<Right>): IntervalJoined<Left, Right, K> {
    return this.#with({ lateRight: tag.id })
  }
  /** @param factory makes the function; called anew for every attempt */
  process<Out>(factory: () => ProcessJoinFunction<Left, Right, Out>): DataStream<Out> {
    requireFactory('process', factory)
    const bounds = this.#bounds
    const made = factory as unknown as () => ProcessJoinFunction
    return this.#streamAfter(
      'intervalJoin',
      {
        kind: 'operator',
        operator: () => new IntervalJoinOperator(bounds, made()),
        user: { factory, methods: ['processElement'] },
      },
      [this.#left, this.#right],
    )
  }
}

/** Two keyed streams that are to be joined by time: `between` says how. */
export class IntervalJoin<Left, Right, K extends Key> {
  readonly #make: (bounds: Bounds) => IntervalJoined<Left, Right, K>

  /** @internal */
  constructor(left: readonly Input[], right: readonly Input[], streamAfter: StreamAfter) {
    this.#make = (bounds) => new IntervalJoined(left, right, streamAfter, bounds)
  }
  /**
   * @param lower least distance of a right element from its left partner; negative: before it
   * @param upper greatest distance, at least `lower`; both inclusive
   * @throws JobError if the bounds are out of range
   */
  between(lower: Duration, upper: Duration): IntervalJoined<Left, Right, K> {
    const lowerMs = durationMs(lower, 'the lower bound of an interval join', Number.NEGATIVE_INFINITY)
    const upperMs = durationMs(upper, 'the upper bound of an interval join', Number.NEGATIVE_INFINITY)
    if (upperMs < lowerMs)
      throw new JobError(
        `the upper bound of an interval join must be at least the lower one, but is ${inWords(upper)} and ${inWords(lower)}`,
      )
    return this.#make({ lowerMs, upperMs })
  }
}
