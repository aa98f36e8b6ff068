import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commitAtSnapshot } from '../../scenarios/bugs/commit-at-snapshot.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { InputError, Runner, replay } from '../../src/check/index.ts'
import type { Scenario } from '../../src/dataflow/index.ts'
import { aligned } from '../../src/protocols/index.ts'
import { type Budget, budgetOf } from '../../src/vitest/budget.ts'
import { type Prop, propSurvival } from '../../src/vitest/prop-survival.ts'
import { survivalMessage } from '../../src/vitest/survival.ts'
import { counts, countsAtLeastOnce, countsOf, loops, throws } from './project/counts.ts'

type Values = { count: number; text: string }
const arbitraries = { count: fc.integer({ min: 10, max: 60 }), text: fc.string() }
const enough = (runs: number): Budget => budgetOf({ timeMs: undefined, runs }, Number.POSITIVE_INFINITY)
const prop = (of: Partial<Prop<Values>>): Prop<Values> => ({
  name: 'the property',
  job: counts,
  arbitraries,
  options: {},
  body: undefined,
  ...of,
})
const fewerThan20: Prop<Values>['body'] = ({ committed }) => expect(committed.counts!.length).toBeLessThan(20)

describe('a property over plans and values', () => {
  it('holds, and asks its body about runs for the drawn values', async () => {
    const asked = new Set<number>()
    const body: Prop<Values>['body'] = ({ committed, inputs }, { count }) => {
      asked.add(count)
      expect(inputs('numbers').length).toBeLessThanOrEqual(count)
      expect(committed.counts).toHaveLength(inputs('numbers').length)
    }
    const survival = await propSurvival(prop({ job: ({ count }) => countsOf(count), body }), enough(40))
    expect(survival.summary).toMatchObject({ verdict: 'holds', runs: 40, scenario: 'counts' })
    expect(asked.size).toBeGreaterThan(10)
  })

  it('draws the same for the same seed', async () => {
    const drawn = async (seed: string): Promise<readonly [string, readonly Values[]]> => {
      const values: Values[] = []
      const job = (drawn: Values): Scenario => {
        values.push(drawn)
        return counts
      }
      const survival = await propSurvival(prop({ job, options: { seed } }), enough(30))
      return [survival.summary.digest, values]
    }
    const first = await drawn('a')
    expect(await drawn('a')).toEqual(first)
    expect(await drawn('b')).not.toEqual(first)
  })

  it('makes plan and values small, and gives an example that fails in the same way', async () => {
    const job = ({ count }: Values): Scenario => countsOf(count)
    const survival = await propSurvival(prop({ job, body: fewerThan20 }), enough(60))
    expect(survival.summary).toMatchObject({ verdict: 'safety', fingerprint: 'invariant/the property' })
    expect(survival.failure!.plan).toMatchObject({ faults: [], records: 20 })
    expect(survival.thrown).toMatchObject({ message: 'expected 20 to be less than 20' })
    const message = survivalMessage(survival, true)
    expect(message).toContain("The invariant 'the property' does not hold: expected 20 to be less than 20.")
    expect(message).toContain('\nWith the values {"count":20,"text":""}\n')
    expect(message).not.toContain('cutline replay') // it has neither the values nor the body
    const [, token] = /examples: \[\{ token: '(.*)', values: \{"count":20,"text":""\} \}\]/.exec(message)!
    const examples = [{ token: token!, values: { count: 20, text: '' } }]
    const again = await propSurvival(prop({ job, body: fewerThan20, options: { examples } }), enough(60))
    expect(again.summary).toMatchObject({ run: 0, fingerprint: 'invariant/the property', token })
    const harmless = await propSurvival(prop({ job, options: { examples } }), enough(5))
    expect(harmless.summary).toMatchObject({ verdict: 'holds', runs: 5 })
  })

  it('finds what an oracle finds, and gives a token for the command line', async () => {
    const survival = await propSurvival(prop({ job: keyedState, options: { bug: commitAtSnapshot } }), enough(300))
    expect(survival.summary).toMatchObject({ oracle: 'output', bug: 'commit-at-snapshot' })
    const { token } = survival.failure!
    expect(survivalMessage(survival, true)).toContain(`\ncutline replay ${token}\n`)
    expect(replay(token!, () => new Runner(keyedState, aligned, commitAtSnapshot.mutation)).answer).toBe('same')
  })

  it('draws the faults that it is told', async () => {
    const crashes = await propSurvival(prop({ options: { faults: ['crash'] } }), enough(60))
    expect(Object.keys(crashes.summary.faults).every((kind) => kind.startsWith('crash-'))).toBe(true)
  })

  it('takes the protocol of each job, and shows what a user function has thrown', async () => {
    const job = ({ count }: Values): Scenario => (count < 30 ? counts : countsAtLeastOnce)
    const both = await propSurvival(prop({ job, options: { seed: 'both' } }), enough(20))
    expect(both.summary.verdict).toBe('holds')
    const thrower = await propSurvival(prop({ job: throws }), enough(20))
    expect(thrower.thrown).toMatchObject({ message: '4 is too much' })
  })

  it('is vacuous if its body is never asked', async () => {
    const survival = await propSurvival(prop({ body: () => fc.pre(false) }), enough(40))
    expect(survival.summary.verdict).toBe('vacuous')
    expect(survival.summary.why).toMatch(/the property was never asked$/)
  })

  it('does not wait for a run without an end', async () => {
    const survival = await propSurvival(prop({ job: loops }), { ...enough(5), giveUpMs: 100 })
    expect(survival.summary).toMatchObject({ verdict: 'inconclusive', runs: 0 })
  })

  it('says that a body is moody', async () => {
    let calls = 0
    const body = (): void => {
      calls += 1
      expect(calls).not.toBe(3)
    }
    const survival = await propSurvival(prop({ body }), enough(40))
    expect(survival.summary.verdict).toBe('nondeterministic')
  })

  it.each<[Partial<Prop<Values>>, new (message: string) => Error, RegExp]>([
    [
      { job: () => countsOf(-1) },
      Error,
      /^the count of generatedSequence .* \(with the values \{"count":\d+,"text":".*"\}\)$/,
    ],
    [{ job: () => 5 as unknown as Scenario }, InputError, /^expected a scenario/],
    [{ body: async () => {} }, InputError, /^the body of the property 'the property' must be synchronous/],
    [{ job: () => fc.pre(false) as unknown as Scenario }, InputError, /^fc.pre\(\) refused \d+ of \d+ drawings/],
  ])('refuses what cannot be run', async (of, kind, sentence) => {
    const refused = propSurvival(prop(of), enough(40))
    await expect(refused).rejects.toThrow(kind)
    await expect(refused).rejects.toThrow(sentence)
  })
})
