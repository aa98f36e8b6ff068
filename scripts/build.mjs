// Builds dist/: the command line and the library doors, bundled by esbuild, then (`npm run build`) their types by tsc.
//
//   src/cli/main.ts   -> dist/cli/main.js      bin, executable
//   src/index.ts      -> dist/index.js         the package's '.', './flink', './intervals', './vitest', …
//   shared parts      -> dist/chunks/NAME-HASH.js
//
// Files appear by rename, so a process that starts during a build never reads half a file. The fast build (of
// scripts/cutline.mjs) leaves older chunks in place: a long run started before it may still have to load one.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { keepConstants } from './keep-constants.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'dist/cli/main.js')

/** Every entry there may be; those of folders that a checkout does not have yet are left out. */
const ENTRIES = [
  'src/cli/main.ts',
  'src/cli/check-worker.ts',
  'src/index.ts',
  'src/dataflow/node.ts',
  'src/flink/index.ts',
  'src/intervals/index.ts',
  'src/vitest/index.ts',
  'src/vitest/reporter.ts',
]

/** Bundles the JavaScript into dist/. esbuild prints what it refuses. `startedAt` becomes the bin's time stamp: sources edited during the build are newer. */
export async function buildScripts() {
  const startedAt = new Date()
  const result = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES.filter((entry) => existsSync(join(root, entry))),
    outbase: 'src',
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    write: false,
    logLevel: 'error',
  })
  // Chunks come before the entries that import them.
  const files = result.outputFiles.toSorted(
    (a, b) => Number(b.path.includes('chunks')) - Number(a.path.includes('chunks')),
  )
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true })
    const partial = `${path}.${process.pid}`
    writeFileSync(partial, keepConstants(text))
    if (path === bin) chmodSync(partial, 0o755)
    renameSync(partial, path)
  }
  if (existsSync(bin)) utimesSync(bin, startedAt, startedAt)
}

/** Emits the declarations of the library doors into dist/types. @throws if tsc finds an error */
function buildTypes() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('tsc found errors in the types of the library doors; they are listed above')
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  try {
    await buildScripts()
    buildTypes()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
