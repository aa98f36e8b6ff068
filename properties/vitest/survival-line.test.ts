import { describe, expect, it } from 'vitest'
import { survivalLine, totalLine } from '../../src/vitest/survival-line.ts'
import type { SurvivalMeta } from '../../src/vitest/survival-meta.ts'

const held: SurvivalMeta = {
  wanted: 'survives',
  verdict: 'holds',
  scenario: 'shop',
  seed: '1',
  runs: 4820,
  inconclusiveRuns: 8,
  seconds: 4.3,
  phases: 47,
  missingPhases: ['expired', 'decline-sent', 'abort-sent'],
}
const failed: SurvivalMeta = { ...held, verdict: 'safety', runs: 28, seconds: 0.9, run: 27, fingerprint: 'output/gap' }

describe('the line of a check', () => {
  it.each<[SurvivalMeta, string]>([
    [held, 'survives: 4,820 runs in 4.3 s, 1,121 runs/s, 93 % of phases, 0 of 4,812: p < 0.062 %'],
    [{ ...held, runs: 3, inconclusiveRuns: 0 }, 'survives: 3 runs in 4.3 s, 1 runs/s, 93 % of phases'],
    [failed, 'does not survive: run 27, output/gap, 28 runs in 900 ms, 31 runs/s'],
    [{ ...failed, wanted: 'fails' }, 'fails as it should: run 27, output/gap, 28 runs in 900 ms, 31 runs/s'],
    [
      { ...held, wanted: 'fails', missingPhases: [] },
      'survives, but was to fail: 4,820 runs in 4.3 s, 1,121 runs/s, 100 % of phases, 0 of 4,812: p < 0.062 %',
    ],
    [{ ...held, verdict: 'vacuous', runs: 1 }, 'vacuous: 1 run in 4.3 s, 0 runs/s, 93 % of phases'],
    [{ ...held, verdict: 'inconclusive' }, 'inconclusive: 4,820 runs in 4.3 s, 1,121 runs/s, 93 % of phases'],
  ])('%#', (meta, line) => {
    expect(survivalLine(meta)).toBe(line)
  })

  it('does not say 100 % of phases if one is missing', () => {
    expect(survivalLine({ ...held, phases: 1000, missingPhases: ['expired'] })).toContain('99 % of phases')
  })
})

describe('the line of all checks', () => {
  it('adds runs and seconds, and counts a phase as missing only if no check saw it', () => {
    const other: SurvivalMeta = { ...held, runs: 180, seconds: 0.7, missingPhases: ['expired', 'trigger-sent'] }
    expect(totalLine([held, other])).toBe('2 checks, 5,000 runs in 5 s, 1,000 runs/s, 97 % of phases')
  })

  it('is none without checks', () => {
    expect(totalLine([])).toBeNull()
  })
})
