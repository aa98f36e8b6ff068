import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRun } from '../../src/check/aggregate.ts'
import { type Aggregate, digestOf, emptyAggregate, merge, type RunResult, verdictOf } from '../../src/check/index.ts'
import type { Fault, Finding, RecordWindow } from '../../src/model/index.ts'
import { planOf } from './scripted.ts'

const findingOf = (cls: Finding['class']): Finding => ({
  oracle: 'o',
  kind: 'k',
  class: cls,
  part: '',
  fingerprint: 'o/k',
  message: 'It went wrong.',
  atUs: 1,
})
const faults: readonly Fault[] = [
  { what: 'crash-jobmanager', target: 'job-manager', when: { at: 1 } },
  { what: 'drop', target: { effect: 'ack' }, when: { phase: 'ack-sent', nth: 1 } },
  { what: 'drop', target: { effect: 'notify' }, when: { phase: 'notify-sent', nth: 1 } },
]
const counts = (...names: string[]) =>
  fc
    .dictionary(fc.constantFrom(...names), fc.nat({ max: 9 }), { noNullPrototype: true })
    .map((all) => new Map(Object.entries(all)))
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const nat = fc.nat({ max: 2 ** 40 })

/** What a run may amount to. */
const runResult: fc.Arbitrary<RunResult> = fc
  .record({
    finding: fc.option(fc.constantFrom(findingOf('safety'), findingOf('liveness')), { nil: null, freq: 6 }),
    digestWords: fc.tuple(int32, int32),
    steps: nat,
    fired: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    tally: fc.record({
      checkpointsCompleted: fc.nat({ max: 9 }),
      restores: fc.nat({ max: 9 }),
      commits: fc.nat({ max: 9 }),
      records: nat,
      windows: fc.constant<RecordWindow[]>([]),
      permitted: counts('rewind-duplicate', 'zombie-read'),
      assumptions: counts('restart-budget'),
      sometimes: fc.tuple(fc.boolean(), fc.boolean()).map(
        ([full, empty]) =>
          new Map([
            ['full', full],
            ['empty', empty],
          ]),
      ),
      stateBytes: counts('count', 'sink'),
      intervalsUs: nat,
      durationsUs: nat,
      alignmentUs: nat,
      inFlightRecords: nat,
    }),
  })
  .map((of) => ({ ...of, end: 'done', digest: `${of.digestWords}`, virtualUs: 0, committed: {} }))

const plan = planOf({ faults })
const aggregateOf = (runs: readonly (readonly [index: number, result: RunResult])[]): Aggregate => {
  const total = emptyAggregate()
  for (const [index, result] of runs) {
    addRun(total, index, plan, result)
    total.phases[index % total.phases.length] = 1
  }
  return total
}

