import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { majorityOfDuplicates } from '../../scenarios/bugs/majority-of-duplicates.ts'
import haFailover from '../../scenarios/ha-failover.ts'
import { Check, Runner, type SpaceTime, spaceTime } from '../../src/check/index.ts'
import { spaceTimeSvg } from '../../src/report/index.ts'
import { aligned, drawn, failing, keyedState, noBlock } from './subjects.ts'

const sound = new Runner(keyedState, aligned)
const unblocked = new Runner(keyedState, aligned, noBlock)
const plans = fc.nat(1_000_000).map((i) => drawn(i))
const crossings = (run: SpaceTime, way: string): number =>
  spaceTimeSvg(run).split(`<line class="record ${way}"`).length - 1

describe('a run in space and time', () => {
  it('has moments in order, each on a line that is there', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { lanes, timesUs, marks, records, cuts, faults } = spaceTime(sound, plan)
        expect(timesUs).toEqual([...timesUs].sort((a, b) => a - b))
        expect(lanes).toEqual(lanes.filter((name) => /^(numbers|count|sink)\[[01]\]$/.test(name)))
        const moments = [
          ...marks,
          ...records.flatMap(({ from, to }) => (to === null ? [from] : [from, to])),
          ...cuts.flatMap(({ points }) => points),
        ]
        for (const { at, lane } of moments) {
          expect(timesUs[at]).toBeDefined()
          expect(lanes[lane]).toBeDefined()
        }
        // nothing else is numbered; a record that several tasks get is sent once
        const numbers = new Set([...moments, ...faults].map(({ at }) => at))
        expect(numbers.size).toBe(timesUs.length)
        for (const { from, to } of records) if (to !== null) expect(from.at).toBeLessThan(to.at)
        for (const { points } of cuts)
          expect(points.map(({ lane }) => lane)).toEqual([...new Set(points.map(({ lane }) => lane))])
      }),
      { numRuns: 40 },
    )
  })

  it('of a sound system has no record against a cut', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(crossings(spaceTime(sound, plan), 'backwards')).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  it('shows the record that no cut explains where a barrier blocks nothing', () => {
    const { plan, finding } = failing(unblocked)
    const run = spaceTime(unblocked, plan)
    expect(run.ending).toBe(finding.message)
    expect(crossings(run, 'backwards')).toBeGreaterThan(0)
  })

  it('does not change the run', () => {
    const plan = drawn(7)
    const { digest } = sound.run(plan)
    spaceTime(sound, plan)
    expect(sound.run(plan).digest).toBe(digest)
  })

  it('is told by the nodes of the quorum if the finding is about them', () => {
    const check = new Check({ scenario: haFailover, protocol: aligned, bug: majorityOfDuplicates, seed: '1' })
    const failed = Array.from({ length: 100 }, (_, i) => i).find(
      (i) => check.run(i).result.finding?.oracle === 'quorum',
    )!
    const { lanes, marks, cuts } = spaceTime(check.runner, check.plan(failed))
    expect(lanes).toEqual(['clients', 'node 0', 'node 1', 'node 2'])
    expect(cuts).toEqual([])
    expect(marks.filter(({ label }) => /^≥ \d+$/.test(label)).length).toBeGreaterThan(0)
  })
})
