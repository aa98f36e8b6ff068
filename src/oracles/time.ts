/** Per invocation: no event timer above the delivered minimum watermark fires, and none at or below it stays pending. */
import type { Attempt } from '../model/index.ts'
import { finding, type Reporter, type World } from './world.ts'

export class TimeOracle {
  readonly #world: World
  readonly #reporter: Reporter
  /** Watermarks as delivered, per attempt and input. */
  readonly #delivered = new Map<number, Float64Array>()
  constructor(world: World, reporter: Reporter) {
    this.#world = world
    this.#reporter = reporter
  }
  reset(): void {
    this.#delivered.clear()
  }
  delivered(attempt: Attempt, channel: number, timestampMs: number): void {
    let inputs = this.#delivered.get(attempt.id)
    if (inputs === undefined) {
      inputs = new Float64Array(this.#world.layout.vertices[attempt.vertex]!.inputs.length).fill(
        Number.NEGATIVE_INFINITY,
      )
      this.#delivered.set(attempt.id, inputs)
    }
    inputs[this.#world.layout.channels[channel]!.inputIndex] = timestampMs
  }
  #minimum(attempt: Attempt): number {
    const inputs = this.#delivered.get(attempt.id)
    if (inputs === undefined) return Number.NEGATIVE_INFINITY
    let least = inputs[0]!
    for (let i = 1; i < inputs.length; i += 1) if (inputs[i]! < least) least = inputs[i]!
    return least
  }
  #name(attempt: Attempt): string {
    const { uid, subtask } = this.#world.layout.vertices[attempt.vertex]!
    return `${uid}[${subtask}]`
  }
  processed(attempt: Attempt, earliestTimerMs: number): void {
    const minimum = this.#minimum(attempt)
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
    const minimum = this.#minimum(attempt)
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
