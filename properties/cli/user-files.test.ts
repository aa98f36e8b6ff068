/** Scenarios in a user's own files, as a user runs them: the built command line in a project that has installed it. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCorpus } from '../../src/check/corpus.ts'
import { bundleFiles } from '../../src/cli/bundle-files.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { UserCodeFailure } from '../../src/cli/user-code-failure.ts'
import { WatchedWorker } from '../../src/cli/watched-worker.ts'
import { build, cutlineIn, Project } from './built.ts'

const WORKER = new URL('../../dist/cli/check-worker.js', import.meta.url)

const HEAD = "import { CheckpointingMode, generatedSequence, scenario, transactionalLog } from 'cutline'\n"
/** A job that hands each number to `step`, on the line `at`. */
const jobWith = (name: string, step: string): string =>
  `scenario('${name}', (env) => {
  env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
  env.fromSource(generatedSequence({ count: 100, splits: 2 }), 'numbers').map(${step}).sinkTo(transactionalLog('out')).uid('out')
})`

const project = new Project({
  // a type, a helper in another file, data beside it, and what the file itself says where it is
  'good.ts': `${HEAD}import { fileURLToPath } from 'node:url'
import { double, type Row } from './lib/double'
import data from './lib/data.json'

if (fileURLToPath(import.meta.url) !== import.meta.filename) throw new Error('import.meta is of another file')
if (!import.meta.filename.endsWith('good.ts')) throw new Error(import.meta.filename)
export default ${jobWith('good', '(n): Row => ({ n: double(n) + data.plus })')}
`,
  'lib/double.ts': `export interface Row { readonly n: number }\nexport const double = (n: number): number => 2 * n\n`,
  'lib/data.json': '{ "plus": 1 }',
  'several.mjs': `${HEAD}export const plain = ${jobWith('plain', '(n) => n')}
export const more = [${jobWith('throws', '(n) => check(n)')}, ${jobWith('reads-the-clock', '(n) => n + Date.now()')}]
function check(n) {
  if (n > 30)
    throw new RangeError('no ' + n)
  return n
}
`,
  'lax.ts': `${HEAD}export default scenario('lax', (env) => {
  env.enableCheckpointing(1000, CheckpointingMode.AT_LEAST_ONCE).setParallelism(2)
  env.fromSource(generatedSequence({ count: 100, splits: 4 }), 'numbers').rebalance().map((n) => n)
    .rebalance().sinkTo(transactionalLog('out')).uid('out').setParallelism(1)
}, {
  invariants: [{
    name: 'each number once',
    needs: 'exactly-once',
    check: ({ out = [] }) => (new Set(out).size === out.length ? undefined : 'one is there twice'),
    otherwise: {
      name: 'each number',
      check: ({ out = [] }, inputs) => (inputs('numbers').every((n) => out.includes(n)) ? undefined : 'one is lost'),
    },
  }],
})
`,
  'broken/name.ts': `import { scenaro } from 'cutline'\nexport default scenaro('x', () => {})\n`,
  'broken/none.ts': 'export const limit = 3\n',
  'broken/taken.ts': `${HEAD}export default ${jobWith('keyed-state', '(n) => n')}\n`,
  'broken/job.ts': `${HEAD}
export default scenario('x', (env) => {
  env.fromSource(generatedSequence({ count: 1 }), 'numbers')
    .sinkTo(transactionalLog('no good name'))
})
`,
  'broken/sinkless.ts': `${HEAD}export default scenario('x', (env) => {
  env.fromSource(generatedSequence({ count: 1 }), 'numbers').map((n) => n)
})
`,
  'broken/loose.ts': `${HEAD}export default scenario('x', (env) => {
  const numbers = env.fromSource(generatedSequence({ count: 1 }), 'numbers')
  numbers.sinkTo(transactionalLog('a'))
  numbers
    .map((n) => n + 1)
    .keyBy((n) => n)
})
`,
  'broken/logs.ts': `${HEAD}export default scenario('x', (env) => {
  const numbers = env.fromSource(generatedSequence({ count: 1 }), 'numbers')
  numbers.sinkTo(transactionalLog('a'))
  numbers.sinkTo(transactionalLog('a'))
})
`,
  'broken/factory.ts': `${HEAD}export default scenario('x', (env) => {
  env
    .fromSource(generatedSequence({ count: 1 }), 'numbers')
    .keyBy((n) => n)
    .process(() => ({}) as never)
    .sinkTo(transactionalLog('a'))
})
`,
  'broken/title.ts': `${HEAD}\nexport default scenario('No Title', () => {})\n`,
  'broken/rows.ts': `${HEAD}import { csvFile } from 'cutline/node'
export default scenario('x', (env) => {
  env.fromSource(csvFile(new URL('./rows.csv', import.meta.url)), 'rows').sinkTo(transactionalLog('out'))
})
`,
  'broken/throws.ts': "\nthrow new Error('never')\n",
  'broken/call.ts': `${HEAD}export default scenario('x', (env) => {\n  env.fromSorce()\n})\n`,
})
afterAll(() => project.remove())
beforeAll(build, 60_000)
const cutline = project.cutline.bind(project)

