/** What goes into a bundle of a user's files, and where it is refused. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { bundleFiles } from '../../src/cli/bundle-files.ts'
import { Project } from './built.ts'

const project = new Project({
  'all.ts': `#!/usr/bin/env node
import half, { half as named } from 'halves'
import { sep } from 'node:path'
import { linked } from 'workspace'
import { where } from './lib/where'
import size from './old.cjs'
import data from './data.json' with { type: 'json' }
import { aliased } from '@/aliased'
export const all = [half, named(4), sep, linked, where, size.name, data.list, aliased, import.meta.dirname]
export enum Colour { Red = 3 }
`,
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }',
  'lib/aliased.ts': "export const aliased: string = 'by its alias'\n",
  'lib/where/index.ts': 'export const where = [import.meta.url, import.meta.filename, import.meta.dirname] as const\n',
  'old.cjs':
    "const { basename } = require('node:path')\nmodule.exports = { name: basename(__filename), size: basename(__dirname) }\n",
  'data.json': '{ "list": [1, 2] }',
  'node_modules/halves/package.json':
    '{ "name": "halves", "type": "module", "exports": { "module": "./bundlers.js", "import": "./index.js" } }',
  'node_modules/halves/index.js': "export const half = (n) => n / 2\nexport default 'default'\n",
  'node_modules/halves/bundlers.js': "throw new Error('for bundlers only')",
  'workspace/package.json': '{ "name": "workspace", "main": "main.ts" }',
  'workspace/main.ts': "export const linked: string = 'linked'\n",
  'cutline.ts': `import { JobError, scenario } from 'cutline'
import { utilisation } from 'cutline/intervals'
export { JobError, scenario, utilisation }
`,
  'syntax.ts': 'const a: number = = 3\n',
  'twice.js': "\nimport { a } from './nowhere.ts'\nimport { b } from './nowhere-else'\n",
  'package.ts': "import { a } from 'left-pad-9'\nconsole.log(a)\n",
  'door.ts': "\nimport { scenario } from 'cutline/dataflow'\nconsole.log(scenario)\n",
  'required.cjs': "const { scenario } = require('cutline')\n",
  'missing.ts': "import { nothing } from './data-of-mine.ts'\nconsole.log(nothing)\n",
  'data-of-mine.ts': 'export const something = 1\n',
  'indirect.ts': "import './syntax.ts'\n",
  'README.md': '',
})
project.link('node_modules/workspace', 'workspace')
afterAll(() => project.remove())
const path = (file: string): string => join(project.folder, file)

describe('a bundle', () => {
  it('has what lies in the folders of the user, and imports packages and Cutline from where they are', async () => {
    const { url, inputs } = await bundleFiles([path('all.ts'), path('cutline.ts')])
    const { default: modules } = await import(url)
    const [[, { all, Colour }], [, ours]] = modules
    expect(all).toEqual([
      'default',
      2,
      '/',
      'linked',
      [new URL(`file://${path('lib/where/index.ts')}`).href, path('lib/where/index.ts'), path('lib/where')],
      'old.cjs',
      [1, 2],
      'by its alias',
      project.folder,
    ])
    expect(Colour.Red).toBe(3)
    expect(inputs.map((input) => relative(project.folder, input)).sort()).toEqual([
      'all.ts',
      'cutline.ts',
      'data.json',
      'lib/aliased.ts',
      'lib/where/index.ts',
      'old.cjs',
      'workspace/main.ts',
    ])
    const code = readFileSync(fileURLToPath(url), 'utf8')
    expect(code.match(/from "file:[^"]*"/g)?.map((text) => text.replace(/.*\//, ''))).toEqual([
      'index.js"', // halves
      'index.js"',
      'index.js"',
    ])
    // a variable: a fresh clone has no built types of itself
    const itself: string = 'cutline'
    const running = (await import(itself)) as Record<string, unknown>
    expect(ours.scenario).toBe(running.scenario)
    expect(ours.JobError).toBe(running.JobError)
  })

  it.each([
    ['syntax.ts', /^\S*syntax\.ts:1:19: this is not valid TypeScript: Unexpected "="\.$/],
    ['indirect.ts', /^\S*syntax\.ts:1:19: this is not valid TypeScript: Unexpected "="\.$/],
    ['twice.js', /^\S*twice\.js:2:19: the import '\.\/nowhere\.ts' leads to no file: mend its path \(and 1 more\)\.$/],
    [
      'package.ts',
      /^\S*package\.ts:1:19: the package 'left-pad-9' is not installed: npm install it, or mend its name\.$/,
    ],
    ['door.ts', /^\S*door\.ts:2:26: there is no 'cutline\/dataflow': import from 'cutline', 'cutline\/.*\.$/],
    ['required.cjs', /^\S*required\.cjs:1:30: 'cutline' cannot be required: write import … from 'cutline'\.$/],
    ['missing.ts', /^\S*missing\.ts:1:10: No matching export in "\S*data-of-mine\.ts" for import "nothing"\.$/],
    ['README.md', /^\S*README\.md is no code that Cutline reads: name a file that ends with \.ts, .*\.$/],
    ['lib', /^\S*lib is a folder: name a file in it\.$/],
    ['al.ts', /^There is no file \S*al\.ts: did you mean \S*all\.ts\?$/],
    ['zebra.ts', /^There is no file \S*zebra\.ts: paths are from the working directory, /],
    ['none/zebra.ts', /^There is no file \S*none\/zebra\.ts: there is no folder \S*none either; paths are from /],
  ])('%s is refused at its place', async (file, sentence) => {
    await expect(bundleFiles([path(file)])).rejects.toThrow(sentence)
  })
})
