import type { AnyChart } from './chart.ts'
import type { ChartEvent } from './chart-event.ts'
import { nearest } from './nearest.ts'
import { listed, refusal } from './refusal.ts'

/** What a mutant does in place of the entity's methods, by name. */
export interface Overrides<E> {
  readonly guards?: Readonly<Partial<Record<string, (self: E, event: ChartEvent) => boolean>>>
  readonly actions?: Readonly<Partial<Record<string, (self: E, event: ChartEvent) => void>>>
}

/** Refuses an override that would never be called: of a name that the chart does not use. */
export function checkOverrides<E>(chart: AnyChart, overrides: Overrides<E>): void {
  for (const role of ['guards', 'actions'] as const) {
    for (const name of Object.keys(overrides[role] ?? {})) {
      if (chart[role].includes(name)) continue
      const meant = nearest(name, chart[role])
      const hint = meant === null ? '' : `did you mean '${meant}'? `
      throw refusal(chart.name, `override ${role}.${name}`, `no such name; ${hint}it uses ${listed(chart[role])}`)
    }
  }
}
