/** What `cutline init` does. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { shown } from './bundle-files.ts'
import { INIT_FILES, INIT_SCENARIO } from './init-files.ts'
import type { Output } from './output.ts'
import { UsageError } from './usage-error.ts'

/** Scripts that a project may want; they are told, not written. */
const SCRIPTS: Readonly<Record<string, string>> = { check: `cutline check ${INIT_SCENARIO}`, test: 'vitest run' }

/** @throws UsageError if a file is there already, or cannot be written */
export function runInit(output: Output, folder: string, { force = false }: { readonly force?: boolean }): void {
  const files = Object.entries(INIT_FILES).map(([path, text]) => ({ path: resolve(folder, path), text }))
  const there = files.filter(({ path }) => existsSync(path)).map(({ path }) => shown(path))
  if (there.length > 0 && !force)
    throw new UsageError(
      `${listed(there)} ${there.length === 1 ? 'is' : 'are'} there already, so nothing was written: take another folder, or overwrite with --force.`,
    )
  for (const { path, text } of files) write(path, text)
  const written = files.map(({ path }) => shown(path))
  const steps = nextSteps(folder)
  const scripts = newScripts(folder)
  output.result({ written, next: steps, scripts })
  const { bold, green } = output.colours
  for (const path of written) output.line(`${green('written')}  ${path}`)
  output.line()
  output.line(bold('Next'))
  for (const step of steps) output.line(`  ${step}`)
  output.line()
  output.line(`${written[0]} says what to change to see it fail.`)
  if (Object.keys(scripts).length === 0) return
  output.line()
  output.line(bold('Scripts for package.json, if you want them'))
  for (const [name, script] of Object.entries(scripts)) output.line(`  "${name}": "${script}"`)
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(
      `${shown(path)} cannot be written (${(error as NodeJS.ErrnoException).code}): name another folder, as cutline init DIR.`,
    )
  }
}

/** Commands, from the working directory. */
function nextSteps(folder: string): string[] {
  const missing = ['cutline', 'vitest'].filter((name) => !isInstalled(name, folder))
  const packageJson = existsSync(join(folder, 'package.json'))
  return [
    ...(resolve(folder) === process.cwd() ? [] : [`cd ${folder}`]),
    ...(packageJson || missing.length === 0 ? [] : ['npm init -y']),
    ...(missing.length === 0 ? [] : [`npm install -D ${missing.join(' ')}`]),
    `npx cutline check ${INIT_SCENARIO}`,
    'npx vitest run',
  ]
}

function isInstalled(name: string, folder: string): boolean {
  try {
    createRequire(resolve(folder, 'package.json')).resolve(`${name}/package.json`)
    return true
  } catch {
    return false
  }
}

/** Those that the project does not have yet. */
function newScripts(folder: string): Record<string, string> {
  let has: Record<string, unknown> = {}
  try {
    has = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).scripts ?? {}
  } catch {
    // without a package.json, or with a broken one, there are none
  }
  return Object.fromEntries(Object.entries(SCRIPTS).filter(([name]) => !Object.hasOwn(has, name)))
}

/** 'a', 'a and b', 'a, b and c' */
const listed = (names: readonly string[]): string =>
  names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`
