/**
 * Merges the watermarks of the channels of one logical input. Flink: StatusWatermarkValve.
 *
 * The minimum counts over the channels that are aligned: not idle, and not behind what was emitted while they were idle. A
 * channel that comes back from idleness holds nothing back until it has caught up.
 */
export class WatermarkValve {
  readonly #watermarks: Float64Array
  readonly #idle: Uint8Array
  readonly #aligned: Uint8Array
  /** The last watermark let through, ms. */
  #lastMs = Number.NEGATIVE_INFINITY
  #allIdle = false

  constructor(channels: number) {
    this.#watermarks = new Float64Array(channels)
    this.#idle = new Uint8Array(channels)
    this.#aligned = new Uint8Array(channels)
    this.reset()
  }
  reset(): void {
    this.#watermarks.fill(Number.NEGATIVE_INFINITY)
    this.#idle.fill(0)
    this.#aligned.fill(1)
    this.#lastMs = Number.NEGATIVE_INFINITY
    this.#allIdle = false
  }
  get watermarkMs(): number {
    return this.#lastMs
  }
  get idle(): boolean {
    return this.#allIdle
  }
  /** A watermark has come; true if the merged one has risen. */
  watermark(channel: number, timestampMs: number): boolean {
    if (this.#allIdle || this.#idle[channel] === 1 || timestampMs <= this.#watermarks[channel]!) return false
    this.#watermarks[channel] = timestampMs
    if (this.#aligned[channel] === 0 && timestampMs >= this.#lastMs) this.#aligned[channel] = 1
    return this.#raise(this.#leastAligned())
  }
  /** A channel has become idle or active; true if the merged watermark has risen. Look at `idle` afterwards. */
  status(channel: number, idle: boolean): boolean {
    if (idle === (this.#idle[channel] === 1)) return false
    if (!idle) {
      this.#idle[channel] = 0
      if (this.#watermarks[channel]! >= this.#lastMs) this.#aligned[channel] = 1
      this.#allIdle = false
      return false
    }
    this.#idle[channel] = 1
    this.#aligned[channel] = 0
    const held = this.#watermarks[channel] === this.#lastMs
    if (this.#idle.indexOf(0) < 0) {
      this.#allIdle = true
      return held && this.#raise(this.#greatest())
    }
    return held && this.#raise(this.#leastAligned())
  }
  #raise(toMs: number): boolean {
    if (toMs <= this.#lastMs) return false
    this.#lastMs = toMs
    return true
  }
  /** The least watermark of the aligned channels; -Infinity if there is none. */
  #leastAligned(): number {
    let least = Number.POSITIVE_INFINITY
    let any = false
    for (let i = 0; i < this.#watermarks.length; i += 1) {
      if (this.#aligned[i] === 0) continue
      any = true
      if (this.#watermarks[i]! < least) least = this.#watermarks[i]!
    }
    return any ? least : Number.NEGATIVE_INFINITY
  }
  #greatest(): number {
    let greatest = this.#watermarks[0]!
    for (let i = 1; i < this.#watermarks.length; i += 1)
      if (this.#watermarks[i]! > greatest) greatest = this.#watermarks[i]!
    return greatest
  }
}
