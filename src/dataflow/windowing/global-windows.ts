import { EndOfStreamTrigger } from './end-of-stream-trigger.ts'
import { GlobalWindow } from './global-window.ts'
import { NeverTrigger } from './never-trigger.ts'
import type { Trigger } from './trigger.ts'
import type { Window } from './window.ts'
import type { WindowAssigner } from './window-assigner.ts'

/** All elements of a key in one window, for a trigger to make parts of. Flink: GlobalWindows. */
export class GlobalWindows implements WindowAssigner<unknown, GlobalWindow> {
  readonly #trigger: Trigger<unknown, Window>
  readonly codec = GlobalWindow.codec

  private constructor(trigger: Trigger<unknown, Window>) {
    this.#trigger = trigger
  }
  /** The window fires only if a trigger is given. */
  static create(): GlobalWindows {
    return new GlobalWindows(NeverTrigger.create())
  }
  /**
   * The window fires once, when the input has ended. On a keyed stream, nothing comes out before that, no watermarks either,
   * and the elements of the window are in the order of their timestamps (equal ones as they came), since Flink sorts the input
   * of an operator that is silent until the end. With `windowAll` it is a window like others.
   */
  static createWithEndOfStreamTrigger(): GlobalWindows {
    return new GlobalWindows(EndOfStreamTrigger.create())
  }
  assignWindows(): readonly GlobalWindow[] {
    return [GlobalWindow.get()]
  }
  getDefaultTrigger(): Trigger<unknown, Window> {
    return this.#trigger
  }
  /** False: nothing is ever late for the end of time. */
  isEventTime(): boolean {
    return false
  }
}
