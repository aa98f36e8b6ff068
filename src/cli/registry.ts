/** Scenarios, bugs and protocols by name, with a did-you-mean for names that do not exist. */
import { bugs } from '../../scenarios/bugs/index.ts'
import { scenarios } from '../../scenarios/index.ts'
import { type BugDefinition, type CheckSettings, type PlanNames, Runner, scenarioOf } from '../check/index.ts'
import type { Scenario } from '../dataflow/index.ts'
import type { Protocol } from '../model/index.ts'
import { protocols } from '../protocols/index.ts'
import type { CheckNames } from './check-messages.ts'
import { unknownName } from './did-you-mean.ts'

function byName<T>(kind: string, all: readonly T[], namesOf: (of: T) => readonly string[], name: string): T {
  const same = (known: string): boolean => known.toLowerCase() === name.toLowerCase()
  const found = all.find((one) => namesOf(one).some(same))
  if (found === undefined) {
    const names = all.flatMap(namesOf)
    throw unknownName(kind, name, names, names.length > 12 ? `cutline list ${kind}s` : undefined)
  }
  return found
}
/** @throws UsageError with the nearest name */
export const scenarioByName = (name: string): Scenario => byName('scenario', scenarios, (s) => [s.name], name)
/** By id or by issue ('FLINK-17568'). @throws UsageError with the nearest name */
export const bugByName = (name: string): BugDefinition =>
  byName('bug', bugs, ({ id, issue }) => (issue === undefined ? [id] : [id, issue]), name)
/** @throws UsageError with the nearest name */
export const protocolByName = (name: string): Protocol => byName('protocol', protocols, (p) => [p.name], name)

/** @throws UsageError if there is no such scenario, protocol or bug */
export function settingsOf({ scenario, protocol, bug, seed, faults }: CheckNames): CheckSettings {
  return {
    scenario: scenarioByName(scenario),
    protocol: protocolByName(protocol),
    seed,
    ...(bug === undefined ? {} : { bug: bugByName(bug) }),
    ...(faults === undefined ? {} : { faults }),
  }
}
/** The runner for a plan's names. @throws UsageError if there is no such scenario, protocol or bug */
export function runnerOf({ scenario, protocol, bug }: PlanNames): Runner {
  const settings = settingsOf({ scenario, protocol, seed: '', ...(bug === undefined ? {} : { bug }) })
  return new Runner(scenarioOf(settings), settings.protocol, settings.bug?.mutation)
}

export { bugs, protocols, scenarios }
