/**
 * The windows of the current key that are open, where windows merge. They never overlap or touch each other.
 *
 * ```
 *   open:  [0,10)        [20,30)            add [8,21):  ──> [0,30), merged of [0,10) and [20,30)
 *          [0,10)        [20,30)            add [3,7):   ──> [0,10), nothing merged
 * ```
 *
 * Flink: MergingWindowSet. There, an element whose own window equals one that others have been merged into makes Flink 2.3.0
 * lose the contents of that window (sessions with dynamic gaps; programs `q_dynsession_*`). Here the window goes on with what
 * it has, whatever the window of the element is (rule `equal-window-keeps-contents`).
 */
import type { RuntimeContext } from '../functions.ts'
import { type MapState, mapState } from '../state.ts'
import { TimeWindow } from './time-window.ts'

export class MergingWindows {
  /** End of each open window, by its start. */
  readonly #ends: MapState<number, number>

  constructor(context: Pick<RuntimeContext, 'getMapState'>) {
    this.#ends = context.getMapState(mapState<number, number>('merging-windows'))
  }
  /**
   * Opens a window, unless it lies within one that is open.
   * @param onMerge is told if open windows become a larger one: that one, and what they were, in the order of time
   * @returns the window that now holds it
   */
  add(window: TimeWindow, onMerge: (result: TimeWindow, merged: readonly TimeWindow[]) => void): TimeWindow {
    const touched: TimeWindow[] = []
    let { start, end } = window
    for (const [otherStart, otherEnd] of this.#ends.entries()) {
      if (otherStart > window.end || otherEnd < window.start) continue
      touched.push(new TimeWindow(otherStart, otherEnd))
      start = Math.min(start, otherStart)
      end = Math.max(end, otherEnd)
    }
    const result = new TimeWindow(start, end)
    if (this.isOpen(result)) return result
    for (const other of touched) this.#ends.remove(other.start)
    this.#ends.put(start, end)
    if (touched.length > 0) onMerge(result, touched)
    return result
  }
  /** Not so if a timer is left of a window that has become part of another. */
  isOpen({ start, end }: TimeWindow): boolean {
    return this.#ends.get(start) === end
  }
  close({ start }: TimeWindow): void {
    this.#ends.remove(start)
  }
}
