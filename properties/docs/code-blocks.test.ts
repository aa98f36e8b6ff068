import { describe, expect, it } from 'vitest'
import { codeBlocks } from './code-blocks.ts'
import { stepsOf } from './steps.ts'

const steps = (...lines: string[]) => stepsOf(codeBlocks(lines.join('\n')))

describe('a document', () => {
  it('is files, changes, and commands with what they print', () => {
    expect(
      steps(
        'Text',
        '```ts',
        '// a/job.ts, the job',
        'export {}',
        '```',
        '```diff',
        '// a/job.ts',
        ' same',
        '-old',
        '+new',
        '…',
        '+end',
        ' last',
        '```',
        '```sh',
        'npm install -D vitest',
        'one --long \\',
        '    --way   # exit code 2',
        'two',
        '```',
        'Text',
        '```',
        'output',
        '```',
        '```sh',
        'three',
        '```',
      ),
    ).toEqual([
      { kind: 'write', line: 2, file: 'a/job.ts', text: '// a/job.ts, the job\nexport {}\n' },
      {
        kind: 'edit',
        line: 6,
        file: 'a/job.ts',
        changes: [
          { from: 'same\nold', to: 'same\nnew' },
          { from: 'last', to: 'end\nlast' },
        ],
      },
      {
        kind: 'run',
        line: 15,
        commands: [
          { text: 'one --long --way   # exit code 2', exitCode: 2 },
          { text: 'two', exitCode: null },
        ],
        shows: { language: '', line: 22, lines: ['output'] },
      },
      { kind: 'run', line: 25, commands: [{ text: 'three', exitCode: 0 }], shows: null },
    ])
  })

  it.each([
    ['a language that is not run', ['```json', '{}', '```'], "line 1: a block 'json' is not run by the tests"],
    ['a block without an end', ['', '```sh', 'ls'], 'line 2: the code block is not closed'],
    ['code without a file', ['```ts', 'const a = 1', '```'], 'line 1: the first line must name the file'],
    ['output of nothing', ['```', 'output', '```'], 'line 1: this is the output of no commands'],
  ])('with %s is refused', (_, lines, sentence) => {
    expect(() => steps(...lines)).toThrow(sentence)
  })
})
