/** Does what a document says, step by step, as its reader would. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CodeBlock } from './code-blocks.ts'
import { compareOutput } from './compare-output.ts'
import type { Step } from './steps.ts'

export interface Way {
  /** Where the document's files are written and its commands are run. */
  readonly folder: string
  /** Words of commands that stand for something else here, such as the address of a server. */
  readonly standIns: ReadonlyMap<string, string>
  /** Files have changed, and commands come next. */
  changed(): void
  /** An output is as shown but for its figures: this is what it looks like today. */
  printed(block: CodeBlock, lines: readonly string[]): void
}

/**
 * @returns what is not as the document says, each with the line of the block; steps that build on it may add more
 */
export async function follow(steps: readonly Step[], way: Way): Promise<string[]> {
  const problems: string[] = []
  let token: string | undefined
  let fresh = false
  for (const step of steps) {
    if (step.kind !== 'run') {
      const problem = apply(step, way.folder)
      if (problem !== null) problems.push(`line ${step.line}: ${problem}`)
      fresh = true
      continue
    }
    if (fresh) way.changed()
    fresh = false
    const lines: string[] = []
    for (const { text, exitCode } of step.commands) {
      if (TOKEN.test(text) && token === undefined) {
        problems.push(`line ${step.line}: no token has been printed yet for: ${text}`)
        continue
      }
      const { code, output } = await inShell(commandOf(text, token, way.standIns), way.folder)
      if (exitCode !== null && code !== exitCode)
        problems.push(`line ${step.line}: exit code ${code}, not ${exitCode}: ${text}\n${output}`)
      lines.push(...output.split('\n'))
      token = output.match(/cutline:v1:[a-z0-9-]+:[\w-]+/g)?.at(-1) ?? token
    }
    if (step.shows === null) continue
    const compared = compareOutput(step.shows.lines, lines)
    if ('as' in compared) way.printed(step.shows, compared.as)
    else problems.push(mismatch(step.shows.line, compared.missing, lines))
  }
  if (fresh) way.changed()
  return problems
}

/** Stands for the token that was printed last. */
const TOKEN = /\bTOKEN\b/

function commandOf(text: string, token: string | undefined, standIns: Way['standIns']): string {
  let command = token === undefined ? text : text.replace(TOKEN, token)
  for (const [word, standIn] of standIns) command = command.replaceAll(word, standIn)
  return command
}

const mismatch = (line: number, missing: string, printed: readonly string[]): string =>
  `line ${line}: this is shown, but not printed there:\n${missing}\nprinted:\n${printed.join('\n')}`

function apply(step: Exclude<Step, { kind: 'run' }>, folder: string): string | null {
  const path = join(folder, step.file)
  if (step.kind === 'write') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, step.text)
    return null
  }
  let text = readFileSync(path, 'utf8')
  for (const { from, to } of step.changes) {
    const [before, after, ...more] = text.split(from)
    if (after === undefined || more.length > 0) return `${step.file} does not have this once:\n${from}`
    text = before + to + after
  }
  writeFileSync(path, text)
  return null
}

/** A command in a shell, as if started by hand. */
function inShell(command: string, cwd: string): Promise<{ code: number | null; output: string }> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|npm_|NODE_|CUTLINE_|TEST$)/.test(name))
  const env = { ...Object.fromEntries(kept), NO_COLOR: '1' }
  const child = spawn('bash', ['-c', `exec 2>&1; ${command}`], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    output += data
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
}
