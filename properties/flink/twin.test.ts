/** The twin on every dump there is: of the real cluster, of old versions, with and without what the user adds. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDump, type TwinOptions, twin } from '../../src/flink/index.ts'
import { clusterRuns, dumpOf, FIXTURES, packedRun } from './measured-runs.ts'

const runs = clusterRuns()
const dumps = runs.flatMap(({ row, before, after }) =>
  [
    { name: `${row.name}/before`, row, answers: before },
    { name: `${row.name}/after`, row, answers: after },
  ].filter(({ answers }) => answers !== null),
)
const twinBefore = (name: string, options: TwinOptions = {}) => twin(dumpOf(packedRun(name).before!, name), options)
const twinAfter = (name: string, options: TwinOptions = {}) => twin(dumpOf(packedRun(name).after!, name), options)

describe('the dumps of the real cluster', () => {
  it('are all read, each figure with its origin, without a problem of the dump itself', () => {
    expect(dumps.length).toBe(93)
    for (const { name, answers } of dumps) {
      const dump = dumpOf(answers!, name)
      const report = twin(dump)
      expect(dump.problems, name).toEqual([])
      expect(report.flink.version, name).toBe('2.3.0')
      expect(report.job.bottleneck, name).toBe('work')
      for (const figure of Object.values(report.inferred)) {
        expect(figure.from, name).not.toBe('')
        expect(figure.value === null || figure.sure !== 'unknown', name).toBe(true)
      }
      for (const key of ['arrivalPerSecond', 'capacityPerSecond', 'utilisation', 'downtimeMs'] as const)
        expect(report.inferred[key].value, `${name} ${key}`).toBeGreaterThan(0)
    }
  })

  it('tell the interval and the state exactly', () => {
    for (const { name, row, answers } of dumps) {
      const { inferred } = twin(dumpOf(answers!, name))
      expect(inferred.checkpointIntervalMs, name).toMatchObject({ value: Number(row.T) * 1000, sure: 'high' })
      expect(inferred.stateBytes.value, name).toBeGreaterThan(10_000)
    }
  })
})

describe('a job without a failure yet', () => {
  it('tells its rates', () => {
    const { inferred } = twinBefore('ex-T05-r80-1')
    expect(inferred.arrivalPerSecond.value).toBeCloseTo(799.3, 0)
    expect(inferred.arrivalPerSecond.sure).toBe('high')
    expect(inferred.capacityPerSecond.value).toBeCloseTo(999, 0)
    expect(inferred.utilisation.value).toBeCloseTo(0.8, 2)
    expect(inferred.downtimeMs.value).toBe(1137)
    expect(inferred.mtbfMs).toMatchObject({ value: null, sure: 'unknown' })
    expect(inferred.mtbfMs.from).toContain('--mtbf')
  })

  it('tells the recovery of a failure at a given moment, and the cost of each part', () => {
    const { prediction } = twinBefore('ex-T10-r60-2', { failureAtMs: 1795413981796 })
    expect(prediction.atFailure).toMatchObject({ kind: 'exception', replayMs: 8195, downtimeMs: 1137 })
    expect(prediction.atFailure!.recoveryMs).toBeCloseTo(14_842, -2)
    expect(prediction.atFailure!.fallback.checkpointId).toBe(2)
    expect(prediction.atFailure!.low80!).toBeLessThan(prediction.atFailure!.recoveryMs!)
    expect(prediction.atFailure!.high80!).toBeGreaterThan(prediction.atFailure!.recoveryMs!)
  })

  it('recommends by goals without an MTBF, and by overhead with one', () => {
    const nothing = twinBefore('ex-T10-r60-2')
    expect(nothing.recommended).toMatchObject({ intervalMs: null })
    expect(nothing.recommended.reason).toContain('--mtbf')
    const byGoal = twinBefore('ex-T10-r60-2', { goals: { recoveryMs: 20_000 } })
    expect(byGoal.recommended.intervalMs).toBeGreaterThan(5000)
    expect(byGoal.recommended.intervalMs).toBeLessThan(12_000)
    const byReplay = twinBefore('ex-T10-r60-2', { goals: { recoveryMs: 20_000, replayMs: 3000 } })
    expect(byReplay.recommended).toMatchObject({ intervalMs: 3000, report: null })
    const byOverhead = twinBefore('ex-T10-r60-2', { mtbfMs: 6 * 3_600_000 })
    expect(byOverhead.recommended.report).not.toBeNull()
    const unreachable = twinBefore('ex-T10-r60-2', { goals: { recoveryMs: 1000 } })
    expect(unreachable.recommended.intervalMs).toBeNull()
    expect(unreachable.recommended.reason).toContain('no interval')
  })

  it('is sharpened by a dump from before', () => {
    const earlier = dumpOf(packedRun('bp95-aligned').before!, 'earlier')
    const { inferred, problems } = twinAfter('bp95-aligned', { earlier })
    expect(inferred.arrivalPerSecond).toMatchObject({ sure: 'high' })
    expect(inferred.arrivalPerSecond.from).toContain('between the dumps')
    expect(inferred.arrivalPerSecond.value).toBeCloseTo(950, 0)
    expect(inferred.capacityPerSecond.from).toContain('between the dumps')
    expect(problems).toEqual([])
  })

  it('does not mix two jobs', () => {
    const earlier = dumpOf(packedRun('bp120-aligned').before!, 'earlier')
    expect(twinAfter('bp95-aligned', { earlier }).problems[0]).toMatch(/^The earlier dump is of job .* left out/)
  })
})

describe('what the user gives', () => {
  const failureAtMs = Number(packedRun('ex-T10-r60-2').row.t_fail)

  it('is taken as it is', () => {
    const { inferred } = twinBefore('ex-T10-r60-2', {
      arrivalPerSecond: 500,
      capacityPerSecond: 1000,
      downtimeMs: 5000,
    })
    expect(inferred.arrivalPerSecond).toMatchObject({ value: 500, sure: 'given' })
    expect(inferred.utilisation).toMatchObject({ value: 0.5, sure: 'given' })
    expect(inferred.downtimeMs).toMatchObject({ value: 5000, sure: 'given' })
  })

  it('moves the recovery the right way', () => {
    const recovery = (options: TwinOptions): number =>
      twinBefore('ex-T10-r60-2', { failureAtMs, ...options }).prediction.atFailure!.recoveryMs!
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 900 }),
        fc.integer({ min: 0, max: 9000 }),
        (arrivalPerSecond, downtimeMs) => {
          const given = { arrivalPerSecond, downtimeMs: 1000 + downtimeMs, capacityPerSecond: 1000 }
          const base = recovery(given)
          expect(recovery({ ...given, downtimeMs: given.downtimeMs + 1000 })).toBeGreaterThan(base)
          expect(recovery({ ...given, capacityPerSecond: 1100 })).toBeLessThanOrEqual(base)
          expect(recovery({ ...given, failureAtMs: failureAtMs + 1000 })).toBeGreaterThanOrEqual(base)
          expect(recovery({ ...given, recoveredLagMs: 2000 })).toBeLessThanOrEqual(base)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('never recovers where more arrives than can be processed', () => {
    const { prediction, problems } = twinBefore('ex-T10-r60-2', {
      failureAtMs,
      arrivalPerSecond: 1200,
      capacityPerSecond: 1000,
    })
    expect(prediction.atFailure).toMatchObject({ recoveryMs: null })
    expect(prediction.recoveryMs).toEqual({ p50: null, p90: null, p99: null })
    expect(problems.some((problem) => problem.includes('never recovers'))).toBe(true)
  })
})

describe('advice', () => {
  const adviceOf = (name: string): string =>
    twinBefore(name)
      .advice.map(({ advice }) => advice)
      .join('\n')

  it('says unaligned where barriers wait behind a backlog, unless they are on', () => {
    expect(adviceOf('bp120-aligned')).toContain('enable unaligned checkpoints')
    expect(adviceOf('bp120-unaligned')).not.toContain('enable unaligned checkpoints')
    expect(twinBefore('bp120-aligned').advice[1]!.evidence).toMatch(/start delay is 4\.7 s of the 4\.87 s/)
  })

  it('says timeout where checkpoints expire', () => {
    expect(adviceOf('exp-tol2')).toContain('execution.checkpointing.timeout')
  })

  it('says capacity where the load is high', () => {
    expect(adviceOf('bp95-aligned')).toContain('add capacity to work')
    expect(adviceOf('ex-T02-r30-2')).toBe('')
  })

  it('says min pause where a checkpoint takes most of the interval', () => {
    expect(
      twinAfter('minpause', {})
        .advice.map(({ advice }) => advice)
        .join(),
    ).not.toContain('min-pause')
    const { before: answers } = packedRun('bp120-aligned')
    const config = answers!['checkpoints_config.json']!.replace('"interval":10000', '"interval":6000')
    const report = twin(dumpOf({ ...answers, 'checkpoints_config.json': config }, 'short'))
    expect(report.advice.map(({ advice }) => advice).join('\n')).toContain('execution.checkpointing.min-pause')
  })

  it('says slots where a lost TaskManager has no stand-in', () => {
    expect(twinBefore('ex-T10-r60-2').advice[0]!.evidence).toMatch(
      /if tm-3 is lost, 2 slots are needed and the others have 0/,
    )
    expect(adviceOf('kill-T05-r60-1')).toBe('')
  })

  it('says incremental where large state grows', () => {
    const { before: answers } = packedRun('ex-T02-r60-1')
    const text = answers!['checkpoints.json']!
    let size = 60_000_000
    const grown = text.replaceAll(/"checkpointed_size":\d+,"state_size":\d+/g, () => {
      size -= 400_000
      return `"checkpointed_size":${size},"state_size":${size}`
    })
    const report = twin(dumpOf({ ...answers, 'checkpoints.json': grown }, 'growing'))
    expect(report.advice.map(({ advice }) => advice).join('\n')).toContain('use incremental checkpoints')
  })
})

describe('a running job of a version before 1.16, without accumulated times', () => {
  it('tells its rates by the 60-second metrics', () => {
    const old = Object.fromEntries(
      Object.entries(packedRun('steady-r60').after!).map(([name, text]) => [
        name,
        text.replaceAll(/,"accumulated-[a-z-]+":[\d.]+/g, '').replaceAll(/,"status-duration":\{[^{}]*\}/g, ''),
      ]),
    )
    const { inferred, problems } = twin(dumpOf(old, 'old'))
    expect(problems).toEqual([])
    expect(inferred.arrivalPerSecond.value).toBeCloseTo(600, 0)
    expect(inferred.arrivalPerSecond.from).toContain('numRecordsOutPerSecond')
    expect(inferred.capacityPerSecond.value! / 990).toBeCloseTo(1, 1)
    expect(inferred.capacityPerSecond.from).toContain('the last minute')
  })
})

describe('one saved answer of an old version', () => {
  const sample = (name: string): string => readFileSync(join(FIXTURES, `sample_checkpoints_${name}.json`), 'utf8')

  it('1.9 with its configuration', () => {
    const report = twin(
      parseDump(
        new Map([
          ['checkpoints', sample('flink1.9_interval2s')],
          ['checkpoints_config', sample('config_flink1.9')],
        ]),
        'sample',
      ),
    )
    expect(report.problems).toEqual([])
    expect(report.inferred.checkpointIntervalMs.value).toBe(2000)
    expect(report.inferred.checkpointLatencyMs.value).toBe(3)
    expect(report.inferred.arrivalPerSecond.from).toContain('--arrival')
  })

  it('1.13 without: the interval from the triggers; rates and goals from the user', () => {
    const dump = parseDump(new Map([['checkpoints.json', sample('flink1.13_interval60s')]]), 'sample')
    const report = twin(dump, {
      arrivalPerSecond: 50,
      capacityPerSecond: 100,
      downtimeMs: 20_000,
      goals: { recoveryMs: 180_000 },
    })
    expect(report.inferred.checkpointIntervalMs).toMatchObject({ value: 59_999, sure: 'low' })
    expect(report.prediction.recoveryMs.p50).toBeGreaterThan(60_000)
    expect(report.recommended.intervalMs).toBeGreaterThan(100_000)
  })
})
