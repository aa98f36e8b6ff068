import { listed, refusal } from './refusal.ts'

// XState reads '.', '#' and '*' in names, and Mermaid needs identifiers without a double underscore (mermaid.ts).
const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]*$/
const CHART = /^[A-Za-z][A-Za-z0-9_-]*$/

/** A state's name is an identifier without `__`. */
export function isStateName(name: string): boolean {
  return IDENTIFIER.test(name) && !name.includes('__')
}

/** The name of a guard, action or delay is one that a class could declare itself. */
export function isMemberName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && !(name in {})
}

/** Checks the chart's name and its events: identifiers, each once, START among them. */
export function checkNames(chart: string, events: readonly string[]): void {
  if (!CHART.test(chart))
    throw refusal(chart, '', `the name of a chart is letters, digits, '_' and '-'; got '${chart}'`)
  const seen = new Set<string>()
  for (const event of events) {
    if (!IDENTIFIER.test(event)) {
      throw refusal(
        chart,
        'events',
        `an event's name is letters, digits and '_', beginning with a letter; got '${event}'`,
      )
    }
    if (seen.has(event)) throw refusal(chart, 'events', `'${event}' is declared twice; declare it once`)
    seen.add(event)
  }
  if (!seen.has('START')) {
    throw refusal(
      chart,
      'events',
      `START is not declared, but it must leave the initial state boot; got ${listed(events)}`,
    )
  }
}