describe.concurrent("a scenario in a user's file", () => {
  it('is checked like any other', async () => {
    const answer = await project.json(0, 'check', './good.ts', '--runs', '20', '--seed', '1')
    expect(answer).toMatchObject({ scenario: 'good', file: 'good.ts', runs: 20, verdict: 'holds' })
  })

  it('is run by the protocol of its checkpointing mode, which then says what it leaves out, unless one is named', async () => {
    const check = ['check', 'lax.ts', '--runs', '60', '--seed', '1']
    const [chosen, named] = await Promise.all([
      project.json(0, ...check),
      project.json(0, ...check, '--protocol', 'aligned'),
    ])
    expect(chosen).toMatchObject({
      protocol: 'at-least-once',
      verdict: 'holds',
      skipped: [{ name: 'each number once', needs: 'exactly-once' }],
      permitted: { 'may-repeat': expect.any(Number) },
    })
    expect(named).toMatchObject({ protocol: 'aligned', verdict: 'holds', skipped: [], permitted: {} })
  })

  it('gives the same runs in any number of workers and any order', async () => {
    const check = ['check', 'good.ts', '--runs', '210', '--seed', '1']
    const [one, other] = await Promise.all([
      project.json(0, ...check, '--workers', '1'),
      project.json(0, ...check, '--workers', '3', '--order', 'shuffled'),
    ])
    expect(other.digest).toBe(one.digest)
  })

  it('is one of several by its name', async () => {
    expect(await cutline('check', 'several.mjs')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'several.mjs has several scenarios (throws, reads-the-clock, plain): name one before --file several.mjs.\n',
    })
    expect(await project.json(0, 'check', 'Plain', '--file', 'several.mjs', '--runs', '10')).toMatchObject({
      scenario: 'plain',
    })
    expect((await cutline('check', 'plane', '--file', 'several.mjs')).stderr).toBe(
      "several.mjs has no scenario 'plane': it has throws, reads-the-clock, plain.\n",
    )
  })

  it('is listed with its file', async () => {
    const [{ scenarios }, text] = await Promise.all([
      project.json(0, 'list', 'scenarios', '--file', 'several.mjs'),
      cutline('list', 'scenarios', '--file', 'several.mjs'),
    ])
    expect(scenarios.slice(-3)).toEqual(
      ['throws', 'reads-the-clock', 'plain'].map((name) => ({
        name,
        title: name,
        records: { min: 20, max: 100 },
        vertices: ['numbers', 'out'],
        file: 'several.mjs',
      })),
    )
    expect(text.stdout).toContain('20 to 100 records: numbers, out; several.mjs\n')
  })

  it('may carry a planted bug', async () => {
    const answer = await project.json(2, 'check', 'good.ts', '--bug', 'FLINK-24543', '--seed', '1', '--no-shrink')
    expect(answer).toMatchObject({ scenario: 'good', verdict: 'safety' })
  })
})

