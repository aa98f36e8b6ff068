/** `cutline intervals` as a user types it: options, files, refusals, JSON. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { registerIntervals } from '../../src/cli/intervals.ts'
import { CutlineProgram } from '../../src/cli/program.ts'
import { RecordingStream } from './recording-stream.ts'

const folder = mkdtempSync(join(tmpdir(), 'cutline-intervals-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function cutline(...argv: string[]) {
  const stdout = new RecordingStream()
  const stderr = new RecordingStream()
  const groups = [{ heading: 'Intervals:', commands: [registerIntervals] }]
  const code = await new CutlineProgram(['intervals', ...argv], groups, { stdout, stderr }).run()
  return { code, stdout: stdout.text, stderr: stderr.text }
}

async function json(...argv: string[]) {
  const { code, stdout } = await cutline(...argv, '--json')
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const JOB = '--cost 1s --latency 5s --mtbf 6h --restart 20s --detection 10s'.split(' ')
const RATES = '--arrival 70000 --capacity 100000'.split(' ')

describe('cutline intervals', () => {
  it('recommends, compares, and says where goals are missed', async () => {
    const { code, stdout } = await cutline(...JOB, ...RATES, '--rto', '4min', '--max-replay', '60s')
    expect(code).toBe(0)
    expect(stdout).toContain('Recommended interval: 49.5 s — the longest interval that keeps recovery p99 within 4 min')
    expect(stdout).toMatch(/▸ +49\.5 s +97\.71 % +2\.34 % +29\.8 s +2\.93 min +3\.76 min +3\.99 min +84 s +5\.88 M/)
    expect(stdout).toContain('recovery p99 ≤ 4 min is missed above 49.8 s and below 5.97 s.')
    expect(stdout).toMatch(/young-1974 +3\.48 min +\+0\.32 %/)
  })

  it('answers in JSON with the same figures, and one value only', async () => {
    const answer = await json(...JOB, ...RATES, '--rto', '4min')
    expect(answer.recommended.intervalMs).toBe(49_500)
    expect(answer.recommended.recoveryMs.p99).toBeCloseTo(239_345, 6)
    expect(answer.goals[0]).toMatchObject({ goal: 'recovery', limitMs: 240_000, reachable: true })
    expect(answer.problem.failures).toEqual({
      kind: 'exponential',
      mtbfMs: 21_600_000,
      shape: null,
      mtbfLimitsMs: null,
    })
    expect(answer.candidates.length).toBeGreaterThanOrEqual(9)
  })

  it('takes every option', async () => {
    const answer = await json(
      ...'--cost 500ms --latency 3s --failed-share 0.1 --min-pause 2s --depth 4 --hop-delay 50ms'.split(' '),
      ...'--full-cost 5s --restore-per-increment 200ms --mtbf 12h --shape 0.8 --restart 5s --detection 0'.split(' '),
      ...'--load 0.5 --rto 10m --max-replay 5m --max-lag 6m --quantile 0.9 --intervals 10s,1m'.split(' '),
    )
    expect(answer.problem).toMatchObject({ latencyMs: 3000, failedShare: 0.1, depth: 4, shortestMs: 5000, load: 0.5 })
    expect(answer.problem.mix.incrementalsPerFull).toBeGreaterThan(0)
    expect(answer.problem.failures.shape).toBe(0.8)
    expect(answer.goals.map((goal: { quantile: number }) => goal.quantile)).toEqual([0.9, 0.9, 0.9])
    expect(answer.candidates.map((row: { intervalMs: number }) => row.intervalMs)).toEqual(
      [10_000, 60_000, answer.recommended.intervalMs].sort((a, b) => a - b),
    )
    const observed = await json('--cost', '1s', '--failure-times', '0s, 3h, 2d, 60h, 5d')
    expect(observed.problem.failures.mtbfMs).toBe(30 * 3_600_000)
  })

  it('reads a file, which options override, and mentions fields it does not know', async () => {
    const path = file(
      'job.yaml',
      `cost: 1s
latency: 5s
failureTimes: [2026-03-01T04:10:00Z, 2026-03-04T16:30:00Z, 1772676000000]
restart: 20s
arrival: [{ at: 0h, perSecond: 30_000 }, { at: 12h, perSecond: 95000, note: noon }]
period: 24h
capacity: 100000
latencey: 3s
goals: { recovery: 40min, replay: 60s, quantile: 0.9 }
intervals: [30s, 5m]
`,
    )
    const { stdout, stderr, code } = await cutline(path, '--max-replay', '90s', '--json')
    expect(code).toBe(0)
    expect(stderr).toBe("The file's field 'latencey' is not known and was left out.\n")
    const answer = JSON.parse(stdout)
    expect(answer.problem.goals).toEqual({ recoveryMs: 2_400_000, replayMs: 90_000, quantile: 0.9 })
    expect(answer.problem.load).toBeCloseTo(0.625, 12)
    expect(answer.problem.peakPerSecond).toBe(95_000)
    const steady = await json(path, '--mtbf', '6h', '--load', '0.5', '--rto', '20m')
    expect(steady.problem).toMatchObject({ load: 0.5, arrivalPerSecond: null, failures: { mtbfMs: 21_600_000 } })
  })

  it('writes the picture and the page', async () => {
    const svg = join(folder, 'a.svg')
    const html = join(folder, 'a.html')
    const { stderr } = await cutline(...JOB, ...RATES, '--svg', svg, '--html', html)
    expect(stderr).toBe(`Wrote ${svg}\nWrote ${html}\n`)
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg xmlns/)
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/)
  })
})

describe('refusals of cutline intervals', () => {
  it.each<[string, string[], string]>([
    [
      'nothing',
      [],
      'The cost of a checkpoint is missing: give the work that one takes from the job, such as --cost 1s.',
    ],
    ['no failures', ['--cost', '1s'], 'How often failures come is missing: give --mtbf 6h'],
    [
      'a number without a unit',
      ['--cost', '5', '--mtbf', '6h'],
      "--cost wants a duration such as 500ms, 30s, 5m or 1h, but got '5'.",
    ],
    ['a share that is no number', [...JOB, '--load', 'much'], "--load wants a number, but got 'much'."],
    ['a load of 1', [...JOB, '--load', '1'], 'The load must lie in [0, 1), got 1'],
    [
      'a load twice',
      [...JOB, ...RATES, '--load', '0.5'],
      'The load is given twice, as a share and as rates: leave one out.',
    ],
    ['half a load', [...JOB, '--capacity', '5'], 'A capacity alone says nothing about the load'],
    ['the other half', [...JOB, '--arrival', '5'], 'An arrival rate alone says nothing about the load'],
    ['failures twice', [...JOB, '--failure-times', '1h,2h,3h'], 'Failures are given twice'],
    ['two failures', ['--cost', '1s', '--failure-times', '1h,2h'], 'Observed: a rate needs at least three failures'],
    [
      'a time that is none',
      ['--cost', '1s', '--failure-times', '1h,noon'],
      "--failure-times wants times such as 2026-03-01T04:10:00Z, epoch milliseconds or 3h, but got 'noon'.",
    ],
    [
      'a shape alone',
      ['--cost', '1s', '--failure-times', '1h,2h,9h', '--shape', '1'],
      'A Weibull shape needs the mean time between failures',
    ],
    ['a goal without its load', [...JOB, '--rto', '1m'], 'A recovery goal needs the load, and none was given'],
    ['half an increment', [...JOB, '--full-cost', '5s'], 'Incremental checkpoints need both'],
    [
      'a candidate that is none',
      [...JOB, '--intervals', '5s,x'],
      "--intervals wants a duration such as 500ms, 30s, 5m or 1h, but got 'x'.",
    ],
    [
      'a folder that is not there',
      [...JOB, '--svg', '/nowhere/a.svg'],
      '/nowhere/a.svg cannot be written (ENOENT): name a file in a folder that exists.',
    ],
    ['an option that is near', [...JOB, '--lod', '0.5'], "Unknown option '--lod': did you mean --load?"],
  ])('%s', async (_, argv, sentence) => {
    const { code, stdout, stderr } = await cutline(...argv)
    expect(stderr).toContain(sentence)
    expect([code, stdout]).toEqual([1, ''])
    expect(JSON.parse((await cutline(...argv, '--json')).stdout)).toMatchObject({ exitCode: 1 })
  })

  it.each([
    ['empty', '', 'is empty: give fields such as'],
    ['blank', ' \n', 'is empty: give fields such as'],
    ['a web page', '<!DOCTYPE html><html><body>502</body></html>', 'is a web page, not a YAML or JSON file'],
    ['truncated', '{"cost": "1s", "mtbf": "6', 'is not readable as YAML or JSON'],
    ['a list', '[1, 2]', 'but holds a list'],
    ['a word', 'hello', "but holds only 'hello'"],
    ['comments only', '# nothing\n', 'but holds nothing'],
    ['an answer of a job', '{"counts": {}, "history": [], "summary": {}}', 'cutline twin reads it'],
    ['wrong kinds', 'cost: [1]\nmtbf: 6h', 'cost wants a duration such as'],
    [
      'a goal that is none',
      'cost: 1s\nmtbf: 6h\ngoals: { replay: soon }',
      "goals.replay wants a duration such as 500ms, 30s, 5m or 1h, but got 'soon'.",
    ],
    [
      'a profile without its period',
      'cost: 1s\nmtbf: 6h\narrival: [{ at: 0h, perSecond: 1 }]\ncapacity: 2',
      'give period, such as 24h',
    ],
    [
      'a profile out of order',
      'cost: 1s\nmtbf: 6h\narrival: [{ at: 5h, perSecond: 1 }, { at: 1h, perSecond: 1 }]\ncapacity: 2\nperiod: 24h',
      'times must rise',
    ],
  ])('a file that is %s', async (name, content, sentence) => {
    const { code, stderr } = await cutline(file(`${name.replaceAll(' ', '-')}.yaml`, content))
    expect(stderr).toContain(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(1)
  })

  it('a file that is not there, or a folder', async () => {
    expect((await cutline(join(folder, 'none.yaml'))).stderr).toContain(
      'cannot be read (ENOENT): name a YAML or JSON file.',
    )
    expect((await cutline(folder)).stderr).toContain('cannot be read (EISDIR)')
  })

  it('one sentence for each of several problems', async () => {
    const { stderr } = await cutline('--cost', '5', '--mtbf', '6x')
    expect(stderr.trim().split('\n')).toHaveLength(2)
  })
})

describe('cutline intervals --simulate', () => {
  const SIMULATE = [...JOB, '--load', '0.6', '--intervals', '1m,5m', '--simulate', '--precision', '10%']

  it('puts simulated figures beside those of the formulas, for programs', async () => {
    const { candidates, simulated } = await json(...SIMULATE, '--seed', 'cli')
    expect(simulated.map(({ intervalMs }: { intervalMs: number }) => intervalMs)).toEqual(
      candidates.map(({ intervalMs }: { intervalMs: number }) => intervalMs),
    )
    for (const [i, { utilisation, runs, recoveryMs }] of simulated.entries()) {
      expect(utilisation.low).toBeLessThan(utilisation.value)
      expect(utilisation.high).toBeGreaterThan(utilisation.value)
      expect(Math.abs(utilisation.value - candidates[i].utilisation)).toBeLessThan(0.02)
      expect(Math.abs(recoveryMs.mean.value / candidates[i].recoveryMs.mean - 1)).toBeLessThan(0.2)
      expect(runs).toBeGreaterThan(0)
    }
  })

  it('prints a table and draws the points', async () => {
    const svg = join(folder, 'simulated.svg')
    const { code, stdout } = await cutline(...SIMULATE, '--hours', '300', '--svg', svg)
    expect(code).toBe(0)
    expect(stdout).toContain('Simulated: the same question put to the simulator, 99 % intervals')
    expect(stdout).toMatch(/recovery +± +formula +p50/)
    expect(readFileSync(svg, 'utf8')).toContain('simulated, with 99 % intervals')
  })

  it('has no points without it', async () => {
    expect((await json(...JOB)).simulated).toBeUndefined()
  })

  it.each([
    [['--precision', '0'], "--precision wants a share such as 2% or 0.02, from 0.05% to 50%, but got '0'."],
    [['--precision', 'x%'], "--precision wants a share such as 2% or 0.02, from 0.05% to 50%, but got 'x%'."],
    [['--hours', '-3'], "--hours wants a number of hours above 0, but got '-3'."],
  ])('refuses %j', async (options, sentence) => {
    const { code, stderr } = await cutline(...JOB, '--simulate', ...options)
    expect(code).toBe(1)
    expect(stderr).toBe(`${sentence}\n`)
  })

  it('refuses its options without it', async () => {
    const { code, stderr } = await cutline(...JOB, '--seed', '7')
    expect(code).toBe(1)
    expect(stderr).toBe('--seed is about the simulation: give --simulate, too.\n')
  })
})
