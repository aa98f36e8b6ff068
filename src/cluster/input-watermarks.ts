/**
 * The watermark of an operator over all its channels: a valve for each logical input, then the least over the inputs that are
 * not idle, or the greatest if all are. Flink: StatusWatermarkValve, IndexedCombinedWatermarkStatus.
 */
import { WatermarkValve } from './watermark-valve.ts'

export class InputWatermarks {
  readonly #valves: readonly WatermarkValve[]
  /** Logical input of each channel, and the channel's number within it. */
  readonly #input: readonly number[]
  readonly #place: readonly number[]
  /** Per logical input, as far as the operator has heard: its watermark, and whether it is idle. */
  readonly #watermarks: Float64Array
  readonly #idleInputs: Uint8Array
  /** The operator's watermark, ms. */
  #watermarkMs = Number.NEGATIVE_INFINITY
  #idle = false

  /** Channels before the feedback edges, on which no watermarks come. */
  readonly #forward: number

  /**
   * @param inputOfChannel logical input of each channel, from 0
   * @param forward how many of the channels carry watermarks: the others, which come last, are feedback edges
   */
  constructor(inputOfChannel: readonly number[], forward = inputOfChannel.length) {
    this.#input = inputOfChannel
    this.#forward = forward
    const inputs = inputOfChannel.reduce((a, b) => Math.max(a, b + 1), 0)
    const sizes = new Array<number>(inputs).fill(0)
    this.#place = inputOfChannel.map((input) => {
      const place = sizes[input]!
      sizes[input] = place + 1
      return place
    })
    this.#valves = sizes.map((size) => new WatermarkValve(size))
    this.#watermarks = new Float64Array(inputs)
    this.#idleInputs = new Uint8Array(inputs)
    this.reset()
  }
  reset(): void {
    for (const valve of this.#valves) valve.reset()
    for (let i = this.#forward; i < this.#input.length; i += 1)
      this.#valves[this.#input[i]!]!.status(this.#place[i]!, true)
    this.#watermarks.fill(Number.NEGATIVE_INFINITY)
    this.#idleInputs.fill(0)
    this.#watermarkMs = Number.NEGATIVE_INFINITY
    this.#idle = false
  }
  get watermarkMs(): number {
    return this.#watermarkMs
  }
  get idle(): boolean {
    return this.#idle
  }
  /** True if the operator's watermark has risen. */
  watermark(channel: number, timestampMs: number): boolean {
    const input = this.#input[channel]!
    const valve = this.#valves[input]!
    return valve.watermark(this.#place[channel]!, timestampMs) && this.#inputRose(input, valve.watermarkMs)
  }
  /** True if the operator's watermark has risen; look at `idle` afterwards. */
  status(channel: number, idle: boolean): boolean {
    const input = this.#input[channel]!
    const valve = this.#valves[input]!
    let rose = valve.status(this.#place[channel]!, idle) && this.#inputRose(input, valve.watermarkMs)
    if (valve.idle !== (this.#idleInputs[input] === 1)) {
      this.#idleInputs[input] = valve.idle ? 1 : 0
      rose = this.#combine() || rose
    }
    return rose
  }
  #inputRose(input: number, timestampMs: number): boolean {
    this.#watermarks[input] = timestampMs
    this.#idleInputs[input] = 0
    return this.#combine()
  }
  #combine(): boolean {
    let least = Number.POSITIVE_INFINITY
    let greatest = Number.NEGATIVE_INFINITY
    this.#idle = true
    for (let i = 0; i < this.#watermarks.length; i += 1) {
      const watermark = this.#watermarks[i]!
      if (watermark > greatest) greatest = watermark
      if (this.#idleInputs[i] === 1) continue
      this.#idle = false
      if (watermark < least) least = watermark
    }
    const combined = this.#idle ? greatest : least
    if (combined <= this.#watermarkMs) return false
    this.#watermarkMs = combined
    return true
  }
}
