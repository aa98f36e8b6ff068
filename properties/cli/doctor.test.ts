/** `cutline doctor` over files and what they import. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build, Project } from './built.ts'

const project = new Project({
  'job.ts': `import { scenario } from 'cutline'
import { spread } from 'wide'
import { label } from './lib/label.ts'

export default scenario('x', (env) => {
  env.fromSource(spread, 'numbers').map((n: number) => label(n) + Math.random())
})
`,
  'lib/label.ts': 'export const label = (n: number): string => n.toLocaleString() + new Date()\n',
  'node_modules/wide/package.json': '{ "name": "wide", "type": "module", "exports": "./index.js" }',
  'node_modules/wide/index.js': 'export const spread = () => Math.random()\n',
  'good.ts': 'export const half = (n: number): number => n / 2\n',
})
beforeAll(build, 60_000)
afterAll(() => project.remove())

describe('cutline doctor', () => {
  it('finds what is not portable in the file and in what it imports from the folder, with what to write instead', async () => {
    const [text, answer] = await Promise.all([
      project.cutline('doctor', './job.ts'),
      project.json(5, 'doctor', 'job.ts'),
    ])
    expect(answer.files).toEqual(['job.ts', 'lib/label.ts'])
    expect(answer.findings).toEqual([
      expect.objectContaining({
        file: 'job.ts',
        line: 6,
        column: 67,
        rule: 'random',
        what: expect.stringMatching(/^Math\.random /),
      }),
      expect.objectContaining({ file: 'lib/label.ts', line: 1, column: 47, rule: 'locale' }),
      expect.objectContaining({ file: 'lib/label.ts', line: 1, column: 70, rule: 'clock' }),
    ])
    expect(text).toMatchObject({ code: 5, stderr: '' })
    for (const { file, line, column, rule, what, instead } of answer.findings)
      expect(text.stdout).toContain(`${file}:${line}:${column}  ${rule}  ${what}\n  ${instead}\n`)
    expect(text.stdout).toMatch(/\n\n3 places in 2 files would not run alike everywhere\.\n$/)
  })

  it('ends with 0 if there is nothing, and with one sentence if the file cannot be read', async () => {
    const [good, missing] = await Promise.all([
      project.cutline('doctor', 'good.ts'),
      project.cutline('doctor', 'god.ts'),
    ])
    expect(good).toEqual({
      code: 0,
      stdout: 'Nothing found in 1 file that would not run alike everywhere.\n',
      stderr: '',
    })
    expect(missing).toEqual({ code: 1, stdout: '', stderr: 'There is no file god.ts: did you mean good.ts?\n' })
  })
})