describe('a failure in it', () => {
  const failing = new Project()
  let token: string
  beforeAll(async () => {
    failing.write('several.mjs', readFileSync(join(project.folder, 'several.mjs'), 'utf8'))
    const answer = await failing.json(5, 'check', 'throws', '--file', './several.mjs', '--seed', '1')
    token = answer.token
    expect(answer).toMatchObject({ verdict: 'usercode', fingerprint: 'user/threw:numbers' })
    expect(answer.message).toMatch(/ threw: no \d+ \(several\.mjs:15:11\)\.$/)
    expect(answer.shrunk).toMatchObject({ faults: 0, parallelism: 1 })
  })
  afterAll(() => failing.remove())

  it('is replayed, told and shrunk with the file', async () => {
    const [replay, story, small] = await Promise.all([
      failing.json(5, 'replay', token, '--file', 'several.mjs'),
      failing.json(0, 'explain', token, '--file', 'several.mjs'),
      failing.cutline('shrink', token, '--file', './several.mjs'),
    ])
    expect(replay).toMatchObject({ answer: 'same', scenario: 'throws', jobChanged: false })
    expect(replay.message).toContain('(several.mjs:15:11)')
    expect(story.at(-1).who).toBe('oracle user')
    expect(small.stdout).toContain(`\ncutline replay ${token} --file ./several.mjs\n`)
  })

  it('says where it was looked for, without the file or with another one', async () => {
    failing.write('other.mjs', `${HEAD}export default ${jobWith('other', '(n) => n')}`)
    const [none, other] = await Promise.all([
      failing.cutline('replay', token),
      failing.cutline('explain', token, '--file', 'other.mjs'),
    ])
    expect(none).toEqual({
      code: 1,
      stdout: '',
      stderr:
        "The token is of the scenario 'throws', which is not one of Cutline's own, and there is no cutline.config.ts here or above: name the file that has it with --file.\n",
    })
    expect(other.stderr).toBe("The token is of the scenario 'throws', but other.mjs has other: name another file.\n")
    expect(other.code).toBe(1)
  })

  it('that reads the clock names the line and what to read instead', async () => {
    const { code, stdout } = await failing.cutline(
      'check',
      'reads-the-clock',
      '--file',
      'several.mjs',
      '--seed',
      '1',
      '--no-shrink',
    )
    expect(code).toBe(5)
    expect(stdout).toMatch(
      /it uses Date, which a replay cannot repeat; read the time from .* \(several\.mjs:11:\d+\)\.\n/,
    )
    expect(stdout).toMatch(/\ncutline replay cutline:v1:reads-the-clock:\S+ --file several\.mjs\n/)
  })
})

/** What a worker says that has been given the file, and asked for its job. */
async function refusal(file: string): Promise<unknown> {
  const worker = new WatchedWorker({
    bundle: await bundleFiles([join(project.folder, 'broken', file)]),
    script: WORKER,
  })
  try {
    const own = await worker.ask('own', {})
    await worker.ask('describe', { scenario: own[0]!.name })
  } catch (error) {
    return error
  } finally {
    worker.end()
  }
}

