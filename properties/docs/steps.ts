import type { CodeBlock } from './code-blocks.ts'

/** What is to be done for a document, in order. `line` is that of the block in the document. */
export type Step =
  | { readonly kind: 'write'; readonly line: number; readonly file: string; readonly text: string }
  | { readonly kind: 'edit'; readonly line: number; readonly file: string; readonly changes: readonly Change[] }
  | {
      readonly kind: 'run'
      readonly line: number
      readonly commands: readonly Command[]
      /** What they are said to print; null if the document does not say. */
      readonly shows: CodeBlock | null
    }

/** A stretch of a file, before and after. */
export interface Change {
  readonly from: string
  readonly to: string
}

export interface Command {
  readonly text: string
  /** Exit codes that it may have; null for any, since its output is shown. */
  readonly exitCode: number | null
}

/** @throws Error naming the line of a block that says nothing that can be run */
export function stepsOf(blocks: readonly CodeBlock[]): Step[] {
  return blocks.flatMap((block, i) => stepOf(block, blocks[i - 1], blocks[i + 1]))
}

function stepOf(block: CodeBlock, before: CodeBlock | undefined, after: CodeBlock | undefined): Step[] {
  const { language, line, lines } = block
  if (language === 'ts') return [{ kind: 'write', line, file: fileOf(block), text: `${lines.join('\n')}\n` }]
  if (language === 'diff') return [{ kind: 'edit', line, file: fileOf(block), changes: changesOf(lines.slice(1)) }]
  if (language === 'sh') {
    const shows = after !== undefined && isOutput(after) ? after : null
    return [{ kind: 'run', line, commands: commandsOf(lines, shows !== null), shows }]
  }
  if (before?.language === 'sh') return []
  throw new Error(`line ${line}: this is the output of no commands: put a sh block before it`)
}

const isOutput = ({ language }: CodeBlock): boolean => language === '' || language === 'mermaid'

/** The file that the comment in the first line names: '// my-job.ts', '// tests/my-job.test.ts, the test'. */
function fileOf({ line, lines }: CodeBlock): string {
  const named = /^\/\/ ([\w./-]+\.ts)\b/.exec(lines[0] ?? '')
  if (named === null) throw new Error(`line ${line}: the first line must name the file, as in '// my-job.ts'`)
  return named[1]!
}

/** A line '…' stands for what lies between two stretches. */
function changesOf(lines: readonly string[]): Change[] {
  const stretches: string[][] = [[]]
  for (const line of lines) {
    if (line === '…') stretches.push([])
    else stretches.at(-1)!.push(line)
  }
  return stretches.map((stretch) => ({ from: without('+', stretch), to: without('-', stretch) }))
}

const without = (sign: string, lines: readonly string[]): string =>
  lines
    .filter((line) => !line.startsWith(sign))
    .map((line) => line.slice(1))
    .join('\n')

/** Lines that npm would need the registry for: they set a folder up that the tests have set up already. */
const INSTALLS = /^(npm (ci|i|install|init)\b|mkdir \S+ && cd )/

function commandsOf(lines: readonly string[], shown: boolean): Command[] {
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((text) => text.trim() !== '' && !INSTALLS.test(text))
    .map((text) => {
      const said = /#.*\bexit code (\d+)/.exec(text)
      return { text, exitCode: said !== null ? Number(said[1]) : shown ? null : 0 }
    })
}
