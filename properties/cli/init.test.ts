/** The newcomer's path: `cutline init` in an empty folder that has the package, then what it says to do next. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { INIT_FILES, INIT_SCENARIO } from '../../src/cli/init-files.ts'
import { build, Project } from './built.ts'

const FILES = ['scenarios/orders.ts', 'cutline.config.ts', 'test/orders.test.ts', 'corpus/README.md']
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const project = new Project()
project.linkPackage('vitest')
beforeAll(build, 60_000)
afterAll(() => project.remove())

/** `npx vitest run` in the project. */
function vitest(): Promise<{ readonly code: number | null; readonly text: string }> {
  const script = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const env = { ...process.env, NO_COLOR: '1', VITEST: undefined, CUTLINE_SEED: undefined }
  const child = spawn(process.execPath, [script, 'run'], { cwd: project.folder, env })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      text += data
    })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })))
}
const read = (path: string): string => readFileSync(join(project.folder, path), 'utf8')

describe('cutline init', () => {
  it('writes what it says, and says what to do next', async () => {
    const { code, stdout, stderr } = await project.cutline('init')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const file of FILES) expect(stdout).toContain(`written  ${file}\n`)
    expect(stdout).toContain('\nNext\n  npx cutline check orders\n  npx vitest run\n')
    expect(stdout).toContain('\n  "check": "cutline check orders"\n  "test": "vitest run"\n')
    expect(Object.fromEntries(FILES.map((file) => [file, read(file)]))).toEqual(INIT_FILES)
  })

  it('a scenario that has a name of its own, holds, and is portable', async () => {
    expect(scenarios.map(({ name }) => name)).not.toContain(INIT_SCENARIO)
    const [checked, doctor] = await Promise.all([
      project.json(0, 'check', 'orders', '--runs', '60', '--seed', '1'),
      project.json(0, 'doctor', 'scenarios/orders.ts'),
    ])
    expect(checked).toMatchObject({ verdict: 'holds', file: 'scenarios/orders.ts', runs: 60 })
    expect(Object.values(checked.sometimes)).toEqual([60])
    expect(doctor.findings).toEqual([])
  })

  it('a test that passes; as it says how, the sink breaks, and both fail with a token that replays', async () => {
    const passed = await vitest()
    expect(passed).toMatchObject({ code: 0 })
    expect(passed.text).toMatch(/Tests +1 passed/)
    const broken = read('scenarios/orders.ts').replace(/\/\/ To see Cutline at work, .*: (this\..*)$/m, '$1')
    expect(broken).toContain('\n    this.#log.commit(transaction)\n    return [transaction]')
    writeFileSync(join(project.folder, 'scenarios/orders.ts'), broken)
    const found = await project.json(2, 'check', 'orders', '--seed', '1')
    expect(found).toMatchObject({ verdict: 'safety', oracle: 'output', shrunk: { records: 1 } })
    const [replayed, failed] = await Promise.all([project.json(2, 'replay', found.token), vitest()])
    expect(replayed.answer).toBe('same')
    expect(failed.code).toBe(1)
    expect(failed.text).toContain('cutline replay cutline:v1:orders:')
    expect(failed.text).toMatch(/orders\.jsonl > line 2: orders does not fail with output\//)
    writeFileSync(join(project.folder, 'scenarios/orders.ts'), INIT_FILES['scenarios/orders.ts']!)
    const mended = await vitest()
    expect(mended.text).toMatch(/Tests +3 passed/)
  })

  it('overwrites nothing, unless it is told to', async () => {
    writeFileSync(join(project.folder, 'cutline.config.ts'), 'mine')
    const refused = await project.cutline('init')
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'scenarios/orders.ts, cutline.config.ts, test/orders.test.ts and corpus/README.md are there already, so nothing was written: take another folder, or overwrite with --force.\n',
    })
    expect(read('cutline.config.ts')).toBe('mine')
    writeFileSync(join(project.folder, 'package.json'), '{ "scripts": { "test": "mine" } }')
    const answer = await project.json(0, 'init', '--force')
    expect(answer).toEqual({
      written: FILES,
      next: ['npx cutline check orders', 'npx vitest run'],
      scripts: { check: 'cutline check orders' },
    })
    expect(read('cutline.config.ts')).toBe(INIT_FILES['cutline.config.ts'])
    expect(read('package.json')).toBe('{ "scripts": { "test": "mine" } }')
  })

  it('makes the folder, and says what is not installed there', async () => {
    const empty = new Project()
    mkdirSync(join(empty.folder, 'some'))
    const answer = await empty.json(0, 'init', 'some/where')
    empty.remove()
    expect(answer.written).toEqual(FILES.map((file) => `some/where/${file}`))
    expect(answer.next).toEqual(expect.arrayContaining(['cd some/where', 'npx cutline check orders']))
    const blocked = await project.cutline('init', '/dev/null/x')
    expect(blocked.code).toBe(1)
    expect(blocked.stderr).toMatch(
      /^\/dev\/null\/x\/scenarios\/orders\.ts cannot be written \(\w+\): name another folder, /,
    )
  })
})

it('what it writes has the right types, in a strict project', () => {
  const written = new Project({ ...INIT_FILES, 'package.json': '{ "type": "module" }' })
  written.linkPackage('vitest')
  const program = ts.createProgram(
    FILES.filter((file) => file.endsWith('.ts')).map((file) => join(written.folder, file)),
    {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts'],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      skipLibCheck: true,
      noEmit: true,
      // the declarations of the package are built from these
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      types: [],
      paths: { cutline: [join(ROOT, 'src/index.ts')], 'cutline/vitest': [join(ROOT, 'src/vitest/index.ts')] },
    },
  )
  const problems = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(written.folder))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
  written.remove()
  expect(
    problems.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  ).toEqual([])
})
