import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import bankTransfer from '../../scenarios/bank-transfer.ts'
import wordCount from '../../scenarios/word-count.ts'
import { Check, scenarioOf } from '../../src/check/index.ts'
import { runnersOver, settingsOf } from '../../src/cli/registry.ts'
import { scenarioOver } from '../../src/cli/scenario-over.ts'

const folder = mkdtempSync(join(tmpdir(), 'cutline-input-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'book.txt')
writeFileSync(file, 'to be or not to be')

describe('a file that is named', () => {
  it('is what the scenario reads', () => {
    const over = scenarioOver(wordCount, file)
    expect(over.input!.hash()).toBe(wordCount.input!.read('to be or not to be').input!.hash())
    expect(scenarioOver(wordCount, undefined)).toBe(wordCount)
    const names = { scenario: 'word-count', protocol: 'aligned', seed: '1', input: file }
    const scenario = scenarioOf(settingsOf(names))
    expect(scenario.input!.hash()).toBe(over.input!.hash())
    const plan = new Check(settingsOf(names)).plan(0)
    expect(runnersOver(file)(plan).run(plan)).toMatchObject({ finding: null })
  })

  it.each([
    [bankTransfer, file, "'bank-transfer' reads no file: leave --input out."],
    [wordCount, join(folder, 'no-such-file'), `cannot read ${join(folder, 'no-such-file')}: there is no such file`],
    [wordCount, folder, `cannot read ${folder}: it is a directory`],
  ])('is refused for a reason', (scenario, path, message) => {
    expect(() => scenarioOver(scenario, path)).toThrow(message)
  })
})
