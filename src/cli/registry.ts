/** Scenarios, bugs and protocols by name, with a did-you-mean for names that do not exist. */
import { bugs } from '../../scenarios/bugs/index.ts'
import { scenarios } from '../../scenarios/index.ts'
import {
  type BugDefinition,
  type CheckSettings,
  judgedInvariants,
  type PlanNames,
  Runner,
  scenarioOf,
} from '../check/index.ts'
import type { Scenario } from '../dataflow/index.ts'
import { METADATA_STORES, type MetadataStoreName, type Protocol } from '../model/index.ts'
import { protocolForMode, protocols } from '../protocols/index.ts'
import type { CheckNames, CheckTerms, TermsRequest } from './check-messages.ts'
import { unknownName } from './did-you-mean.ts'
import { scenarioOver } from './scenario-over.ts'

function byName<T>(kind: string, all: readonly T[], namesOf: (of: T) => readonly string[], name: string): T {
  const same = (known: string): boolean => known.toLowerCase() === name.toLowerCase()
  const found = all.find((one) => namesOf(one).some(same))
  if (found === undefined) {
    const names = all.flatMap(namesOf)
    throw unknownName(kind, name, names, names.length > 12 ? `cutline list ${kind}s` : undefined)
  }
  return found
}
/** The user's scenarios, in a thread that has loaded them. */
let adopted: readonly Scenario[] = []
/** Adds scenarios of the user's to those that are found by name. */
export function adoptScenarios(own: readonly Scenario[]): void {
  adopted = own
}

/** @throws UsageError with the nearest name */
export const scenarioByName = (name: string): Scenario =>
  byName('scenario', [...scenarios, ...adopted], (s) => [s.name], name)
/** By id or by issue ('FLINK-17568'). @throws UsageError with the nearest name */
export const bugByName = (name: string): BugDefinition =>
  byName('bug', bugs, ({ id, issue }) => (issue === undefined ? [id] : [id, issue]), name)
/** @throws UsageError with the nearest name */
export const protocolByName = (name: string): Protocol => byName('protocol', protocols, (p) => [p.name], name)
/** @throws UsageError with the nearest name */
export const storeByName = (name: string): MetadataStoreName => byName('store', METADATA_STORES, (s) => [s], name)
/** @throws UsageError if there is no such scenario, protocol or bug, JobError if the input cannot be read */
export function settingsOf({ scenario, protocol, bug, seed, faults, store, input }: CheckNames): CheckSettings {
  const planted = bug === undefined ? undefined : bugByName(bug)
  const variant = planted?.variant && scenarioOver(planted.variant, input)
  return {
    scenario: variant ?? scenarioOver(scenarioByName(scenario), input),
    protocol: protocolByName(protocol),
    seed,
    ...(planted === undefined ? {} : { bug: variant === undefined ? planted : { ...planted, variant } }),
    ...(faults === undefined ? {} : { faults }),
    ...(store === undefined ? {} : { store }),
  }
}
/** Builds the job and says what a check of it amounts to. @throws as `settingsOf`; JobError if the job cannot be built */
export function termsOf({ protocol, ...names }: TermsRequest): CheckTerms {
  const settings = settingsOf({ ...names, protocol: protocol ?? protocols[0]!.name, seed: '' })
  const scenario = scenarioOf(settings)
  const chosen = protocol === undefined ? protocolForMode(scenario.graph().settings.mode) : settings.protocol
  const { skipped } = judgedInvariants(scenario, chosen)
  return { protocol: chosen.name, skipped: skipped.map(({ name, needs = '' }) => ({ name, needs })) }
}
/**
 * Gives runners for a plan's names.
 * @param input file that the scenario reads in place of its default
 * @returns throws as `settingsOf` does
 */
export const runnersOver =
  (input?: string) =>
  ({ scenario, protocol, bug }: PlanNames): Runner => {
    const optional = { ...(bug === undefined ? {} : { bug }), ...(input === undefined ? {} : { input }) }
    const settings = settingsOf({ scenario, protocol, seed: '', ...optional })
    return new Runner(scenarioOf(settings), settings.protocol, settings.bug?.mutation)
  }

export { bugs, protocols, scenarios }
