/**
 * Per invocation: no event timer above the operator's watermark fires, and none at or below it stays pending. The watermark is
 * computed here from what was delivered, by the rules for channels that become idle (facts: data/dataflow/SCHEMA.md).
 *
 * Watermarks are no state, so a restored operator takes an element for in time that would have been late before: a window that
 * was purged may fire again. That is permitted, and counted as `late-refire`.
 */
import { type Attempt, type SnapshotFile, subtaskName } from '../model/index.ts'
import { finding, type Reporter, type World } from './world.ts'

interface ChannelClock {
  readonly input: number
  watermarkMs: number
  idle: boolean
  /** Counts for the minimum: a channel that was idle counts again once it has caught up. */
  counts: boolean
}
/** What one attempt has been delivered. */
interface Clock {
  readonly channels: readonly ChannelClock[]
  /** Per logical input: the watermark it has let through, and whether all its channels are idle. */
  readonly passedMs: number[]
  readonly idle: boolean[]
  /** The operator's watermark. */
  watermarkMs: number
}

export class TimeOracle {
  readonly #world: World
  readonly #reporter: Reporter
  readonly #clocks = new Map<number, Clock>()
  /** Watermarks at sync points, by attempt and checkpoint; as high as any attempt before it had got, if it was restored. */
  readonly #atSync = new Map<number, Map<number, number>>()
  /** Per attempt that has not caught up: the watermark at the cut that it was restored from. */
  readonly #before = new Map<number, number>()
  /** Vertices that have held or fired event timers. */
  readonly #timed = new Set<number>()
  constructor(world: World, reporter: Reporter) {
    this.#world = world
    this.#reporter = reporter
  }
  reset(): void {
    this.#clocks.clear()
    this.#atSync.clear()
    this.#before.clear()
    this.#timed.clear()
  }
  sync(attempt: Attempt, checkpoint: number): void {
    if (!this.#timed.has(attempt.vertex)) return
    let own = this.#atSync.get(attempt.id)
    if (own === undefined) {
      own = new Map()
      this.#atSync.set(attempt.id, own)
    }
    const before = this.#before.get(attempt.id) ?? Number.NEGATIVE_INFINITY
    own.set(checkpoint, Math.max(this.#clock(attempt).watermarkMs, before))
  }
  /** @param files those of the subtasks that it goes on from */
  restored(attempt: Attempt, files: readonly SnapshotFile[]): void {
    for (const { attempt: author, checkpoint, vertex } of files) {
      const watermarkMs = this.#atSync.get(author)?.get(checkpoint)
      if (watermarkMs === undefined) continue
      if (this.#timed.has(vertex)) this.#timed.add(attempt.vertex)
      this.#before.set(attempt.id, Math.max(watermarkMs, this.#before.get(attempt.id) ?? Number.NEGATIVE_INFINITY))
    }
  }
  /** An element is about to be handed over. */
  received(attempt: Attempt, timestampMs: number): void {
    const before = this.#before.get(attempt.id)
    if (before === undefined) return
    if (this.#clock(attempt).watermarkMs >= before) this.#before.delete(attempt.id)
    else if (timestampMs <= before && this.#timed.has(attempt.vertex)) this.#reporter.permit('late-refire', 1)
  }
  #clock(attempt: Attempt): Clock {
    let clock = this.#clocks.get(attempt.id)
    if (clock === undefined) {
      const { vertices, channels } = this.#world.layout
      const own = vertices[attempt.vertex]!.inputs.map((c) => ({
        input: channels[c]!.input,
        watermarkMs: Number.NEGATIVE_INFINITY,
        // no watermarks go round a loop
        idle: channels[c]!.feedback === true,
        counts: channels[c]!.feedback !== true,
      }))
      const inputs = Math.max(...own.map((c) => c.input)) + 1
      clock = {
        channels: own,
        passedMs: new Array<number>(inputs).fill(Number.NEGATIVE_INFINITY),
        idle: new Array<boolean>(inputs).fill(false),
        watermarkMs: Number.NEGATIVE_INFINITY,
      }
      this.#clocks.set(attempt.id, clock)
    }
    return clock
  }
  delivered(attempt: Attempt, channel: number, timestampMs: number): void {
    const clock = this.#clock(attempt)
    const at = clock.channels[this.#world.layout.channels[channel]!.inputIndex]!
    if (at.idle || timestampMs <= at.watermarkMs) return
    at.watermarkMs = timestampMs
    if (timestampMs >= clock.passedMs[at.input]!) at.counts = true
    this.#pass(clock, at.input, Math.min)
  }
  status(attempt: Attempt, channel: number, idle: boolean): void {
    const clock = this.#clock(attempt)
    const at = clock.channels[this.#world.layout.channels[channel]!.inputIndex]!
    if (at.idle === idle) return
    at.idle = idle
    const passedMs = clock.passedMs[at.input]!
    at.counts = !idle && at.watermarkMs >= passedMs
    const allIdle = clock.channels.every((c) => c.input !== at.input || c.idle)
    if (idle && at.watermarkMs === passedMs) this.#pass(clock, at.input, allIdle ? Math.max : Math.min)
    clock.idle[at.input] = allIdle
    this.#combine(clock)
  }
  /** Lets the least watermark of the channels that count through, or the greatest of all. */
  #pass(clock: Clock, input: number, choose: (...values: number[]) => number): void {
    const own = clock.channels.filter((c) => c.input === input && (choose === Math.max || c.counts))
    if (own.length === 0) return
    const chosen = choose(...own.map((c) => c.watermarkMs))
    if (chosen <= clock.passedMs[input]!) return
    clock.passedMs[input] = chosen
    clock.idle[input] = false
    this.#combine(clock)
  }
  #combine(clock: Clock): void {
    const active = clock.passedMs.filter((_, input) => !clock.idle[input])
    const combined = active.length > 0 ? Math.min(...active) : Math.max(...clock.passedMs)
    clock.watermarkMs = Math.max(clock.watermarkMs, combined)
  }
  #name(attempt: Attempt): string {
    return subtaskName(this.#world.layout.vertices[attempt.vertex]!)
  }
  processed(attempt: Attempt, earliestTimerMs: number): void {
    if (earliestTimerMs !== Number.POSITIVE_INFINITY) this.#timed.add(attempt.vertex)
    const minimum = this.#clock(attempt).watermarkMs
    if (earliestTimerMs > minimum || earliestTimerMs === Number.POSITIVE_INFINITY) return
    this.#reporter.report(
      finding(
        'time',
        'timer-not-fired',
        `${this.#name(attempt)} has handled watermark ${minimum} and still holds a timer for ${earliestTimerMs}.`,
        {
          part: 'timer',
          expected: minimum,
          actual: earliestTimerMs,
        },
      ),
    )
  }
  fired(attempt: Attempt, timestampMs: number): void {
    this.#timed.add(attempt.vertex)
    const minimum = this.#clock(attempt).watermarkMs
    if (timestampMs <= minimum) return
    this.#reporter.report(
      finding(
        'time',
        'timer-fired-early',
        `${this.#name(attempt)} fired a timer for ${timestampMs} at watermark ${minimum}.`,
        { part: 'timer', expected: minimum, actual: timestampMs },
      ),
    )
  }
}
