import { listed, refusal } from './refusal.ts'

/** A configuration before its rules are checked: nothing is known of its shape. */
export type Unchecked = Readonly<Record<string, unknown>>

/** What is known of a chart while its rules are checked, and what has been seen so far. */
export interface Survey {
  readonly chart: string
  readonly events: ReadonlySet<string>
  readonly root: Unchecked
  readonly guards: Set<string>
  readonly alwaysGuards: Set<string>
  readonly actions: Set<string>
  readonly delays: Set<string>
  readonly mentioned: Set<string>
  /** Where something is raised internally (a delayed or done event) that a `'*'` at the root would swallow. */
  swallowable: string | null
}

export function isRecord(value: unknown): value is Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

/** Refuses keys outside `allowed`, with the reason if there is a known one. */
export function checkKeys(
  survey: Survey,
  where: string,
  value: Unchecked,
  allowed: readonly string[],
  reasons: Readonly<Record<string, string>>,
): void {
  for (const key of Object.keys(value)) {
    if (allowed.includes(key)) continue
    const reason = Object.hasOwn(reasons, key) ? reasons[key] : undefined
    throw refusal(
      survey.chart,
      where,
      reason === undefined
        ? `'${key}' is not known here; the keys are ${listed(allowed)}`
        : `${key} is not allowed because ${reason}`,
    )
  }
}
