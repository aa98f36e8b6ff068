/** The main job as a user runs it: the built command line, as processes, on small runs. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bugs } from '../../scenarios/bugs/index.ts'
import { parseCorpus } from '../../src/check/corpus.ts'

const LAUNCHER = fileURLToPath(new URL('../../scripts/cutline.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'cutline-main-job-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(...argv: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [LAUNCHER, ...argv], { cwd: folder })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  child.stderr.on('data', (data) => {
    stderr += data
  })
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))) }
}
const cutline = (...argv: string[]): Promise<Ended> => start(...argv).ended

async function json(code: number, ...argv: string[]) {
  const ended = await cutline(...argv, '--json')
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' })
  expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1)
  return JSON.parse(ended.stdout)
}

// Processes run side by side, or the file would take a minute: each test waits for those it started.
beforeAll(async () => {
  expect((await cutline('--version')).code).toBe(0) // builds, if a source is newer
}, 60_000)

describe('cutline check', () => {
  it('holds: every field, and the same figures for any number of workers and any order', {
    timeout: 60_000,
  }, async () => {
    const check = ['check', 'keyed-state', '--runs', '250', '--seed', '1']
    const [one, other] = await Promise.all([
      json(0, ...check, '--workers', '1'),
      json(0, ...check, '--workers', '2', '--order', 'reverse'),
    ])
    expect(one).toMatchObject({
      scenario: 'keyed-state',
      protocol: 'aligned',
      seed: '1',
      runs: 250,
      verdict: 'holds',
      digest: expect.stringMatching(/^[0-9a-f]{16}$/),
      permitted: expect.any(Object),
      assumptions: expect.any(Object),
      coverage: { of: expect.any(Number), missing: expect.any(Array) },
    })
    for (const count of ['events', 'records', 'checkpointsCompleted', 'restores', 'commits', 'seconds', 'S'])
      expect(one[count], count).toBeGreaterThan(0)
    for (const kind of ['crash-task', 'crash-taskmanager', 'crash-jobmanager', 'pause-taskmanager'])
      expect(one.faults[kind], kind).toBeGreaterThan(0)
    expect(Object.keys(one.stateBytes)).toEqual(['numbers', 'count', 'sink'])
    expect(one.S).toBe(one.stateBytes.numbers + one.stateBytes.count + one.stateBytes.sink)
    expect(one.C.checkpoints).toBe(one.checkpointsCompleted)
    expect(one.C.intervalMs).toBeGreaterThanOrEqual(1000)
    const timeless = ({ seconds, runsPerSecond, eventsPerSecond, ...rest }: typeof one) => rest
    expect(timeless(other)).toEqual(timeless(one))
  })

  it('prints the verdict first, and nothing on stderr', { timeout: 30_000 }, async () => {
    const { code, stdout, stderr } = await cutline('check', 'bank-transfer', '--runs', '30', '--seed', '2')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^holds: 0 of \d+ runs: p < 0\.\d+ at 95 %\n {2}check +bank-transfer, aligned, seed 2\n/)
    expect(existsSync(join(folder, 'reports'))).toBe(false)
  })

  it('ends with 7 when nothing was put to the test', { timeout: 30_000 }, async () => {
    const [plain, answer] = await Promise.all([
      cutline('check', 'keyed-state', '--faults', 'none', '--runs', '5'),
      json(7, 'check', 'keyed-state', '--faults', 'none', '--runs', '5'),
    ])
    expect(plain.code).toBe(7)
    expect(plain.stdout).toMatch(/^vacuous: nothing was put to the test: no fault struck\n/)
    expect(answer).toMatchObject({ verdict: 'vacuous', runs: 5, faults: {} })
  })
})

describe('a failure', () => {
  const bug = bugs.find(({ issue }) => issue === 'FLINK-24543')!
  const corpus = join(folder, 'kept', 'corpus.jsonl')
  let found: Record<'token' | 'fingerprint', string> &
    Record<'run' | 'runs', number> & { readonly shrunk: Record<string, number> }

  beforeAll(async () => {
    found = await json(2, 'check', '--bug', 'flink-24543', '--seed', '1', '--corpus', corpus)
  }, 60_000)

  it('is reported with its verdict, oracle, token and how small it became', () => {
    expect(found).toMatchObject({ scenario: bug.scenario, bug: bug.id, verdict: 'safety', oracle: 'storage' })
    expect(found.token).toMatch(/^cutline:v1:keyed-state:[\w-]+$/)
    expect(found.shrunk.faults).toBeLessThanOrEqual(3)
    expect(found.shrunk.records).toBeLessThanOrEqual(10)
    expect(found.shrunk.parallelism).toBe(1)
    expect(found.runs).toBe(found.run + 1)
  })

  it('is in the corpus as found and as shrunk', () => {
    const entries = parseCorpus(readFileSync(corpus, 'utf8'))
    expect(entries.map(({ note, fingerprint, bug }) => [note, fingerprint, bug])).toEqual([
      ['as found', found.fingerprint, bug.id],
      ['shrunk', found.fingerprint, bug.id],
    ])
    expect(entries[1]!.token).toBe(found.token)
  })

  it('comes again from its token, as found and as shrunk', { timeout: 60_000 }, async () => {
    const [asFound] = parseCorpus(readFileSync(corpus, 'utf8'))
    const trace = join(folder, 'trace.jsonl')
    const [small, large, text, traced] = await Promise.all([
      json(2, 'replay', found.token),
      json(2, 'replay', asFound!.token),
      cutline('replay', found.token),
      cutline('replay', found.token, '--trace', trace),
    ])
    const { fingerprint } = found
    expect(small).toMatchObject({ answer: 'same', oracle: 'storage', fingerprint, bug: bug.id, jobChanged: false })
    expect(small.faults.map(({ struck }: { struck: boolean }) => struck)).toEqual(small.faults.map(() => true))
    expect(large).toMatchObject({ answer: 'same', fingerprint })
    expect(text.code).toBe(2)
    expect(text.stdout).toMatch(/^the same failure, by the same run\n/)
    expect(text.stdout).toContain(`FLINK-24543: ${bug.title}`)
    expect(traced.code).toBe(2)
    const events = readFileSync(trace, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(Object.keys(events[0])).toEqual(['time', 'entity', 'message', 'a', 'b'])
    expect(events.some(({ entity, message }) => entity === 'completed-checkpoint-store' && message === 'ADD')).toBe(
      true,
    )
  })

  it('has a story, and is as small as it gets', { timeout: 60_000 }, async () => {
    const svg = join(folder, 'story.svg')
    const [story, text, unwritable, again] = await Promise.all([
      json(0, 'explain', found.token),
      cutline('explain', found.token, '--svg', svg),
      cutline('explain', found.token, '--svg', join(folder, 'none', 'story.svg')),
      json(0, 'shrink', found.token),
    ])
    expect(story.at(-1).who).toBe('oracle storage')
    expect(story.some(({ who }: { who: string }) => who === 'fault')).toBe(true)
    expect(text.stdout.trimEnd().split('\n')).toHaveLength(story.length)
    expect(text.stderr).toContain(`Wrote ${svg}`)
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg .*<\/svg>$/s)
    expect(unwritable).toMatchObject({ code: 1 })
    expect(unwritable.stderr).toMatch(/story\.svg cannot be written \(ENOENT\)/)
    expect(again.to).toEqual(again.from)
    expect(again.fingerprint).toBe(found.fingerprint)
  })

  it('is left as it is with --no-shrink, and reported although the corpus cannot be written', {
    timeout: 30_000,
  }, async () => {
    const argv = ['check', '--bug', 'FLINK-24543', '--seed', '1', '--no-shrink', '--corpus', '/dev/null/corpus']
    const { code, stdout, stderr } = await cutline(...argv)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^\/dev\/null\/corpus cannot be written \(\w+\): name another file with --corpus\.\n$/)
    expect(stdout).toMatch(/^safety violated: run \d+, storage\//)
    expect(stdout).toMatch(/\ncutline replay cutline:v1:keyed-state:[\w-]+\n/)
    expect(stdout).not.toContain('shrunk')
  })

  it('with a token that cannot be used ends with one sentence', { timeout: 60_000 }, async () => {
    const { token } = found
    const refusals = [
      [`${token.slice(0, -3)}AAA`, 'The token is damaged (a character was changed, or a part is missing)'],
      ['hello', "A token begins with 'cutline:v1:', but this begins with 'hello'."],
      [token.replace('v1', 'v9'), "The token is of version 'v9', and this Cutline reads v1"],
    ]
    const ended = await Promise.all(
      refusals.flatMap(([given]) => [cutline('replay', given!), cutline('shrink', given!), cutline('explain', given!)]),
    )
    ended.forEach(({ code, stdout, stderr }, i) => {
      const [, sentence] = refusals[Math.floor(i / 3)]!
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain(sentence)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    })
  })
})

describe('cutline bugs', () => {
  it('finds, shrinks and replays the ones asked for, and writes the matrix', { timeout: 60_000 }, async () => {
    const report = join(folder, 'matrix', 'bugs.md')
    const argv = ['bugs', 'FLINK-17568', 'restart-from-empty', 'FLINK-17568', '--json', '--report', report]
    const { code, stdout, stderr } = await cutline(...argv)
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Wrote ${report}\n` })
    const rows = JSON.parse(stdout)
    expect(rows.map(({ id, issue, oracle }: Record<string, string>) => [id, issue, oracle])).toEqual([
      ['records-before-snapshot', 'FLINK-17568', 'cut'],
      ['restart-from-empty', null, 'recency'],
    ])
    for (const row of rows) {
      expect(row).toMatchObject({ found: true, replay: 'same', fingerprint: expect.any(String) })
      expect(row.runs).toBeGreaterThan(0)
      expect(row.shrunk.faults).toBeLessThanOrEqual(3)
      expect(row.token).toMatch(/^cutline:v1:/)
    }
    expect(readFileSync(report, 'utf8')).toContain('all 2 found')
  })

  it('ends with 6 if one was not found', { timeout: 30_000 }, async () => {
    const { code, stdout } = await cutline('bugs', 'FLINK-24096', '--runs', '1')
    expect(code).toBe(6)
    expect(stdout).toMatch(/NOT FOUND/)
    expect(stdout).toMatch(/\n0 of 1 found; missed: stale-completion\n$/)
  })
})

describe.concurrent('by the clock', () => {
  it('cutline check ends with what it has on Ctrl-C', { timeout: 60_000 }, async () => {
    const { child, ended } = start('check', 'keyed-state', '--runs', '100000000', '--json', '--workers', '1')
    setTimeout(() => child.kill('SIGINT'), 3000)
    const { code, stdout } = await ended
    expect(code).toBe(6)
    const answer = JSON.parse(stdout)
    expect(answer.verdict).toBe('inconclusive')
    expect(answer.runs).toBeGreaterThan(0)
    expect(answer.why).toBe(`the check was stopped after ${answer.runs} runs`)
  })

  it('cutline check ends after --time with what it has', { timeout: 30_000 }, async () => {
    const answer = await json(0, 'check', 'keyed-state', '--time', '5s', '--seed', '5')
    expect(answer.verdict).toBe('holds')
    expect(answer.runs).toBeGreaterThan(0)
  })

  it('cutline demo survives, finds, shrinks and replays', { timeout: 60_000 }, async () => {
    const [text, answer] = await Promise.all([cutline('demo', '--time', '3s'), json(0, 'demo', '--time', '3s')])
    expect({ code: text.code, stderr: text.stderr }).toEqual({ code: 0, stderr: '' })
    const steps = text.stdout.split('\n').filter((line) => /^\d\. /.test(line))
    expect(steps).toHaveLength(4)
    expect(text.stdout).toMatch(/\n {3}holds: 0 of /)
    expect(text.stdout).toMatch(/the same failure, by the same run/)
    expect(answer).toMatchObject({ ok: true, survived: { verdict: 'holds' }, replay: { answer: 'same' } })
  })
})
