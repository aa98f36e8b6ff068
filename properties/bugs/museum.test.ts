import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { bugs } from '../../scenarios/bugs/index.ts'
import { scenarios } from '../../scenarios/index.ts'
import { type BugDefinition, Check } from '../../src/check/index.ts'
import type { Finding } from '../../src/model/index.ts'
import { protocols } from '../../src/protocols/index.ts'

const FOLDER = fileURLToPath(new URL('../../scenarios/bugs/', import.meta.url))
/** Runs within which every bug has to be found. */
const BUDGET = 2000
const SEED = 'museum'
/** The rare ones, under seeds that find them early, for the sake of time: their medians are 90 to 360 runs. */
const EARLY: Readonly<Record<string, string>> = {
  'no-cancel-marker': 's6',
  'stale-completion': 's6',
  'late-failure-of-old-attempt': 's5',
  'duplicate-ack-deletes-file': 's3',
  'restart-ignores-write-in-flight': 's7',
  'trigger-outlives-checkpoint': 's2',
  'old-leader-writes': 's2',
}
const CLASSES = { safety: 'safety', liveness: 'liveness', usercode: 'user' } as const

const scenarioOf = (bug: BugDefinition) => scenarios.find(({ name }) => name === bug.scenario)
const protocolOf = (bug: BugDefinition) => protocols.find(({ name }) => name === bug.protocol)

const seedOf = (bug: BugDefinition): string => EARLY[bug.id] ?? SEED

/** The first run that finds something, and what. */
function hunt(bug: BugDefinition): { index: number; finding: Finding } | null {
  const check = new Check({ scenario: scenarioOf(bug)!, protocol: protocolOf(bug)!, bug, seed: seedOf(bug) })
  for (let index = 0; index < BUDGET; index += 1) {
    const { finding } = check.run(index).result
    if (finding !== null) return { index, finding }
  }
  return null
}
/** What the same run of the correct system says. */
const withoutIt = (bug: BugDefinition, index: number): Finding | null =>
  new Check({
    scenario: scenarioOf(bug)!,
    protocol: protocolOf(bug)!,
    seed: seedOf(bug),
    ...(bug.store === undefined ? {} : { store: bug.store }),
  }).run(index).result.finding

describe('the museum', () => {
  it('has one file per bug, named after it', () => {
    const files = readdirSync(FOLDER).filter((file) => file !== 'index.ts')
    expect(bugs.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort())
    expect(new Set(bugs.map(({ id }) => id)).size).toBe(bugs.length)
    expect(bugs).toHaveLength(73)
  })

  it('names an issue once only', () => {
    const issues = bugs.flatMap(({ issue }) => issue ?? [])
    expect(new Set(issues).size).toBe(issues.length)
    for (const issue of issues) expect(issue).toMatch(/^[A-Z]+-\d+$/)
  })

  it.each(bugs.map((bug) => [bug.id, bug] as const))('%s has a scenario, a protocol and an oracle', (id, bug) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(scenarioOf(bug)).toBeDefined()
    expect(protocolOf(bug)).toBeDefined()
    expect(bug.oracles.length).toBeGreaterThan(0)
    // either the system is broken or the user's code
    if (Object.keys(bug.mutation).length === 0) expect(bug.variant).toBeDefined()
    if (bug.variant !== undefined) expect(bug.variant.name).toBe(bug.scenario)
  })
})

describe('within its budget', () => {
  it.each(bugs.map((bug) => [bug.id, bug] as const))(
    '%s is found, by its oracle, and the same run is fine without it',
    (_, bug) => {
      const found = hunt(bug)
      expect(found, `not found in ${BUDGET} runs`).not.toBeNull()
      const { index, finding } = found!
      expect(bug.oracles, finding.message).toContain(finding.oracle)
      expect(finding.class).toBe(CLASSES[bug.verdict])
      expect(withoutIt(bug, index)).toBeNull()
    },
    60_000,
  )
})
