/**
 * `npm run intervals-grid [-- --points 240] [--json]`: the simulator against the exact formulas, over a grid of problems.
 * For each point the utilisation of a simulated job (the machines of the cluster floor) with its 99 % interval, and the
 * formula's. With --json prints the result; otherwise writes reports/intervals-simulation.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import {
  type IntervalProblem,
  intervalRow,
  resolveProblem,
  simulateIntervals,
  wholeFirstIntervalUtilisation,
} from '../src/intervals/index.ts'

const REPORT = fileURLToPath(new URL('../reports/intervals-simulation.md', import.meta.url))
const MTBF_MS = 3_600_000
const LEVEL = 0.99
/** The 99.5 % point of the normal distribution. */
const Z_99 = 2.5758
/** A cost below this share of the interval: where a job in production is. */
const SMALL_COST = 0.03

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '240' },
    precision: { type: 'string', default: '0.01' },
    seed: { type: 'string', default: 'grid' },
    json: { type: 'boolean', default: false },
  },
})
const wanted = Number(values.points)
if (!(Number.isSafeInteger(wanted) && wanted >= 1))
  throw new Error(`--points wants a whole number of at least 1, but got '${values.points}'`)

interface Point {
  readonly intervalMs: number
  readonly costMs: number
  readonly latencyMs: number
  readonly restartMs: number
  readonly simulated: number
  readonly low: number
  readonly high: number
  /** Of Flink's schedule, exactly, and vaidya-1997. */
  readonly exact: number
  readonly vaidya: number
  readonly failures: number
  readonly inside: boolean
  readonly insideVaidya: boolean
}

/** Shares of the MTBF for the interval and the restart, of the interval for cost and latency. */
const INTERVALS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
const COSTS = [0.002, 0.01, 0.03, 0.1, 0.3]
const LATENCIES = [0, 0.2, 0.6]
const RESTARTS = [0.002, 0.02]

const grid: { problem: IntervalProblem; intervalMs: number }[] = []
for (const interval of INTERVALS)
  for (const cost of COSTS)
    for (const latency of LATENCIES)
      for (const restart of RESTARTS) {
        const intervalMs = Math.round(interval * MTBF_MS)
        const costMs = Math.round(cost * intervalMs)
        const latencyMs = costMs + Math.round(latency * (intervalMs - costMs))
        const failures = { kind: 'exponential', mtbfMs: MTBF_MS } as const
        grid.push({ problem: { costMs, latencyMs, restartMs: restart * MTBF_MS, failures }, intervalMs })
      }
const step = Math.max(1, grid.length / wanted)
const startMs = performance.now()
const points: Point[] = []
for (let k = 0; Math.floor(k * step) < grid.length && points.length < wanted; k += 1) {
  const { problem, intervalMs } = grid[Math.floor(k * step)]!
  const resolved = resolveProblem(problem)
  // A seed of its own for each point: points that share failures would err together.
  const [simulated] = simulateIntervals(resolved, [intervalMs], {
    precision: Number(values.precision),
    seed: `${values.seed}-${k}`,
  })
  const { costMs, latencyMs, restartMs } = problem as Required<typeof problem>
  const exact = wholeFirstIntervalUtilisation({ intervalMs, costMs, latencyMs, mtbfMs: MTBF_MS, restartMs })
  const vaidya = intervalRow(resolved, intervalMs).utilisation
  const { value, low, high } = simulated!.utilisation
  points.push({
    intervalMs,
    costMs,
    latencyMs,
    restartMs,
    simulated: value,
    low,
    high,
    exact,
    vaidya,
    failures: simulated!.failures,
    inside: exact >= low && exact <= high,
    insideVaidya: vaidya >= low && vaidya <= high,
  })
}
const seconds = (performance.now() - startMs) / 1000
const inside = points.filter((point) => point.inside).length
const smallCosts = points.filter(({ costMs, intervalMs }) => costMs <= SMALL_COST * intervalMs)
const errors = points.map(({ simulated, exact }) => Math.abs(simulated / exact - 1))
const widths = points.map(({ low, high, simulated }) => (high - low) / 2 / simulated)
/** Errors in standard deviations: of mean 0 and deviation 1 if nothing but chance is in them. */
const scores = points.map(({ simulated, exact, low, high }) => (simulated - exact) / ((high - low) / 2 / Z_99))
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length
const result = {
  points: points.length,
  inside,
  share: inside / points.length,
  insideVaidya: points.filter((point) => point.insideVaidya).length,
  level: LEVEL,
  meanScore: mean(scores),
  deviationOfScores: Math.sqrt(mean(scores.map((score) => score ** 2)) - mean(scores) ** 2),
  smallCosts: smallCosts.length,
  insideVaidyaSmallCosts: smallCosts.filter((point) => point.insideVaidya).length,
  meanError: mean(errors),
  worstError: Math.max(...errors),
  meanHalfWidth: mean(widths),
  failures: points.reduce((sum, { failures }) => sum + failures, 0),
  seconds,
}

const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`
if (values.json) console.log(JSON.stringify({ ...result, outside: points.filter((point) => !point.inside) }))
else {
  const line = (p: Point): string =>
    `| ${p.intervalMs / 1000} | ${p.costMs / 1000} | ${p.latencyMs / 1000} | ${p.restartMs / 1000} | ${percent(p.simulated)} | ` +
    `${percent(p.low)}–${percent(p.high)} | ${percent(p.exact)} | ${percent(p.vaidya)} | ${p.failures} | ${p.inside ? '' : 'outside'} |`
  const text = `# The simulator against the exact formula

Share of all time that is useful work, under exponential failures with an MTBF of one hour: a job on the simulator's machines
(job manager, coordinator, storage, tasks; barrier checkpoints, crashes, restores) against the exact formula for checkpoints
with a cost and a latency, whose first one after a restart is triggered a whole interval later, as Flink and the machines do
it (\`wholeFirstIntervalUtilisation\`). \`vaidya-1997\` begins that first checkpoint one cost earlier; the recommendation
uses it, and it is compared, too. \`npm run intervals-grid\` writes this file.

**Inside its own 99 % interval: ${inside} of ${points.length} points (${percent(inside / points.length, 1)}).** The errors, in standard deviations,
have a mean of ${result.meanScore.toFixed(2)} and a deviation of ${result.deviationOfScores.toFixed(2)}. Mean error ${percent(result.meanError)}, worst ${percent(result.worstError)}, mean half width of the
intervals ${percent(result.meanHalfWidth)}; ${result.failures} failures; precision ${percent(Number(values.precision), 1)}, seed \`${values.seed}\`.

\`vaidya-1997\` is inside at ${result.insideVaidya} of ${points.length} points, and at ${result.insideVaidyaSmallCosts} of the ${smallCosts.length} whose cost is at most ${percent(SMALL_COST, 0)} of the interval.

| interval, s | cost, s | latency, s | restart, s | simulated | 99 % interval | exact | vaidya-1997 | cycles | |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|
${points.map(line).join('\n')}
`
  mkdirSync(dirname(REPORT), { recursive: true })
  writeFileSync(REPORT, text)
  console.log(`${inside} of ${points.length} points inside (${percent(inside / points.length, 1)}); wrote ${REPORT}`)
}
