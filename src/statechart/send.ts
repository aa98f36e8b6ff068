import type { ChartEvent } from './chart-event.ts'
import { listed, refusal } from './refusal.ts'

/** Gives an event to an entity's chart; false if the event is unexpected in its state. */
export type Send<E> = (self: E, code: number, event: ChartEvent) => boolean

/** What both forms of dispatch need to know for their complaints. */
export interface SendFaults {
  /** The event's code is none of the chart's. */
  code(code: number): Error
  /** The field holds no leaf. */
  leaf(leaf: unknown): Error
  /** The field changed while actions ran. */
  meddled(expected: number, found: unknown): Error
}

export function sendFaults(
  chart: string,
  field: string,
  leaves: readonly string[],
  events: readonly string[],
): SendFaults {
  return {
    code: (code) => refusal(chart, '', `an event's code is 0 to ${events.length - 1} (${listed(events)}); got ${code}`),
    leaf: (leaf) =>
      refusal(
        chart,
        '',
        `the field '${field}' holds a leaf, 0 to ${leaves.length - 1}; got ${String(leaf)}: begin with initialLeaf`,
      ),
    meddled: (expected, found) =>
      refusal(
        chart,
        leaves[expected] ?? '',
        `an action changed the field '${field}' to ${String(found)}; the leaf is written after the actions, which ` +
          'neither write it nor send events to the same entity',
      ),
  }
}
