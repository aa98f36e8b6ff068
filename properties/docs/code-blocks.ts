/**
 * The code blocks of a Markdown document, in order. What they mean when the tests run a document:
 *
 * ```
 *   ts      a file, named by the comment in its first line: // my-job.ts
 *   diff    a change of such a file, named in the same way; lines with '-' go, lines with '+' come, '…' stands for lines between
 *   sh      commands, run one after the other
 *   (none)  what the commands of the sh block above have printed; a line '…' stands for any lines
 *   mermaid the same, if it is a picture that a reader sees drawn
 * ```
 *
 * There are no others: what a document shows is run.
 */
const LANGUAGES = ['ts', 'diff', 'sh', 'mermaid', ''] as const

export interface CodeBlock {
  readonly language: (typeof LANGUAGES)[number]
  /** Line of the opening fence, from 1. */
  readonly line: number
  /** The lines between the fences. */
  readonly lines: readonly string[]
}

/** @throws Error if a block is not closed, or is of a language that is not run */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: { language: CodeBlock['language']; line: number; lines: string[] } | null = null
  markdown.split('\n').forEach((text, i) => {
    const fence = /^\s*```(.*)$/.exec(text)
    if (fence === null) open?.lines.push(text)
    else if (open === null) open = { language: languageOf(fence[1]!, i + 1), line: i + 1, lines: [] }
    else {
      blocks.push(open)
      open = null
    }
  })
  if (open !== null) throw new Error(`line ${(open as CodeBlock).line}: the code block is not closed`)
  return blocks
}

function languageOf(info: string, line: number): CodeBlock['language'] {
  const language = LANGUAGES.find((known) => known === info.trim())
  if (language !== undefined) return language
  throw new Error(`line ${line}: a block '${info.trim()}' is not run by the tests: use ts, diff, sh, mermaid or none`)
}
