/** Capacity and downtime from measured recoveries. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitRecoveries, type RecoveryRow, readRecoveryRows, TooFewRows, UnreadableRows } from '../../src/flink/index.ts'
import { recoveryMs } from '../../src/intervals/index.ts'
import { FIXTURES } from './measured-runs.ts'

const KHAOS = readFileSync(join(FIXTURES, 'khaos_ysb_recovery.json'), 'utf8')

/** Recoveries exactly as the model has them. */
function madeUp(capacity: number, downtimeMs: number, offsetMs: number, loads: readonly number[]): RecoveryRow[] {
  return [10_000, 30_000, 60_000, 120_000].flatMap((intervalMs) =>
    loads.map((load) => ({
      intervalMs,
      arrivalPerSecond: load * capacity,
      recoveryMs: recoveryMs({ downtimeMs, load }, intervalMs - offsetMs),
      beforeNextMs: offsetMs,
    })),
  )
}

describe('the recoveries that Khaos measured', () => {
  const fit = fitRecoveries(readRecoveryRows('khaos.json', KHAOS))

  it('are predicted within 9 % on an interval left out, with two fitted parameters', () => {
    expect(fit.n).toBe(60)
    expect(fit.excluded).toEqual([])
    expect(fit.leaveOneIntervalOut).toBeLessThanOrEqual(9)
    expect(fit.inSample).toBeLessThanOrEqual(7.8)
    expect(Object.values(fit.parameters).filter((parameter) => parameter.fitted)).toHaveLength(2)
  })

  it('give the capacity and the downtime of the job', () => {
    const { capacityPerSecond, downtimeMs, replayOffsetMs } = fit.parameters
    expect(capacityPerSecond.value).toBeCloseTo(139_353, -2)
    expect(downtimeMs.value).toBeCloseTo(69_175, -2)
    expect(replayOffsetMs).toEqual({ value: 3000, low80: 3000, high80: 3000, fitted: false })
    for (const { value, low80, high80 } of [capacityPerSecond, downtimeMs]) {
      expect(low80).toBeLessThanOrEqual(value)
      expect(high80).toBeGreaterThanOrEqual(value)
    }
  })

  it('give the same to the last digit when fitted again', () => {
    expect(fitRecoveries(readRecoveryRows('khaos.json', KHAOS))).toEqual(fit)
  })
})

describe('a fit', () => {
  it('finds the parameters of recoveries that follow the model', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 1_000_000 }),
        fc.integer({ min: 1000, max: 100_000 }),
        fc.integer({ min: 0, max: 5000 }),
        (capacity, downtimeMs, offsetMs) => {
          const { parameters, inSample, excluded } = fitRecoveries(
            madeUp(capacity, downtimeMs, offsetMs, [0.3, 0.5, 0.7]),
          )
          expect(parameters.capacityPerSecond.value / capacity).toBeCloseTo(1, 2)
          expect(Math.abs(parameters.downtimeMs.value - downtimeMs)).toBeLessThan(0.02 * downtimeMs + 200)
          expect(inSample).toBeLessThan(1)
          expect(excluded).toEqual([])
        },
      ),
      { numRuns: 8 },
    )
  })

  it('fits how long before the next checkpoint the failures struck, if nobody recorded it', () => {
    const rows = madeUp(1000, 5000, 4000, [0.3, 0.5, 0.7]).map((row) => ({ ...row, beforeNextMs: null }))
    const { replayOffsetMs } = fitRecoveries(rows).parameters
    expect(replayOffsetMs.fitted).toBe(true)
    expect(Math.abs(replayOffsetMs.value - 4000)).toBeLessThan(500)
  })

  it('leaves out and lists rows that are saturated or never recovered', () => {
    const saturated = { intervalMs: 10_000, arrivalPerSecond: 1300, recoveryMs: 600_000, beforeNextMs: 0 }
    const never = { intervalMs: 10_000, arrivalPerSecond: 900, recoveryMs: Number.POSITIVE_INFINITY, beforeNextMs: 0 }
    const { excluded, n, parameters } = fitRecoveries([...madeUp(1000, 5000, 0, [0.3, 0.5, 0.7]), saturated, never])
    expect(excluded).toEqual([saturated, never])
    expect(n).toBe(12)
    expect(parameters.capacityPerSecond.value / 1000).toBeCloseTo(1, 2)
  })

  it('is little moved by one outlier', () => {
    const rows = madeUp(1000, 5000, 0, [0.3, 0.5, 0.7])
    const wrong = rows.map((row, i) => (i === 4 ? { ...row, recoveryMs: row.recoveryMs * 3 } : row))
    expect(fitRecoveries(wrong).parameters.capacityPerSecond.value / 1000).toBeCloseTo(1, 1)
  })

  it('needs four rows', () => {
    expect(() => fitRecoveries(madeUp(1000, 5000, 0, [0.5]).slice(0, 3))).toThrow(TooFewRows)
  })
})

describe('files of recoveries', () => {
  const row = { intervalMs: 10_000, arrivalPerSecond: 500, recoveryMs: 12_500, beforeNextMs: 3000 }

  it('are CSV, JSON rows, or of Khaos', () => {
    const csv = 'interval_s, arrival_per_s ,recovery_s,failure_before_next_s\n10,500,12.5,3\n\n20,600,never,\n'
    expect(readRecoveryRows('a.csv', csv)).toEqual([
      row,
      { intervalMs: 20_000, arrivalPerSecond: 600, recoveryMs: Number.POSITIVE_INFINITY, beforeNextMs: null },
    ])
    const json = [{ interval_s: 10, arrival_per_s: 500, recovery_s: 12.5, failure_before_next_s: 3, note: 'x' }]
    expect(readRecoveryRows('a.json', JSON.stringify(json))).toEqual([row])
    expect(readRecoveryRows('a.json', JSON.stringify({ rows: json }))).toEqual([row])
    expect(readRecoveryRows('khaos.json', KHAOS)[0]).toMatchObject({ intervalMs: 10_000, beforeNextMs: 3000 })
  })

  it.each([
    ['', 'is empty'],
    ['<html></html>', 'is a web page'],
    ['{"data": {"ysb"', 'breaks off'],
    ['{"a": 1}', 'JSON without rows'],
    ['a,b\n1,2', 'instead of a header'],
    ['interval_s,arrival_per_s,recovery_s\n10,abc,3', 'Row 1 of x lacks a usable arrival_per_s'],
    ['interval_s,arrival_per_s,recovery_s\n', 'holds no measured recovery'],
    ['{"data": {"a": [], "b": []}}', 'name one of them with --series'],
  ])('%j: one sentence', (text, sentence) => {
    expect(() => readRecoveryRows('x', text)).toThrow(UnreadableRows)
    expect(() => readRecoveryRows('x', text)).toThrow(sentence)
  })
})
