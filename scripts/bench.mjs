// `npm run -s bench [-- NAME…]`: bundles each bench/*.bench.ts, runs it in a process of its own, one after the other, and
// passes on the JSON lines it prints on stdout. What is not JSON goes to stderr. The first line tells of the machine.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { keepConstants } from './keep-constants.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const outdir = join(root, 'node_modules/.cache/cutline-bench')
const ENDING = '.bench.ts'

const all = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith(ENDING))
  .map((file) => file.slice(0, -ENDING.length))
  .sort()
const asked = process.argv.slice(2)
const unknown = asked.find((name) => !all.includes(name))
if (unknown !== undefined) {
  console.error(`There is no benchmark '${unknown}': choose one of ${all.join(', ') || '(none in bench/)'}.`)
  process.exit(1)
}
const names = asked.length > 0 ? asked : all

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: names.map((name) => ({ in: `bench/${name}${ENDING}`, out: name })),
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  write: false,
  logLevel: 'error',
})
mkdirSync(outdir, { recursive: true })
for (const { path, text } of outputFiles) writeFileSync(path, keepConstants(text))

const isJson = (line) => {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

/** Runs one benchmark; resolves to its exit code. */
const run = (name) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', join(outdir, `${name}.mjs`)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    createInterface({ input: child.stdout }).on('line', (line) =>
      isJson(line) ? console.log(line) : console.error(line),
    )
    child.on('error', reject)
    child.on('close', resolve)
  })

console.log(JSON.stringify({ bench: 'machine', node: process.version, cpu: cpus()[0]?.model, cores: cpus().length }))
for (const name of names) {
  const code = await run(name)
  if (code !== 0) {
    console.error(`The benchmark '${name}' ended with code ${code}.`)
    process.exitCode = 1
  }
}
