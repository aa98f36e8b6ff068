import type { Window, WindowCodec } from './window.ts'

/** The span of time [start, end), ms. Flink: TimeWindow. */
export class TimeWindow implements Window {
  readonly start: number
  readonly end: number

  constructor(start: number, end: number) {
    this.start = start
    this.end = end
  }
  maxTimestamp(): number {
    return this.end - 1
  }

  /** For windows of any length. */
  static readonly codec: WindowCodec<TimeWindow> = {
    stateKey: spanText,
    namespace: spanText,
    windowOf(namespace) {
      const [start, end] = namespace.split(':')
      return new TimeWindow(Number(start), Number(end))
    },
  }
}

function spanText({ start, end }: TimeWindow): string {
  return `${start}:${end}`
}
