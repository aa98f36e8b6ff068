/** Patterns of files, on a folder that is made up. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { filesOf } from '../../src/cli/file-patterns.ts'

const folder = mkdtempSync(join(tmpdir(), 'cutline-patterns-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FILES = [
  'a.ts',
  'b.js',
  'b.test.ts',
  'c.d.ts',
  'jobs/one.ts',
  'jobs/two.ts',
  'jobs/two.spec.ts',
  'jobs/deep/er/three.ts',
  'jobs/deep/er/(x)+.ts',
  'node_modules/p/a.ts',
  '.hidden/a.ts',
]
for (const file of FILES) {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), '')
}
const found = (pattern: string, from = folder): string[] => filesOf(pattern, from).map((path) => relative(folder, path))

describe('a pattern', () => {
  it.each([
    ['*.ts', ['a.ts']],
    ['./*.ts', ['a.ts']],
    ['*.{ts,js}', ['a.ts', 'b.js']],
    ['{a,b}.*', ['a.ts', 'b.js']],
    ['?.js', ['b.js']],
    ['jobs/*.ts', ['jobs/one.ts', 'jobs/two.ts']],
    ['jobs/t*.ts', ['jobs/two.ts']],
    ['jobs/**/*.ts', ['jobs/deep/er/(x)+.ts', 'jobs/deep/er/three.ts', 'jobs/one.ts', 'jobs/two.ts']],
    ['**/three.ts', ['jobs/deep/er/three.ts']],
    ['jobs/*/*/(x)+.t?', ['jobs/deep/er/(x)+.ts']],
    ['nowhere/*.ts', []],
    ['jobs/*', ['jobs/one.ts', 'jobs/two.ts']],
  ])('%s', (pattern, files) => {
    expect(found(pattern)).toEqual(files)
    expect(found(join(folder, pattern), tmpdir())).toEqual(files)
    expect(found(`../../${pattern}`, join(folder, 'jobs/deep'))).toEqual(files)
  })

  it('that has no wildcard is the path itself, whether there is such a file or not', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z()+.]{1,8}\/[a-z()+.]{1,8}$/), (path) => {
        expect(filesOf(path, '/from')).toEqual([join('/from', path)])
      }),
    )
  })

  it('of a file with one letter replaced by ? means that file', () => {
    const plain = FILES.slice(0, 2).concat('jobs/one.ts')
    fc.assert(
      fc.property(fc.constantFrom(...plain), fc.nat(), (file, at) => {
        const i = at % file.length
        fc.pre(file[i] !== '/')
        expect(found(`${file.slice(0, i)}?${file.slice(i + 1)}`)).toContain(file)
      }),
    )
  })
})
