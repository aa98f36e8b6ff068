import { describe, expect, it } from 'vitest'
import { commitAtSnapshot } from '../../scenarios/bugs/commit-at-snapshot.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { Check, type CheckSettings, digestOf, Runner, replay, shrinkFailure } from '../../src/check/index.ts'
import { aligned } from '../../src/protocols/index.ts'
import { type Budget, budgetOf } from '../../src/vitest/budget.ts'
import { checkSurvival } from '../../src/vitest/check-survival.ts'
import { satisfies, survivalMessage } from '../../src/vitest/survival.ts'
import { readSettings } from '../../src/vitest/survive-options.ts'
import { countsAtLeastOnce, loops, throws } from './project/counts.ts'

const settings: CheckSettings = { scenario: keyedState, protocol: aligned, seed: 'survival' }
const enough = (runs: number): Budget => budgetOf({ timeMs: undefined, runs }, Number.POSITIVE_INFINITY)
const batch = (of: CheckSettings, runs: number) => new Check(of).batch(Array.from({ length: runs }, (_, i) => i))

describe('a check within a test', () => {
  it('makes the runs of a check, whatever the slices', async () => {
    const { summary, failure } = await checkSurvival(settings, enough(80))
    expect(summary).toMatchObject({ verdict: 'holds', runs: 80, digest: digestOf(batch(settings, 80)) })
    expect(failure).toBeNull()
  })

  it('lets vitest do its work meanwhile', async () => {
    let turns = 0
    const count = (): void => {
      turns += 1
      again = setImmediate(count)
    }
    let again = setImmediate(count)
    await checkSurvival(settings, enough(5))
    clearImmediate(again)
    expect(turns).toBeGreaterThan(0)
  })

  it('ends with the first failing run, makes it small, and gives its token', async () => {
    const broken: CheckSettings = { ...settings, bug: commitAtSnapshot }
    const survival = await checkSurvival(broken, enough(500))
    const { failure } = batch(broken, 500)
    const { token, plan } = shrinkFailure(new Check(broken), failure!, () => false)
    expect(survival.summary).toMatchObject({ verdict: 'safety', run: failure!.index, token })
    expect(survival.failure).toMatchObject({ plan, token, shrunk: { to: { parallelism: 1 } } })
    const message = survivalMessage(survival, true)
    expect(message).toMatch(/^safety violated: run \d+, output\//)
    expect(message).toContain(`\ncutline replay ${token}\n`)
    expect(message).toMatch(/\n {2}shrunk {2}.* → .*\n/)
    const replayed = replay(token, () => new Runner(keyedState, aligned, commitAtSnapshot.mutation))
    expect(replayed.answer).toBe('same')
  })

  it('leaves a failure as it was found if nobody will look at it', async () => {
    const { failure } = await checkSurvival({ ...settings, bug: commitAtSnapshot }, enough(500), { shrink: false })
    expect(failure!.shrunk).toBeUndefined()
    expect(failure!.token).toMatch(/^cutline:v1:keyed-state:/)
  })

  it('takes a run that does not return for a failure of user code', async () => {
    const survival = await checkSurvival({ ...settings, scenario: loops }, enough(10), { patienceMs: 100 })
    expect(survival.summary).toMatchObject({ verdict: 'usercode', run: 0, fingerprint: 'user/does-not-return' })
    expect(survival.failure!.finding.message).toMatch(/^Run 0 of 'loops' has not returned for 0.1 s: a user function/)
    expect(satisfies(survival, true)).toBe(false)
  })

  it('gives what a user function has thrown, for its stack', async () => {
    const { summary, thrown } = await checkSurvival({ ...settings, scenario: throws }, enough(10))
    expect(summary).toMatchObject({ verdict: 'usercode', run: 0 })
    expect(thrown).toMatchObject({
      message: expect.stringMatching(/is too much$/),
      stack: expect.stringContaining('counts.ts'),
    })
  })

  it("takes the protocol of the job's checkpointing mode", async () => {
    const { summary } = await checkSurvival(readSettings(countsAtLeastOnce, {}), enough(20))
    expect(summary).toMatchObject({ verdict: 'holds', protocol: 'at-least-once' })
  })

  it('says so if the time is up before a run has returned, or the runs are made', async () => {
    const { summary } = await checkSurvival({ ...settings, scenario: loops }, { ...enough(10), giveUpMs: 100 })
    expect(summary.verdict).toBe('inconclusive')
    expect(summary.why).toMatch(/^run 0 had not returned when the test's time was up: either a user function loops/)
    const late = await checkSurvival(settings, { ...enough(1_000_000), runMs: 50 })
    expect(late.summary.verdict).toBe('inconclusive')
    expect(late.summary.why).toMatch(/^[\d,]+ runs? of 1,000,000 fit into the 50 ms that the test's timeout leaves/)
    for (const wanted of [true, false]) expect(satisfies(late, wanted)).toBe(false)
  })

  it('is complete after its time if that was the measure', async () => {
    const { summary } = await checkSurvival(settings, { ...budgetOf({ timeMs: 150, runs: undefined }, 5000) })
    expect(summary.verdict).toMatch(/holds|vacuous/)
    expect(summary.seconds).toBeLessThan(4)
  })

  it('says that a failure is not deterministic if it does not come again', async () => {
    let calls = 0
    const once = {
      name: 'once',
      check: () => {
        calls += 1
        return calls === 1 ? 'the first call' : undefined
      },
    }
    const moody = { ...keyedState, invariants: [once] }
    const { summary, failure } = await checkSurvival({ ...settings, scenario: moody }, enough(50))
    expect(summary.verdict).toBe('nondeterministic')
    expect(failure).toMatchObject({ token: null })
    expect(failure!.finding.message).toMatch(/gave digest \w+ \(invariant\/once\) first and \w+ \(passes\) when/)
  })
})
