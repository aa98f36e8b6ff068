import type { Window, WindowCodec } from './window.ts'

/** The one window that all elements of a key are in. It ends with the end of time. Flink: GlobalWindow. */
export class GlobalWindow implements Window {
  static readonly #instance = new GlobalWindow()
  /** Makes it another type than a window of time. */
  readonly kind = 'global'

  static get(): GlobalWindow {
    return GlobalWindow.#instance
  }
  maxTimestamp(): number {
    return Number.POSITIVE_INFINITY
  }

  static readonly codec: WindowCodec<GlobalWindow> = {
    stateKey: () => 0,
    namespace: () => '',
    windowOf: () => GlobalWindow.#instance,
  }
}
