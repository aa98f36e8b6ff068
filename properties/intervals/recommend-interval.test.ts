import fc from 'fast-check'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import {
  exactOptimum,
  type IntervalProblem,
  intervalRow,
  minimise,
  OutOfRange,
  recommendInterval,
  recoveryMs,
  resolveProblem,
} from '../../src/intervals/index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const job: IntervalProblem = {
  costMs: 1000,
  latencyMs: 5000,
  failures: { kind: 'exponential', mtbfMs: 6 * HOUR },
  restartMs: 20_000,
  detectionMs: 10_000,
  load: { arrivalPerSecond: 70_000, capacityPerSecond: 100_000 },
}

const problems = fc
  .record({
    costMs: fc.integer({ min: 1, max: 10_000 }),
    extraLatencyMs: fc.integer({ min: 0, max: 30_000 }),
    mtbfMs: fc.integer({ min: 20 * MINUTE, max: 500 * HOUR }),
    shape: fc.constantFrom(0.6, 1, 1, 1, 2),
    restartMs: fc.integer({ min: 0, max: 2 * MINUTE }),
    load: fc.double({ min: 0, max: 0.9, noNaN: true }),
    failedShare: fc.constantFrom(0, 0, 0.05, 0.3),
    minPauseMs: fc.constantFrom(0, 0, 5000),
    recoveryMs: fc.option(fc.integer({ min: 1000, max: HOUR }), { nil: undefined }),
    replayMs: fc.option(fc.integer({ min: 1000, max: HOUR }), { nil: undefined }),
    latencyMs: fc.option(fc.integer({ min: 1000, max: HOUR }), { nil: undefined }),
  })
  .map(
    ({
      costMs,
      extraLatencyMs,
      mtbfMs,
      shape,
      restartMs,
      load,
      failedShare,
      minPauseMs,
      ...goals
    }): IntervalProblem => {
      const given = Object.entries(goals).filter(([, value]) => value !== undefined)
      return {
        costMs,
        latencyMs: costMs + extraLatencyMs,
        failures: shape === 1 ? { kind: 'exponential', mtbfMs } : { kind: 'weibull', shape, mtbfMs },
        restartMs,
        load: { share: load },
        failedShare,
        minPauseMs,
        goals: Object.fromEntries(given),
      }
    },
  )

