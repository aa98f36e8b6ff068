import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest'
import type { Source } from '../../src/dataflow/index.ts'
import { csvFile, jsonLinesFile, textFile } from '../../src/dataflow/node.ts'

const folder = mkdtempSync(join(tmpdir(), 'cutline-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const valuesOf = (source: Source<unknown>): unknown[][] =>
  source.splits(Infinity, () => 0).map((split) => Array.from({ length: split.length }, (_, i) => split.read(i)))

describe('sources that read files', () => {
  it('CSV, with and without types', () => {
    const path = file('a.csv', 'name,n\na,1\nb,2\nc,3\n')
    const typed = csvFile(path, { columns: { n: 'int' }, splits: 2 })
    expectTypeOf(typed).toExtend<Source<{ readonly n: number }>>()
    expect(valuesOf(typed)).toEqual([[{ n: 1 }], [{ n: 2 }, { n: 3 }]])
    expect(valuesOf(csvFile(pathToFileURL(path)))[0]![0]).toEqual({ name: 'a', n: '1' })
  })

  it('JSON Lines and text', () => {
    expect(valuesOf(jsonLinesFile<number[]>(file('a.jsonl', '[1]\n[2]\n')))).toEqual([[[1], [2]]])
    expect(valuesOf(textFile(file('a.txt', 'one\ntwo\n'), { splits: 2 }))).toEqual([['one'], ['two']])
  })

  it('refuse in one sentence what they cannot read', () => {
    const missing = join(folder, 'missing.csv')
    expect(() => csvFile(missing)).toThrow(
      `cannot read ${missing}: there is no such file; give a path from the working directory (`,
    )
    expect(() => textFile(folder)).toThrow(`cannot read ${folder}: it is a directory;`)
    const latin1 = file('latin1.txt', Uint8Array.of(0x61, 0xe9, 0x62))
    expect(() => textFile(latin1)).toThrow(`cannot read ${latin1}: it is not UTF-8 text; save it as UTF-8`)
    const broken = file('broken.csv', 'n\n1\nx\n')
    expect(() => csvFile(broken, { columns: { n: 'int' } })).toThrow(
      `${broken}, line 3: column 'n' must be an integer, but is 'x'`,
    )
  })
})