describe('a file that is code, but no good one, ends with one sentence at its place', () => {
  it.each([
    ['name.ts', UsageError, /name\.ts:1:10: 'cutline' has no export 'scenaro': did you mean 'scenario'\?$/],
    ['none.ts', UsageError, /none\.ts exports no scenario: it exports limit; write export default scenario\('none', /],
    ['taken.ts', UsageError, /taken\.ts has a scenario 'keyed-state', which is the name of one of Cutline's own: /],
    [
      'job.ts',
      UsageError,
      /job\.ts:5:13: The name of a log must be letters, digits and . _ -, but is 'no good name'\.$/,
    ],
    ['sinkless.ts', UsageError, /sinkless\.ts:\d+:\d+: .* has no sink: end it with sinkTo\(\.\.\.\)\.$/],
    [
      'loose.ts',
      UsageError,
      /loose\.ts:7:6: KeyBy after 'map' leads nowhere: let process or window follow, or take it out\.$/,
    ],
    ['logs.ts', UsageError, /logs\.ts:5:11: Two sinks write to the log 'a': give each a log of its own\.$/],
    ['factory.ts', UsageError, /factory\.ts:6:6: The factory of 'process' must return an object with a method /],
    ['title.ts', UsageError, /title\.ts:3:16: The name of a scenario must be letters in lower case, digits and -, but/],
    ['rows.ts', UsageError, /rows\.ts:4:18: Cannot read \S*broken\/rows\.csv: there is no such file; give a path /],
    ['throws.ts', UserCodeFailure, /throws\.ts:2:7: the file threw while it was loaded: never\.$/],
    ['call.ts', UserCodeFailure, /call\.ts:3:7: env\.fromSorce is not a function\.$/],
  ])('%s', async (file, kind, sentence) => {
    const error = await refusal(file)
    expect(error).toBeInstanceOf(kind)
    expect((error as Error).message).toMatch(sentence)
  })

  it('a name that is that of a file', async () => {
    expect((await cutline('check', 'good')).stderr).toBe(
      "There is no scenario 'good': did you mean the file ./good.ts?\n",
    )
  })
})

describe('cutline.config.ts', () => {
  const project = new Project({
    'cutline.config.ts': `import { defineConfig } from 'cutline'
export default defineConfig({
  scenarios: ['./jobs/*.mjs'],
  corpus: 'corpus',
  defaults: { runs: 12, seed: 7, faults: ['crash'], workers: 1 },
})
`,
    'jobs/plain.mjs': `${HEAD}export default ${jobWith('plain', '(n) => n')}`,
    'jobs/throws.mjs': `${HEAD}export default ${jobWith('throws', "(n) => { if (n > 9) throw new Error('ten'); return n }")}`,
    'jobs/plain.test.mjs': "throw new Error('a test is no scenario')",
  })
  const deep = join(project.folder, 'src/deep')
  beforeAll(() => mkdirSync(deep, { recursive: true }))
  afterAll(() => project.remove())

  it('names scenarios, and gives defaults', async () => {
    const [plain, told, list, keyed] = await Promise.all([
      project.json(0, 'check', 'plain'),
      project.json(0, 'check', 'plain', '--runs', '15', '--seed', '8', '--faults', 'pause,put'),
      project.json(0, 'list', 'scenarios'),
      project.json(0, 'check', 'keyed-state'),
    ])
    expect(plain).toMatchObject({ scenario: 'plain', file: 'jobs/plain.mjs', runs: 12, seed: '7' })
    expect(Object.keys(plain.faults).every((kind) => kind.startsWith('crash-'))).toBe(true)
    expect(told).toMatchObject({ runs: 15, seed: '8' })
    expect(Object.keys(told.faults).some((kind) => kind.startsWith('crash-'))).toBe(false)
    expect(list.scenarios.slice(-2).map(({ file }: { file: string }) => file)).toEqual([
      'jobs/plain.mjs',
      'jobs/throws.mjs',
    ])
    expect(keyed).toMatchObject({ runs: 12, seed: '7' })
  })

  it('is found from below; failures go to its corpus, and their tokens find the scenario', async () => {
    const { code, stdout } = await cutlineIn(deep, 'check', 'throws')
    expect(code).toBe(5)
    expect(stdout).toContain('(../../jobs/throws.mjs:4:')
    expect(stdout).toMatch(/ {2}written +\.\.\/\.\.\/corpus\/throws\.jsonl\n/)
    const [, token] = /\ncutline replay (\S+)\n/.exec(stdout)!
    const kept = parseCorpus(readFileSync(join(project.folder, 'corpus/throws.jsonl'), 'utf8'))
    expect(kept.map(({ note }) => note)).toEqual(['as found', 'shrunk'])
    expect(kept[1]!.token).toBe(token)
    const [replay, again] = await Promise.all([
      project.json(5, 'replay', token!),
      // the file is one of the configuration's, so that the token alone is enough
      project.cutline('check', './jobs/throws.mjs', '--no-shrink'),
    ])
    expect(replay.answer).toBe('same')
    expect(again.stdout).toMatch(/\ncutline replay \S+\n/)
  })

  it.each([
    [
      'export default { scenario: [] }',
      "cutline.config.ts: it has 'scenario', but may only have scenarios, corpus, defaults.",
    ],
    ["export default { scenarios: ['nix/*.ts'] }", "cutline.config.ts: scenarios[0] 'nix/*.ts' means no file in "],
    [
      'export const config = {}',
      'cutline.config.ts exports no configuration: write export default defineConfig({ … }).',
    ],
    [
      'export default {',
      'cutline.config.ts:1:17: this is not valid TypeScript: Expected identifier but found end of file.',
    ],
  ])('%s is refused', async (text, sentence) => {
    const broken = new Project({ 'cutline.config.ts': text })
    const { code, stdout, stderr } = await broken.cutline('check', 'plain')
    broken.remove()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
  })
})