describe('an aggregate', () => {
  it('is the same however the runs were dealt out to workers, and in whatever order these answer', () => {
    const dealt = fc.array(fc.tuple(runResult, fc.nat({ max: 4 })), { maxLength: 20 })
    fc.assert(
      fc.property(dealt, fc.infiniteStream(fc.nat()), (all, choices) => {
        const runs = all.map(([result], index) => [index, result] as const)
        const parts = [0, 1, 2, 3, 4].map((worker) => aggregateOf(runs.filter((_, i) => all[i]![1] === worker)))
        while (parts.length > 1) {
          const [from] = parts.splice(choices.next().value! % parts.length, 1)
          merge(parts[choices.next().value! % parts.length]!, from!)
        }
        expect(parts[0]).toEqual(aggregateOf(runs))
        expect(digestOf(parts[0]!)).toBe(digestOf(aggregateOf(runs.toReversed())))
      }),
      { numRuns: 200 },
    )
  })

  it('survives being sent: it is plain data', () => {
    fc.assert(
      fc.property(fc.array(runResult, { maxLength: 5 }), (results) => {
        const total = aggregateOf(results.map((result, index) => [index, result]))
        expect(JSON.parse(JSON.stringify(total))).toEqual(total)
      }),
    )
  })

  it('reports the failing run of the lowest index', () => {
    fc.assert(
      fc.property(fc.array(runResult, { maxLength: 10 }), fc.nat({ max: 5 }), (results, first) => {
        const runs = results.map((result, i) => [i + first, result] as const)
        const failing = runs.find(([, { finding }]) => finding !== null)
        expect(aggregateOf(runs.toReversed()).failure?.index).toBe(failing?.[0])
      }),
    )
  })

  it('counts faults that have struck, by kind, and for effects by what they hit', () => {
    const [result] = fc.sample(runResult, { numRuns: 1, seed: 1 })
    const struck = (fired: readonly boolean[]) => aggregateOf([[0, { ...result!, fired }]]).faults
    expect(struck([true, true, true])).toEqual({ 'crash-jobmanager': 1, 'drop ack': 1, 'drop notify': 1 })
    expect(struck([false, true, false])).toEqual({ 'drop ack': 1 })
  })

  it('has a digest that changes with the digest of any run', () => {
    fc.assert(
      fc.property(fc.array(runResult, { minLength: 1, maxLength: 8 }), fc.nat(), int32, (results, where, other) => {
        const at = where % results.length
        const digest = (of: readonly RunResult[]) => digestOf(aggregateOf(of.map((result, index) => [index, result])))
        const [high, low] = results[at]!.digestWords
        fc.pre(other !== high && other !== low)
        const before = digest(results)
        expect(before).toMatch(/^[0-9a-f]{16}$/)
        for (const digestWords of [
          [other, low],
          [high, other],
        ] as const)
          expect(digest(results.with(at, { ...results[at]!, digestWords }))).not.toBe(before)
      }),
    )
  })
})

describe('the verdict', () => {
  const good: Partial<Aggregate> = {
    runs: 100,
    checkpointsCompleted: 9,
    commits: 5,
    faults: { 'drop ack': 1 },
  }
  const verdict = (of: Partial<Aggregate>, asked = true) => verdictOf({ ...emptyAggregate(), ...good, ...of }, asked)

  it('of runs without a finding is a bound, never a proof', () => {
    expect(verdict({})).toEqual({ verdict: 'holds', why: '0 of 100 runs: p < 0.030 at 95 %' })
    expect(verdict({ runs: 20_000 }).why).toBe('0 of 20000 runs: p < 0.00015 at 95 %')
  })

  it('counts the runs that say something: those with a broken assumption are left out', () => {
    expect(verdict({ inconclusive: 40 }).why).toBe('0 of 60 runs: p < 0.050 at 95 %')
    expect(verdict({ inconclusive: 100 })).toEqual({
      verdict: 'inconclusive',
      why: 'every plan broke an assumption of the contract',
    })
  })

  it('is vacuous if nothing was put to the test, and says what was missing', () => {
    expect(verdict({ checkpointsCompleted: 0, faults: {}, commits: 0 })).toEqual({
      verdict: 'vacuous',
      why: 'nothing was put to the test: no checkpoint completed, no fault struck, nothing was committed',
    })
    expect(verdict({ faults: {} }).why).toBe('nothing was put to the test: no fault struck')
    expect(verdict({ commits: 0 }).verdict).toBe('vacuous')
    // a job with an append log commits nothing: what it repeats shows that it was used
    expect(verdict({ commits: 0, permitted: { 'rewind-duplicate': 2 } }).verdict).toBe('holds')
  })

  it('of a check that was stopped is inconclusive, unless it has a finding', () => {
    expect(verdict({ runs: 7 }, false)).toEqual({ verdict: 'inconclusive', why: 'the check was stopped after 7 runs' })
    expect(verdict({ runs: 0, faults: {} }, false).verdict).toBe('inconclusive')
  })

  it.each([
    ['safety', 'safety'],
    ['liveness', 'liveness'],
    ['user', 'usercode'],
    ['nondeterminism', 'nondeterministic'],
  ] as const)('of a finding of class %s is %s, with its message, also in a vacuous check', (cls, expected) => {
    const failure = { index: 3, plan, finding: findingOf(cls), digest: '' }
    for (const asked of [true, false])
      expect(verdict({ failure, commits: 0, faults: {} }, asked)).toEqual({ verdict: expected, why: 'It went wrong.' })
  })
})
