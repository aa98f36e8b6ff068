/** Every row of the golden values, to the printed precision, and Daly's published optima. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  daly2006,
  exactOptimum,
  jayasekara2020,
  recoveryMs,
  recoveryTime,
  replayAge,
  utilisation,
  vaidya1997,
  young1974,
} from '../../src/intervals/index.ts'

interface Golden {
  daly_published_min: { delta: number; M: number; tau_published: number; tau_formula: number }[]
  streaming: {
    c_s: number
    mtbf_s: number
    young: number
    daly_work: number
    T_exact: number
    U_at_Texact_R30: number
  }[]
  catchup: { rho: number; D: number; L: number; R: number }[]
}

const path = fileURLToPath(new URL('../fixtures/intervals/analytics_golden.json', import.meta.url))
const golden: Golden = JSON.parse(readFileSync(path, 'utf8'))

/** Half a unit of the last printed digit, and the rounding of a double on top. */
const printed = (value: number): number => {
  const decimals = String(value).split('.')[1]?.length ?? 0
  return 0.5000001 * 10 ** -decimals
}

describe('golden values', () => {
  it('are all there', () => {
    expect([golden.daly_published_min.length, golden.streaming.length, golden.catchup.length]).toEqual([3, 20, 6])
  })

  it.each(golden.daly_published_min)('Daly 2006: cost $delta min, MTBF $M min', (row) => {
    const workMin = daly2006(row.delta * 60_000, row.M * 60_000).workMs / 60_000
    expect(Math.abs(workMin - row.tau_formula)).toBeLessThanOrEqual(printed(row.tau_formula))
    expect(Math.abs(workMin - row.tau_published)).toBeLessThanOrEqual(printed(row.tau_published))
  })

  it.each(golden.streaming)('cost $c_s s, MTBF $mtbf_s s', (row) => {
    const costMs = row.c_s * 1000
    const mtbfMs = row.mtbf_s * 1000
    const exact = exactOptimum(costMs, mtbfMs)
    const input = { intervalMs: exact.intervalMs, costMs, mtbfMs, restartMs: 30_000 }
    const computed: [value: number, expected: number][] = [
      [young1974(costMs, mtbfMs).workMs / 1000, row.young],
      [daly2006(costMs, mtbfMs).workMs / 1000, row.daly_work],
      [exact.intervalMs / 1000, row.T_exact],
      [utilisation(input), row.U_at_Texact_R30],
      [vaidya1997({ ...input, latencyMs: costMs }), row.U_at_Texact_R30],
      [jayasekara2020({ ...input, depth: 1, hopDelayMs: 1000 }), row.U_at_Texact_R30],
    ]
    for (const [value, expected] of computed)
      expect(Math.abs(value - expected), `${value} against ${expected}`).toBeLessThanOrEqual(printed(expected))
  })

  it.each(golden.catchup)('catch-up: load $rho, downtime $D s, age $L s', (row) => {
    const input = { downtimeMs: row.D * 1000, load: row.rho }
    const recoveredS = recoveryMs(input, row.L * 1000) / 1000
    expect(Math.abs(recoveredS - row.R)).toBeLessThanOrEqual(printed(row.R))
    // The age as the certain value of a distribution: no phase, only the latency.
    const age = replayAge({ intervalMs: row.L * 1000, latencyMs: row.L * 1000 })
    expect(recoveryTime(input, age).quantile(0) / 1000).toBeCloseTo(recoveredS, 9)
  })
})
