/** The built command line as a user starts it, in a folder of its own. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const LAUNCHER = fileURLToPath(new URL('../../scripts/cutline.mjs', import.meta.url))
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `cutline …` in a folder. */
export function cutlineIn(cwd: string, ...argv: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [LAUNCHER, ...argv], { cwd })
  const ended = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (data) => {
      ended[stream] += data
    })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...ended })))
}

/** Builds the command line, if a source is newer: call it before all tests of a file. */
export async function build(): Promise<void> {
  expect((await cutlineIn(ROOT, '--version')).code).toBe(0)
}

/** A project of a user's that has installed this package: a folder with files, and 'cutline' linked into node_modules. */
export class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'cutline-project-')))

  constructor(files: Readonly<Record<string, string>> = {}) {
    mkdirSync(join(this.folder, 'node_modules'))
    symlinkSync(ROOT, join(this.folder, 'node_modules/cutline'), 'dir')
    for (const [path, text] of Object.entries(files)) this.write(path, text)
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true })
    writeFileSync(join(this.folder, path), text)
  }

  /** A link at `path` to something else in the project. */
  link(path: string, to: string): void {
    symlinkSync(join(this.folder, to), join(this.folder, path))
  }

  /** A package that this repository has installed. */
  linkPackage(name: string): void {
    symlinkSync(join(ROOT, 'node_modules', name), join(this.folder, 'node_modules', name), 'dir')
  }

  cutline(...argv: string[]): Promise<Ended> {
    return cutlineIn(this.folder, ...argv)
  }

  /** With --json: the value, after the exit code has been compared. */
  async json(code: number, ...argv: string[]) {
    const ended = await this.cutline(...argv, '--json')
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' })
    return JSON.parse(ended.stdout)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}
