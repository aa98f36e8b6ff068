/**
 * One line on stderr that tells how far a long command is: done, rate, time left. Shown on a terminal only, so logs and
 * pipes stay clean.
 */
import { grouped } from '../report/index.ts'
import type { TerminalStream } from './terminal.ts'

const REDRAW_MS = 100
const CLEAR_LINE = '\r\u001b[K'

export interface ProgressOptions {
  /** What is worked on, e.g. the scenario. */
  readonly label: string
  /** What is counted, e.g. 'runs'. */
  readonly unit: string
  /** How many there will be, if known. */
  readonly total?: number
  /** How long it may take, in milliseconds, if limited. */
  readonly limitMs?: number
  readonly stream?: TerminalStream & { write(text: string): unknown }
  /** A clock in milliseconds. */
  readonly nowMs?: () => number
}

export class Progress {
  readonly #options: ProgressOptions
  readonly #stream: NonNullable<ProgressOptions['stream']>
  readonly #nowMs: () => number
  readonly #startMs: number
  #drawnMs = Number.NEGATIVE_INFINITY

  constructor(options: ProgressOptions) {
    this.#options = options
    this.#stream = options.stream ?? process.stderr
    this.#nowMs = options.nowMs ?? (() => performance.now())
    this.#startMs = this.#nowMs()
  }

  /** Tells how many are done; redraws ten times a second at most. */
  update(done: number): void {
    if (this.#stream.isTTY !== true) return
    const nowMs = this.#nowMs()
    if (nowMs - this.#drawnMs < REDRAW_MS) return
    this.#drawnMs = nowMs
    this.#stream.write(CLEAR_LINE + progressText(this.#options, done, nowMs - this.#startMs))
  }

  /** Wipes the line, so that what is printed next starts on a clean one. */
  end(): void {
    if (this.#stream.isTTY === true && this.#drawnMs > Number.NEGATIVE_INFINITY) this.#stream.write(CLEAR_LINE)
  }
}

/** The line's text. The time left follows from the total or the time limit, whichever ends first. */
export function progressText(
  { label, unit, total, limitMs }: Pick<ProgressOptions, 'label' | 'unit' | 'total' | 'limitMs'>,
  done: number,
  elapsedMs: number,
): string {
  const perSecond = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0
  const leftMs = Math.min(
    total !== undefined && perSecond > 0 ? (Math.max(0, total - done) * 1000) / perSecond : Number.POSITIVE_INFINITY,
    limitMs !== undefined ? Math.max(0, limitMs - elapsedMs) : Number.POSITIVE_INFINITY,
  )
  const parts = [total === undefined ? `${grouped(done)} ${unit}` : `${grouped(done)} of ${grouped(total)} ${unit}`]
  if (perSecond > 0) parts.push(`${grouped(perSecond)} ${unit}/s`)
  if (leftMs < Number.POSITIVE_INFINITY) parts.push(`${clock(leftMs)} left`)
  return `${label}: ${parts.join(', ')}`
}

/** Seconds below a minute, then minutes and seconds, then hours and minutes: '42 s', '3:07 min', '2:05 h'. */
function clock(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000)
  if (seconds < 60) return `${seconds} s`
  const [large, small, unit] =
    seconds < 3600 ? [seconds / 60, seconds % 60, 'min'] : [seconds / 3600, (seconds % 3600) / 60, 'h']
  return `${Math.floor(large)}:${String(Math.floor(small)).padStart(2, '0')} ${unit}`
}
