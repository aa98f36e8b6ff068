import type { ChartEvent } from './chart-event.ts'
import { refusal } from './refusal.ts'

/** An entity seen by the names of its members. */
export type Members = Readonly<Record<string, unknown>>

/** The delay that an entity's field or method gives; refused unless it is an integer >= 0. */
export function delayUs(chart: string, self: Members, name: string, event: ChartEvent): number {
  const member = self[name]
  const delay: unknown = typeof member === 'function' ? member.call(self, event) : member
  if (Number.isSafeInteger(delay) && (delay as number) >= 0) return delay as number
  throw refusal(chart, `after ${name}`, `a delay is a finite integer >= 0 in microseconds; got ${String(delay)}`)
}
