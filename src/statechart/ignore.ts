/** A transition that does nothing, so that the event is expected and dropped. */
export interface Ignored {
  readonly target?: never
  readonly guard?: never
  readonly actions?: never
}

/**
 * Names events that a state expects and drops: `on: { ...ignore('ACK', 'DECLINE'), TRIGGER: 'pending' }`. An event
 * that is neither handled nor ignored is a finding, which is why a list is better than a `'*'`.
 */
export function ignore<const X extends string>(...events: readonly X[]): { readonly [K in X]: Ignored } {
  const map: Partial<Record<X, Ignored>> = {}
  for (const event of events) map[event] = {}
  return map as Record<X, Ignored>
}
