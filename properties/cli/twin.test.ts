/** `cutline twin`, `fit` and `flink-config` as a user types them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { registerFit } from '../../src/cli/fit.ts'
import { registerFlinkConfig } from '../../src/cli/flink-config.ts'
import { CutlineProgram } from '../../src/cli/program.ts'
import { registerTwin } from '../../src/cli/twin.ts'
import { FIXTURES, packedRun } from '../flink/measured-runs.ts'
import { RecordingStream } from './recording-stream.ts'

const folder = mkdtempSync(join(tmpdir(), 'cutline-twin-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function cutline(...argv: string[]) {
  const stdout = new RecordingStream()
  const stderr = new RecordingStream()
  const groups = [{ heading: 'Flink:', commands: [registerTwin, registerFit, registerFlinkConfig] }]
  const code = await new CutlineProgram(argv, groups, { stdout, stderr }).run()
  return { code, stdout: stdout.text, stderr: stderr.text }
}

async function json(...argv: string[]) {
  const { code, stdout } = await cutline(...argv, '--json')
  return { code, answer: JSON.parse(stdout) }
}

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const dump = join(folder, 'before')
mkdirSync(dump)
for (const [name, text] of Object.entries(packedRun('ex-T10-r60-2').before!)) writeFileSync(join(dump, name), text)

describe('cutline twin', () => {
  it('says what to expect, what to set and what to change, each figure with its origin', async () => {
    const { code, stdout } = await cutline('twin', dump, '--failure-at', '1795413981796', '--rto', '20s')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /An exception at 2026-11-23T06:06:21\.796Z: recovered after 14\.8 s \(80 %: 14 s to 15\.8 s\)/,
    )
    expect(stdout).toMatch(/Down for 1\.14 s, back to checkpoint 2: 8\.2 s to read again, 9\.43 s behind at most/)
    expect(stdout).toMatch(/A failure at a random moment: recovered after 10\.1 s \(half of them\)/)
    expect(stdout).toMatch(/Recommended interval: 9\.5 s — the longest interval that keeps the recovery within 20 s/)
    expect(stdout).toMatch(/arrival +600 records\/s +high +records emitted between the two samples/)
    expect(stdout).toMatch(/time between failures +\? +unknown +.*--mtbf/)
  })

  it('answers in JSON', async () => {
    const { code, answer } = await json(
      'twin',
      dump,
      '--failure-at',
      '2026-11-23T06:06:21.796Z',
      '--kind',
      'taskmanager',
    )
    expect(code).toBe(0)
    expect(Object.keys(answer)).toEqual(
      expect.arrayContaining(['job', 'flink', 'config', 'inferred', 'prediction', 'recommended', 'advice', 'problems']),
    )
    expect(answer.inferred.arrivalPerSecond).toMatchObject({ sure: 'high', value: expect.closeTo(600, 0) })
    for (const key of ['capacityPerSecond', 'utilisation', 'downtimeMs', 'checkpointLatencyMs'])
      expect(answer.inferred[key]).toMatchObject({
        value: expect.any(Number),
        from: expect.any(String),
        sure: expect.any(String),
      })
    expect(Object.keys(answer.prediction.recoveryMs)).toEqual(['p50', 'p90', 'p99'])
    for (const key of ['recoveryMs', 'replayMs', 'downtimeMs', 'peakLagMs', 'low80', 'high80'])
      expect(answer.prediction.atFailure[key]).toBeGreaterThan(0)
    expect(answer.recommended).toEqual({ intervalMs: null, reason: expect.stringContaining('--mtbf') })
    expect(answer.problems).toEqual([])
  })

  it('takes what the dump cannot tell', async () => {
    const given = [
      '--arrival',
      '500',
      '--capacity',
      '1,000',
      '--downtime',
      '5s',
      '--mtbf',
      '12h',
      '--max-replay',
      '30s',
    ]
    const { answer } = await json('twin', dump, ...given)
    expect(answer.inferred.utilisation.value).toBe(0.5)
    expect(answer.inferred.mtbfMs).toMatchObject({ value: 43_200_000, sure: 'given' })
    expect(answer.recommended.intervalMs).toBeLessThanOrEqual(30_000)
    expect(answer.recommended.candidates.length).toBeGreaterThan(5)
  })

  it('reads one saved answer with its configuration', async () => {
    const sample = (name: string): string => join(FIXTURES, `sample_checkpoints_${name}.json`)
    const { answer } = await json('twin', sample('flink1.9_interval2s'), '--config', sample('config_flink1.9'))
    expect(answer.inferred.checkpointIntervalMs.value).toBe(2000)
    expect(answer.problems).toEqual([])
  })

  it('draws: SVG and page, readable in light and dark', async () => {
    const svg = join(folder, 'twin.svg')
    const html = join(folder, 'twin.html')
    const { code, stderr } = await cutline('twin', dump, '--mtbf', '6h', '--svg', svg, '--html', html)
    expect(code).toBe(0)
    expect(stderr).toBe(`Wrote ${svg}\nWrote ${html}\n`)
    const picture = readFileSync(svg, 'utf8')
    expect(picture).toMatch(/^<svg [\s\S]*prefers-color-scheme: dark[\s\S]*<\/svg>$/)
    for (const text of ['Recovery', 'time since the failure', 'Anatomy of a checkpoint', 'Source: src', 'alignment'])
      expect(picture).toContain(text)
    const page = readFileSync(html, 'utf8')
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).toContain('Recommended interval: ')
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/)
  })

  it('reports a damaged dump and still what can be known', async () => {
    const damaged = join(folder, 'damaged')
    mkdirSync(damaged)
    for (const [name, text] of Object.entries(packedRun('ex-T10-r60-2').before!))
      writeFileSync(join(damaged, name), text)
    writeFileSync(join(damaged, 'exceptions.json'), '<html>Sign in</html>')
    const { code, stdout } = await cutline('twin', damaged)
    expect(code).toBe(0)
    expect(stdout).toMatch(/Problems of the dump\n {2}exceptions\.json is a web page/)
    expect(stdout).toMatch(/arrival +600 records\/s/)
  })

  it.each([
    [['twin', join(folder, 'none')], 'There is no'],
    [['twin', 'http://127.0.0.1:9'], 'Nobody answers at http://127.0.0.1:9/'],
    [['twin', dump, '--save', join(folder, 'x')], 'is not an address'],
    [['twin', dump, '--arrival', 'many'], '--arrival wants a number above 0'],
    [['twin', dump, '--failure-at', 'soon'], '--failure-at wants epoch milliseconds'],
    [['twin', dump, '--kind', 'exeption'], 'exception'],
    [['twin', dump, '--svg', join(folder, 'no/such/folder.svg')], 'cannot be written'],
    [['fit', join(folder, 'none')], 'cannot be read'],
    [['flink-config', join(folder, 'none')], 'cannot be read'],
  ])('%j: one sentence, exit code 1', async (argv, sentence) => {
    const { code, stdout, stderr } = await cutline(...argv)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

describe('cutline fit', () => {
  const khaos = join(FIXTURES, 'khaos_ysb_recovery.json')

  it('says capacity and downtime, how sure, and how to use them', async () => {
    const svg = join(folder, 'fit.svg')
    const { code, stdout } = await cutline('fit', khaos, '--svg', svg)
    expect(code).toBe(0)
    expect(stdout).toMatch(/capacity +139,353 records\/s +\(137,\d+ to 142,\d+\)/)
    expect(stdout).toMatch(/8\.2 % on an interval left out of the fit/)
    expect(stdout).toContain('--capacity 139353 --downtime 69175ms')
    expect(readFileSync(svg, 'utf8')).toContain('every 2 min')
  })

  it('answers in JSON', async () => {
    const { answer } = await json('fit', khaos)
    expect(Object.keys(answer)).toEqual(
      expect.arrayContaining(['n', 'parameters', 'inSample', 'leaveOneIntervalOut', 'excluded', 'rows']),
    )
    expect(answer).toMatchObject({ n: 60, excluded: [] })
    expect(answer.leaveOneIntervalOut).toBeLessThanOrEqual(9)
  })

  it('refuses what holds no recoveries', async () => {
    const { code, stderr } = await cutline('fit', file('empty.csv', 'interval_s,arrival_per_s,recovery_s\n10,5,3\n'))
    expect(code).toBe(1)
    expect(stderr).toContain('A fit needs at least 4 measured recoveries, got 1')
  })
})

describe('cutline flink-config', () => {
  it('shows the settings, what is wrong, and the scenario', async () => {
    const path = file(
      'config.yaml',
      'execution.checkpointing:\n  interval: 10 s\n  min-pause: 10 s\n  mode: EXACTLY_ONCE\n',
    )
    const { code, stdout } = await cutline('flink-config', path)
    expect(code).toBe(0)
    expect(stdout).toMatch(/warning: The pause of 10 s is not below the interval of 10 s/)
    expect(stdout).toContain('env.enableCheckpointing(10000, CheckpointingMode.EXACTLY_ONCE)')
    expect(stdout).toContain('env.getCheckpointConfig().setMinPauseBetweenCheckpoints(10000)')
  })

  it('ends with 1 on errors, and answers in JSON either way', async () => {
    const path = file('flink-conf.yaml', 'execution.checkpointing.interval: soon\nstate.backend: rocksdb\n')
    const { code, answer } = await json('flink-config', path)
    expect(code).toBe(1)
    expect(answer.findings[0]).toMatchObject({ rule: 'unreadable-value', severity: 'error' })
    expect(answer.found.stateBackend).toEqual({ key: 'state.backend', value: 'rocksdb' })
    expect(answer.settings).toEqual({})
  })
})
