import type { AnyChart } from './chart.ts'
import type { Overrides } from './overrides.ts'
import { refusal } from './refusal.ts'

/**
 * Checks that an entity has every member that its chart names. The compiler has checked it already where the chart was
 * typed; this is for entities that were built otherwise, and for what types do not show (a parameter of an
 * `always` guard).
 */
export function checkEntity<E>(
  chart: AnyChart & { readonly field: string },
  timers: boolean,
  overrides: Overrides<E>,
  self: E,
): void {
  const { name, field } = chart
  const members = self as Readonly<Record<string, unknown>>
  const method = (role: string, member: string) => {
    if (typeof members[member] === 'function') return
    throw refusal(name, '', `the entity has no ${role} '${member}': expected a method, got ${typeof members[member]}`)
  }
  for (const guard of chart.guards) if (overrides.guards?.[guard] === undefined) method('guard', guard)
  for (const action of chart.actions) if (overrides.actions?.[action] === undefined) method('action', action)
  if (timers) for (const operation of ['armTimer', 'disarmTimer']) method('timer operation', operation)
  for (const guard of chart.alwaysGuards) {
    const asked = overrides.guards?.[guard]
    // A mutant's guard takes the entity first.
    const parameters = asked === undefined ? (members[guard] as (...args: never) => unknown).length : asked.length - 1
    if (parameters <= 0) continue
    throw refusal(
      name,
      '',
      `the guard '${guard}' of an always transition takes the event, but any event may have led there; read fields`,
    )
  }
  for (const delay of chart.delays) {
    if (typeof members[delay] === 'number' || typeof members[delay] === 'function') continue
    throw refusal(
      name,
      '',
      `the entity has no delay '${delay}': expected a number or a method, got ${typeof members[delay]}`,
    )
  }
  if (typeof members[field] !== 'number') {
    throw refusal(
      name,
      '',
      `the entity's field '${field}' holds the leaf: expected a number, got ${typeof members[field]}`,
    )
  }
}
