/**
 * Where documents are followed: a folder for each, all with the package in node_modules as npm would put it there, its
 * dependencies those of this repository.
 *
 * ```
 *   node_modules/cutline        package.json, dist/ with the scripts as built and the declarations as of now
 *   node_modules/NAME           links to the repository's
 *   README/                     the scripts of a checkout: npm run -s cutline
 *   docs/first-scenario/        an empty project
 *   versions/                   every version of every ts file, for tsc
 * ```
 */
import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from '../cli/built.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const run = promisify(execFile)
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')

export class Workshop {
  readonly place = realpathSync(mkdtempSync(join(tmpdir(), 'cutline-docs-')))
  readonly #modules = join(this.place, 'node_modules')
  readonly #versions = join(this.place, 'versions')
  #count = 0

  /** Builds the package, if a source is newer, and installs it. */
  async install(): Promise<void> {
    await build()
    const target = join(this.#modules, 'cutline')
    mkdirSync(join(this.#modules, '.bin'), { recursive: true })
    for (const name of packagesIn(join(ROOT, 'node_modules'))) {
      mkdirSync(dirname(join(this.#modules, name)), { recursive: true })
      symlinkSync(join(ROOT, 'node_modules', name), join(this.#modules, name))
    }
    cpSync(join(ROOT, 'package.json'), join(target, 'package.json'))
    // other tests may build meanwhile: a file that is half written ends in the id of its process
    const isWhole = (path: string): boolean => !/(\.\d+|\/types)$/.test(path)
    cpSync(join(ROOT, 'dist'), join(target, 'dist'), { recursive: true, filter: isWhole })
    symlinkSync('../cutline/dist/cli/main.js', join(this.#modules, '.bin/cutline'))
    symlinkSync('../vitest/vitest.mjs', join(this.#modules, '.bin/vitest'))
    const types = join(target, 'dist/types')
    await run(process.execPath, [TSC, '-p', 'tsconfig.build.json', '--outDir', types], { cwd: ROOT })
  }

  /** A project for a document, as `npm init -y` and the installation leave it. */
  project(name: string): string {
    const folder = this.#folder(name)
    writeFileSync(join(folder, 'package.json'), PACKAGE)
    return folder
  }

  /** What the commands of a checkout need, without what they write. */
  checkout(name: string): string {
    const folder = this.#folder(name)
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
    symlinkSync(join(ROOT, 'scripts'), join(folder, 'scripts'))
    return folder
  }

  #folder(name: string): string {
    const folder = join(this.place, name)
    mkdirSync(folder, { recursive: true })
    symlinkSync(this.#modules, join(folder, 'node_modules'))
    return folder
  }

  /** Keeps the ts files of a project as they are, for `typeErrors`. */
  keepVersion(folder: string): void {
    const version = join(this.#versions, String(this.#count))
    this.#count += 1
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.ts') && !file.startsWith('node_modules')) cpSync(join(folder, file), join(version, file))
  }

  /** What tsc says of all that was kept; '' if nothing. */
  async typeErrors(): Promise<string> {
    writeFileSync(join(this.#versions, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(this.#versions, 'tsconfig.json'), TSCONFIG)
    try {
      await run(process.execPath, [TSC, '-p', this.#versions, '--pretty', 'false'])
      return ''
    } catch (error) {
      return (error as { stdout: string }).stdout
    }
  }

  remove(): void {
    rmSync(this.place, { recursive: true, force: true })
  }
}

const PACKAGE = JSON.stringify({
  name: 'project',
  version: '1.0.0',
  main: 'index.js',
  scripts: { test: 'echo "Error: no test specified" && exit 1' },
  type: 'commonjs',
})

/** As strict as this repository, so that the code of a document passes in every project. */
const TSCONFIG = JSON.stringify({
  compilerOptions: {
    ...(JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as { compilerOptions: object }).compilerOptions,
    types: [],
  },
  include: ['**/*.ts'],
})

/** Names of installed packages. */
function packagesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith('.')) return []
    return name.startsWith('@') ? readdirSync(join(folder, name)).map((below) => `${name}/${below}`) : [name]
  })
}
