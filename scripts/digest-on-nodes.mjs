// `npm run digest:nodes [-- RUNS]`: makes the same check (flight-delays, seed 1, 20,000 runs unless told) with the built command
// line on Node 20, 22 and 24, which npx fetches, and compares the digests. Ends with code 1 if they differ.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildScripts } from './build.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const VERSIONS = [20, 22, 24]
const runs = Number(process.argv[2] ?? 20_000)
if (!Number.isSafeInteger(runs) || runs < 1) {
  console.error(`The number of runs must be a positive integer, but is '${process.argv[2]}'.`)
  process.exit(1)
}

await buildScripts()
const check = ['dist/cli/main.js', 'check', 'flight-delays', '--runs', `${runs}`, '--seed', '1', '--json']
const onNode = (version, ...args) =>
  spawnSync('npx', ['-y', '-p', `node@${version}`, 'node', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  })

console.log(`flight-delays, ${runs} runs, seed 1`)
const digests = new Set()
for (const version of VERSIONS) {
  const exact = onNode(version, '--version').stdout.trim()
  const { status, stdout } = onNode(version, ...check)
  let answer = {}
  try {
    answer = JSON.parse(stdout)
  } catch {
    // told by what is missing in it
  }
  const { digest = `no digest, exit code ${status}`, verdict = 'no verdict', seconds = 0 } = answer
  console.log(`${digest}  Node ${exact}, ${verdict}, ${seconds} s`)
  digests.add(digest)
}
if (digests.size > 1) {
  console.error('The digests differ: something in a run depends on the engine it runs on.')
  process.exitCode = 1
}