describe('a recommendation', () => {
  it('meets every goal within reach, and no interval that does has less overhead', () => {
    fc.assert(
      fc.property(problems, fc.double({ min: -1.5, max: 1.5, noNaN: true }), (problem, exponent) => {
        const report = recommendInterval(problem)
        const { recommended, goals } = report
        expect(recommended.intervalMs).toBeGreaterThanOrEqual(report.problem.shortestMs * (1 - 1e-9))
        const reachable = goals.filter((goal) => goal.reachable)
        const conflict = recommended.reason.includes('No interval meets all goals')
        if (!conflict) for (const goal of reachable) expect(recommended.misses, goal.text).not.toContain(goal.goal)
        const otherMs = Math.max(report.problem.shortestMs, recommended.intervalMs * 10 ** exponent)
        const other = intervalRow(report.problem, otherMs)
        if (conflict || reachable.some((goal) => other.misses.includes(goal.goal))) return
        // Rounded down by at most 2 %, where the overhead is flat.
        expect(other.overhead).toBeGreaterThanOrEqual(recommended.overhead * 0.975 - 1e-9)
      }),
      { numRuns: 150 },
    )
  })

  it('tells where each goal starts to be missed', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { goals, problem: resolved } = recommendInterval(problem)
        for (const { goal, missedAboveMs, missedBelowMs } of goals) {
          if (missedAboveMs !== null) {
            expect(intervalRow(resolved, missedAboveMs * 0.9999).misses).not.toContain(goal)
            expect(intervalRow(resolved, missedAboveMs * 1.0001).misses).toContain(goal)
          }
          if (missedBelowMs !== null) {
            expect(intervalRow(resolved, missedBelowMs * 1.0001).misses).not.toContain(goal)
            expect(intervalRow(resolved, missedBelowMs * 0.9999).misses).toContain(goal)
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  it('adds up: useful work, checkpoints, replay and downtime are all the time there is', () => {
    fc.assert(
      fc.property(problems, fc.double({ min: 0.1, max: 10, noNaN: true }), (problem, factor) => {
        const report = recommendInterval(problem)
        const row = intervalRow(report.problem, report.optimum.intervalMs * factor)
        const { checkpoints, replay, downtime } = row.lost
        expect(row.utilisation + checkpoints + replay + downtime).toBeCloseTo(1, 12)
        for (const share of [checkpoints, replay, downtime]) expect(share).toBeGreaterThanOrEqual(-1e-9)
        expect(row.overhead).toBeCloseTo(1 / row.utilisation - 1, 12)
      }),
      { numRuns: 100 },
    )
  })

  it('is the exact optimum, rounded, without goals', () => {
    const report = recommendInterval(job)
    expect(report.optimum.intervalMs).toBeCloseTo(exactOptimum(1000, 6 * HOUR).intervalMs, 6)
    expect(report.recommended.intervalMs).toBe(208_000)
    expect(report.recommended.reason).toBe(
      'the least overhead, 1.13 %, is at 3.47 min; from 2.48 min to 4.86 min it stays within 5 % of that.',
    )
    expect(report.model.name).toBe('vaidya-1997')
    expect(report.goals).toEqual([])
  })

  it('takes the longest interval that keeps a goal, and says what it costs', () => {
    const report = recommendInterval({ ...job, goals: { recoveryMs: 4 * MINUTE, replayMs: MINUTE } })
    expect(report.recommended.intervalMs).toBe(49_500)
    expect(report.recommended.reason).toBe(
      'the longest interval that keeps recovery p99 within 4 min; the least overhead would be at 3.47 min (1.13 % against 2.34 %).',
    )
    expect(report.goals.map((goal) => goal.text)).toEqual([
      'recovery p99 ≤ 4 min is missed above 49.8 s and below 5.97 s.',
      'replay p99 ≤ 60 s is missed above 55.6 s.',
    ])
  })

  it('says when a goal is out of reach, and what would help', () => {
    const report = recommendInterval({ ...job, goals: { recoveryMs: 90_000, latencyMs: 20_000, quantile: 1 } })
    expect(report.goals.map((goal) => goal.reachable)).toEqual([false, false])
    expect(report.goals[0]!.text).toMatch(
      /^recovery worst case ≤ 90 s is out of reach with a downtime of 30 s at a load of 0\.7: the best is .*; shorten the downtime or the checkpoint, add capacity, or relax the goal\.$/,
    )
    expect(report.recommended.intervalMs).toBe(208_000)
    expect(report.recommended.reason).toContain('recovery and peak lag cannot be met at any interval.')
  })

  it('does not go below what one checkpoint at a time allows', () => {
    const report = recommendInterval({ ...job, costMs: 10, latencyMs: 50_000, minPauseMs: 20_000 })
    expect(report.recommended.intervalMs).toBeCloseTo(70_000, 6)
    expect(report.recommended.reason).toContain('the shortest interval possible')
    const shorter = intervalRow(report.problem, 10_000)
    expect(shorter.effectiveMs).toBe(70_000)
    expect(shorter.intervalMs).toBe(10_000)
  })

  it('goes above the optimum where checkpoints would eat the capacity that a catch-up needs', () => {
    const report = recommendInterval({
      costMs: 1000,
      failures: { kind: 'exponential', mtbfMs: MINUTE },
      restartMs: 1000,
      load: { share: 0.9 },
      goals: { recoveryMs: 7 * MINUTE },
    })
    const goal = report.goals[0]!
    expect(goal.missedBelowMs!).toBeGreaterThan(report.optimum.intervalMs)
    expect(report.recommended.intervalMs).toBeGreaterThanOrEqual(goal.missedBelowMs!)
    expect(report.recommended.intervalMs).toBeLessThan(goal.missedAboveMs!)
    expect(report.recommended.reason).toContain('the shortest interval that leaves a catch-up enough capacity')
    expect(report.recommended.sustainable).toBe(false)
    expect(report.notes.join(' ')).toContain('the job falls behind for good')
    expect(recommendInterval(job).recommended.sustainable).toBe(true)
  })

  it('shows the candidates asked for, and the recommended one', () => {
    const report = recommendInterval(job, { intervalsMs: [60_000, 10_000] })
    expect(report.candidates.map((row) => row.intervalMs)).toEqual([10_000, 60_000, 208_000])
    const row = report.candidates[1]!
    expect(row.replayMs).toEqual({ mean: 35_000, p50: 35_000, p90: 59_000, p99: 64_400 })
    expect(row.peakLagMs.p99).toBe(94_400)
    expect(row.peakBacklogRecords).toBeCloseTo(70_000 * 94.4, 3)
    expect(() => recommendInterval(job, { intervalsMs: [-5] })).toThrow(OutOfRange)
  })
})

describe('the models', () => {
  it('are compared with the one in use, or refuse', () => {
    const report = recommendInterval(job)
    const by = Object.fromEntries(report.others.map((other) => [other.name, other]))
    expect(Object.keys(by)).toEqual(['young-1974', 'daly-2006-first-order', 'daly-2006', 'exact-optimum'])
    expect(by['young-1974']!.workMs).toBeCloseTo(207_846.1, 1)
    expect(by['young-1974']!.difference).toBeCloseTo(0.0032, 4)
    expect(by['exact-optimum']!.difference).toBe(0)
    // Stop-the-world: it does not know that a checkpoint is durable only after its latency.
    expect(by['exact-optimum']!.ownUtilisation!).toBeGreaterThan(report.optimum.utilisation)

    const rough = recommendInterval({ costMs: 5 * MINUTE, failures: { kind: 'exponential', mtbfMs: 15 * MINUTE } })
    expect(rough.others[0]!.refusal).toContain('young-1974: a first-order formula needs')
    expect(rough.others[0]!.intervalMs).toBeNull()
  })

  it('follow the problem: depth, failed checkpoints, Weibull', () => {
    const deep = recommendInterval({ costMs: 1000, failures: job.failures, depth: 5, hopDelayMs: 1000 })
    expect(deep.problem.latencyMs).toBe(5000)
    const jayasekara = deep.others.find((other) => other.name === 'jayasekara-2020')!
    expect(jayasekara.ownUtilisation).toBeCloseTo(deep.optimum.utilisation, 12)

    const failing = recommendInterval({ ...job, failedShare: 0.2 })
    expect(failing.model.name).toBe('vaidya-1997 with failed checkpoints')
    expect(failing.optimum.intervalMs / exactOptimum(1000, 6 * HOUR).intervalMs).toBeCloseTo(Math.sqrt(0.8 / 1.2), 2)

    const bursts = recommendInterval({ ...job, failures: { kind: 'weibull', shape: 0.6, mtbfMs: 6 * HOUR } })
    expect(bursts.model.name).toBe('renewal-utilisation')
    expect(bursts.others.filter((other) => other.name.startsWith('weibull-local-rate'))).toHaveLength(3)
    expect(bursts.risks.exposed.probability).toBeGreaterThan(recommendInterval(job).risks.exposed.probability)
  })

  it('weigh incremental against full checkpoints', () => {
    const report = recommendInterval({
      ...job,
      costMs: 200,
      incremental: { fullCostMs: 10_000, restorePerIncrementalMs: 500 },
    })
    const mix = report.problem.mix!
    expect(report.problem.costMs).toBe(mix.meanCostMs)
    expect(report.problem.downtimeMs).toBe(30_000 + mix.meanExtraRestoreMs)
    // No other number of incrementals, each with its own best interval, leaves more useful work.
    const usefulWith = (m: number): number => {
      const costMs = 200 + 9800 / (m + 1)
      const { intervalMs } = exactOptimum(costMs, 6 * HOUR)
      const problem = resolveProblem({ ...job, costMs, latencyMs: 5000 + costMs, restartMs: 20_000 + 250 * m })
      return intervalRow(problem, Math.max(intervalMs, problem.shortestMs)).utilisation
    }
    const useful = usefulWith(mix.incrementalsPerFull)
    for (let m = 0; m < 300; m += 1) expect(usefulWith(m)).toBeLessThanOrEqual(useful * (1 + 1e-4))
  })
})

describe('observed failures', () => {
  const times = (count: number, shape: number): number[] => {
    const random = seedrandom(`observed ${shape}`)
    let now = 1_700_000_000_000
    return Array.from({ length: count }, () => (now += 5 * HOUR * (-Math.log(1 - random())) ** (1 / shape)))
  }

  it('become an exponential with limits, or a Weibull where the shape is beyond chance', () => {
    const few = recommendInterval({ ...job, failures: { kind: 'observed', timesMs: times(6, 1) } })
    expect(few.model.name).toBe('vaidya-1997')
    expect(few.notes[0]).toMatch(
      /^6 failures give an MTBF of .* \(95 %: .* to .*\), too few to tell a shape: taken as exponential\.$/,
    )
    const [low, high] = few.optimum.limitsMs!
    expect(low).toBeLessThan(few.optimum.intervalMs)
    expect(high).toBeGreaterThan(few.optimum.intervalMs)

    const many = recommendInterval({ ...job, failures: { kind: 'observed', timesMs: times(60, 1) } })
    expect(many.notes[0]).toContain('look memoryless')
    const bursts = recommendInterval({ ...job, failures: { kind: 'observed', timesMs: times(200, 0.5) } })
    expect(bursts.notes[0]).toContain('come in bursts')
    expect(bursts.problem.weibull!.shape).toBeCloseTo(0.5, 1)
  })
})

describe('a changing load', () => {
  const day: IntervalProblem = {
    ...job,
    load: {
      profile: [
        { atMs: 0, perSecond: 30_000 },
        { atMs: 12 * HOUR, perSecond: 95_000 },
      ],
      periodMs: 24 * HOUR,
      capacityPerSecond: 100_000,
    },
  }

  it('spreads the recovery, and warns where the peak exceeds the capacity', () => {
    const changing = recommendInterval(day).recommended.recoveryMs!
    const steady = recommendInterval({ ...job, load: { share: 0.625 } }).recommended.recoveryMs!
    expect(changing.p99 / changing.p50).toBeGreaterThan(2 * (steady.p99 / steady.p50))
    const tight = recommendInterval({ ...day, load: { ...day.load!, capacityPerSecond: 90_000 } as never })
    expect(tight.notes.join(' ')).toContain('The peak of 95000 records/s exceeds the capacity of 90000')
  })
})

describe('refusals', () => {
  it.each<[string, Partial<IntervalProblem>, string]>([
    [
      'a load of 1',
      { load: { share: 1 } },
      'the load must lie in [0, 1), got 1; it is the arrival rate over the capacity',
    ],
    [
      'more arrivals than capacity',
      { load: { arrivalPerSecond: 9, capacityPerSecond: 8 } },
      'got 9 against 8 records/s',
    ],
    [
      'no capacity',
      { load: { arrivalPerSecond: 9, capacityPerSecond: 0 } },
      'capacityPerSecond must be a finite number above 0',
    ],
    ['a latency below the cost', { latencyMs: 10 }, 'swap them or give the end-to-end duration'],
    ['no cost', { costMs: 0 }, 'costMs must be a finite number above 0, got 0'],
    ['a negative restart', { restartMs: -1 }, 'restartMs must be a finite number, 0 or more, got -1'],
    ['a failed share of 1', { failedShare: 1 }, 'failedShare must lie in [0, 1), got 1'],
    ['a goal of nothing', { goals: { replayMs: 0 } }, 'goals.replayMs must be a finite number above 0'],
    ['a quantile in percent', { goals: { quantile: 99 } }, 'goals.quantile must lie in [0, 1], got 99'],
    ['a depth of 0', { depth: 0 }, 'depth must be an integer of 1 or more'],
  ])('%s', (_, change, sentence) => {
    expect(() => recommendInterval({ ...job, ...change })).toThrow(sentence)
    expect(() => recommendInterval({ ...job, ...change })).toThrow(OutOfRange)
  })

  it('a recovery goal without a load', () => {
    const { load: _, ...unloaded } = job
    expect(() => recommendInterval({ ...unloaded, goals: { recoveryMs: MINUTE } })).toThrow(
      'a recovery goal needs the load, and none was given; give the load, or the arrival rate and the capacity',
    )
    expect(recommendInterval(unloaded).recommended.recoveryMs).toBeNull()
  })
})

describe('risks', () => {
  it('are those of the recommended interval', () => {
    const { risks, recommended } = recommendInterval(job)
    expect(risks.recoveryFreeCheckpointsMs).toBeCloseTo(
      recoveryMs({ downtimeMs: 30_000, load: 0.7 }, recommended.replayMs.p99),
      6,
    )
    expect(risks.exposed.exposedMs).toBe(213_000)
    expect(risks.secondFailure!.addedRecoveryMs).toBeGreaterThan(0)
    expect(risks.secondFailure!.addedRecoveryMs).toBeLessThan(0.1 * recommended.recoveryMs!.mean)
  })
})

describe('minimise', () => {
  it('finds a valley, also beside walls of infinity', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (exponent) => {
        const valley = 10 ** exponent
        const f = (x: number): number => (x < valley / 3 ? Number.POSITIVE_INFINITY : (x - valley) ** 2)
        expect(minimise(f, 1e-4, 1e4) / valley).toBeCloseTo(1, 5)
      }),
    )
    expect(() => minimise((x) => x, 0, 1)).toThrow('limits must be finite, positive and in order')
  })
})
