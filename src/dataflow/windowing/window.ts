import type { Key } from '../../model/index.ts'

/** A part of a stream that has an end. Flink: Window. */
export interface Window {
  /** The last timestamp that belongs to it, ms; Infinity is the end of time. Results of the window carry it. */
  maxTimestamp(): number
}

/** How windows stand in state and in the namespaces of timers. Flink: the serializer of an assigner's windows. */
export interface WindowCodec<W extends Window> {
  /** What tells the windows of one key apart. */
  stateKey(window: W): Key
  /** What tells the windows that have a timer for that time apart. */
  namespace(window: W, timestampMs: number): string
  /** The window that a timer was registered for. */
  windowOf(namespace: string, timestampMs: number): W
}
