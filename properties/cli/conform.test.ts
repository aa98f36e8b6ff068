/** `cutline conform` as a user types it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { registerConform } from '../../src/cli/conform.ts'
import { CutlineProgram } from '../../src/cli/program.ts'
import { recordedTrace } from '../flink/trace/recorded-traces.ts'
import { RecordingStream } from './recording-stream.ts'

const TRACE = 'properties/fixtures/flink/traces/exp-tol2.jsonl.gz'
const folder = mkdtempSync(join(tmpdir(), 'cutline-conform-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function conform(...argv: string[]) {
  const stdout = new RecordingStream()
  const stderr = new RecordingStream()
  const groups = [{ heading: 'Flink:', commands: [registerConform] }]
  const code = await new CutlineProgram(['conform', ...argv], groups, { stdout, stderr }).run()
  return { code, stdout: stdout.text, stderr: stderr.text }
}
function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const { events } = recordedTrace('exp-tol2')
const lines = (some: readonly object[]): string => some.map((e) => `${JSON.stringify(e)}\n`).join('')

describe('cutline conform', () => {
  it('accepts what a real cluster did, with code 0', async () => {
    const { code, stdout } = await conform(TRACE)
    expect(code).toBe(0)
    expect(stdout).toBe(
      'accepted: exp-tol2.jsonl.gz, all 830 events are ones that our machines allow\n' +
        '  read as  aligned, 1 at once, 2 failures tolerated, 1 kept\n' +
        '  job      src x2, work x2, tail x2\n',
    )
  })
  it('shows the first event that is not allowed, the states and what was allowed, with code 2', async () => {
    const path = file('damaged.jsonl', lines(events.filter((_, i) => i !== 111)))
    const { code, stdout } = await conform(path)
    expect(code).toBe(2)
    expect(stdout).toMatch(/^refused: damaged\.jsonl, line 112, after 111 of 829 events$/m)
    expect(stdout).toMatch(/^ {2}event {4}\{"event":"handler_trigger",.*"checkpoint":2/m)
    expect(stdout).toMatch(/^ {2}why not {2}nothing makes work:1 trigger checkpoint 2: it waits for barriers$/m)
    expect(stdout).toMatch(/^ {2}allowed {2}barrier 2 on 0\.0$/m)
    expect(stdout).toMatch(/^ {4}barriers of work:1: aligning$/m)
    expect(stdout).toMatch(/^ {4}pending-checkpoint 2: collecting$/m)
  })
  it('says the same in JSON', async () => {
    const accepted = await conform(TRACE, '--json')
    expect(JSON.parse(accepted.stdout)).toMatchObject({ trace: TRACE, accepted: true, events: 830, steps: 830 })
    const { code, stdout } = await conform(file('swapped.jsonl', lines([events[1]!, ...events.slice(2)])), '--json')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      accepted: false,
      steps: 0,
      settings: { mode: 'aligned' },
      refusal: { line: 1, problem: 'it is not decided yet what is restored', states: { job: 'CREATED' } },
    })
  })
  it('says of a trace that ends before the job where it ends', async () => {
    const triggered = events.findIndex(({ event, checkpoint }) => event === 'trigger' && checkpoint === 2)
    const path = file('prefix.jsonl', lines(events.slice(0, triggered + 1)))
    const { code, stdout } = await conform(path)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ {2}ends {5}while the job is RUNNING, with checkpoint 2 open$/m)
    const json = JSON.parse((await conform(path, '--json')).stdout)
    expect(json.ends).toEqual({ job: 'RUNNING', over: false, openCheckpoints: [2] })
    const whole = JSON.parse((await conform(TRACE, '--json')).stdout)
    expect(whole.ends).toEqual({ job: 'CANCELED', over: true, openCheckpoints: [] })
  })
  it.each([20, 112, 400])(
    'of a trace without its first %i lines it says that the start is missing, with code 1',
    async (cut) => {
      const { code, stdout, stderr } = await conform(file('rolled.jsonl', lines(events.slice(cut))))
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^rolled\.jsonl does not begin with the start of the job \(line \d+ is \w+, .*\n$/)
    },
  )
  it('reads a .gz by its first bytes, and a file with a byte order mark', async () => {
    const zipped = join(folder, 'zipped')
    writeFileSync(zipped, readFileSync(TRACE))
    expect((await conform(zipped)).code).toBe(0)
    expect((await conform(file('marked.jsonl', `\uFEFF${lines(events)}`))).code).toBe(0)
  })
  it.each([
    ['none.jsonl', undefined, /none\.jsonl cannot be read \(ENOENT\): name a file of JSON lines\.$/],
    ['torn.jsonl.gz', 'not packed', /torn\.jsonl\.gz cannot be unpacked: give a \.gz that is whole/],
    ['empty.jsonl', '', /^empty\.jsonl holds no event: give JSON lines/],
    ['log.jsonl', 'INFO Triggering checkpoint 1', /^Line 1 of log\.jsonl is no event of a trace \(it is not JSON\)/],
    ['other.jsonl', '{"t_ms":1,"who":"jm","event":"boom"}', /nothing is called "boom"/],
  ])('of %s it says one sentence, with code 1', async (name, content, sentence) => {
    const path = content === undefined ? join(folder, name) : file(name, content)
    const { code, stdout, stderr } = await conform(path)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.trimEnd()).toMatch(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
