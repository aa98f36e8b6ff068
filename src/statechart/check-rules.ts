import { checkNames } from './check-names.ts'
import { checkBoot, checkNode } from './check-node.ts'
import { refusal } from './refusal.ts'
import { isRecord, type Survey } from './survey.ts'

/** The members of the entity that a chart uses, by role. */
export interface UsedNames {
  readonly guards: readonly string[]
  readonly alwaysGuards: readonly string[]
  readonly actions: readonly string[]
  readonly delays: readonly string[]
}

/**
 * Checks the rules under which a table made by asking XState is equal to XState, and takes down the names in use.
 * @throws at the first rule broken, naming the chart and the path.
 */
export function checkRules(chart: string, events: readonly string[], root: unknown): UsedNames {
  checkNames(chart, events)
  if (!isRecord(root)) throw refusal(chart, 'root', `a state is an object; got ${typeof root}`)
  const survey: Survey = {
    chart,
    events: new Set(events),
    root,
    guards: new Set(),
    alwaysGuards: new Set(),
    actions: new Set(),
    delays: new Set(),
    mentioned: new Set(),
    swallowable: null,
  }
  checkNode(survey, [], root)
  checkBoot(survey)
  if (survey.mentioned.has('*') && survey.swallowable !== null) {
    throw refusal(
      chart,
      'root on *',
      `it would swallow the event of ${survey.swallowable}; ignore() the events by name instead`,
    )
  }
  for (const event of events) {
    if (survey.mentioned.has(event)) continue
    throw refusal(chart, 'events', `no state mentions ${event}; handle it, ignore() it, or do not declare it`)
  }
  return {
    guards: [...survey.guards],
    alwaysGuards: [...survey.alwaysGuards],
    actions: [...survey.actions],
    delays: [...survey.delays],
  }
}
