import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { main } from './main.ts'

const FIXTURES = 'properties/fixtures'
const RANGES = {
  id: 'key_groups/one',
  kind: 'ranges',
  max: 4,
  p: 2,
  ranges: [
    [0, 1],
    [2, 3],
  ],
}
const WRONG = {
  id: 'key_groups/two',
  why: 'wrong on purpose',
  kind: 'ranges',
  max: 4,
  p: 2,
  ranges: [
    [0, 2],
    [3, 3],
  ],
}
const ALIGNED = {
  id: 'aligned/wrong',
  n: 1,
  fin: true,
  steps: [
    { ev: ['r', 0, 1], blocked: [], cur: -1, p: 0 },
    {
      ev: ['b', 0, 3],
      acts: [
        ['block', 0],
        ['trigger', 3, 0, 0, 0],
      ],
      blocked: [0],
      cur: 3,
      p: 0,
    },
  ],
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutline-conformance-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(path: string, cases: readonly unknown[]): void {
  const file = join(folder, path)
  mkdirSync(join(file, '..'), { recursive: true })
  const text = cases.map((c) => `${JSON.stringify(c)}\n`).join('')
  writeFileSync(file, path.endsWith('.gz') ? gzipSync(text) : text)
}
function conformance(...args: readonly string[]) {
  const said = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof said) => ({
    write(text: string) {
      said[name] += text
    },
  })
  const code = main(args, FIXTURES, { stdout: stream('stdout'), stderr: stream('stderr') })
  return { code, ...said }
}

describe('npm run conformance', () => {
  it('takes the copies of the fixtures without a folder', () => {
    const { code, stdout } = conformance('--suite', 'key_groups', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual([{ suite: 'key_groups', cases: 857, agreed: 857 }])
  })

  it('runs what a folder holds, packed or not, and counts the cases that agree', () => {
    write('vectors/key_groups.jsonl', [RANGES, WRONG])
    write('vectors/aligned.jsonl.gz', [ALIGNED])
    const { code, stdout } = conformance(folder, '--json')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual([
      {
        suite: 'aligned',
        cases: 1,
        steps: 1,
        agreed: 0,
        firstDisagreement: {
          case: 'aligned/wrong',
          step: 1,
          event: ['b', 0, 3],
          expected: {
            acts: [
              ['block', 0],
              ['trigger', 3],
            ],
            blocked: [0],
            cur: 3,
            p: 0,
          },
          got: {
            acts: [
              ['block', 0],
              ['trigger', 3],
              ['resume', 0],
            ],
            blocked: [],
            cur: 3,
            p: 0,
          },
          states: { 'aligned-task': 'waiting' },
        },
      },
      {
        suite: 'key_groups',
        cases: 2,
        agreed: 1,
        firstDisagreement: {
          case: 'key_groups/two',
          why: 'wrong on purpose',
          event: { max: 4, p: 2 },
          expected: [
            [0, 2],
            [3, 3],
          ],
          got: [
            [0, 1],
            [2, 3],
          ],
        },
      },
    ])
  })

  it('shows the first disagreement side by side', () => {
    write('vectors/aligned.jsonl', [ALIGNED])
    expect(conformance(folder).stdout).toMatchInlineSnapshot(`
      "aligned: 0 of 1 cases agree, 1 step
        first disagreement: aligned/wrong, step 1
        event    ["b",0,3]
        acts:
            expected       got
            ["block",0]    ["block",0]
            ["trigger",3]  ["trigger",3]
          ! -              ["resume",0]
        blocked:
            expected  got
          ! 0         -
        cur: 3, as expected
        p: 0, as expected
        states   aligned-task: waiting
      "
    `)
  })

  it('tells of a suite that nobody replays', () => {
    write('vectors/tomorrow.jsonl', [{ id: 'tomorrow-1' }])
    const { code, stdout } = conformance(folder)
    expect(code).toBe(2)
    expect(stdout).toContain("There is no replayer for the suite 'tomorrow' yet: none of its cases has been run.")
  })

  it('takes an error of the replay for a disagreement', () => {
    write('vectors/aligned.jsonl', [{ id: 'aligned/no-steps', n: 1, fin: true }])
    const { code, stdout } = conformance(folder)
    expect(code).toBe(2)
    expect(stdout).toContain('The replay failed')
  })

  it.each([
    ['a folder that is not there', ['nowhere'], "There is no folder 'nowhere'"],
    ['a folder without suites', ['src'], "There is no suite in 'src'"],
    ['an unknown suite', ['--suite', 'alined'], "There is no suite 'alined' in this folder: did you mean 'aligned'?"],
    ['an unknown option', ['--jsn'], "Unknown option '--jsn'"],
    ['two folders', ['a', 'b'], 'one folder at most is expected, but 2 came'],
  ])('ends with 1 and a sentence for %s', (_, args, sentence) => {
    const { code, stdout, stderr } = conformance(...args)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    ['not JSON', '{"id":1}\n{', 'key_groups.jsonl:2 is not JSON'],
    ['empty', '\n', 'holds no case'],
  ])('ends with 1 and names a file that is %s', (_, text, sentence) => {
    mkdirSync(join(folder, 'vectors'))
    writeFileSync(join(folder, 'vectors/key_groups.jsonl'), text)
    const { code, stderr } = conformance(folder)
    expect(code).toBe(1)
    expect(stderr).toContain(sentence)
  })
})
