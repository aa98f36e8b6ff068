// `npm run digest:chromium [-- RUNS]`: makes the same check (flight-delays, seed 1, 200 runs unless told) in Node and in a page
// in headless Chromium, from one source bundled for a browser, and compares the digests. Ends with code 1 if they differ.
// Debian: apt-get install chromium; another browser of the family by CHROMIUM=path.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const runs = Number(process.argv[2] ?? 200)
if (!Number.isSafeInteger(runs) || runs < 1) {
  console.error(`The number of runs must be a positive integer, but is '${process.argv[2]}'.`)
  process.exit(1)
}
const chromium = process.env.CHROMIUM ?? 'chromium'
const SECONDS = 60 + Math.ceil(runs / 10)

/** The check as a script that leaves its digest in `globalThis.digest`, bundled without a line of Node. */
const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: {
    contents: `
      import flightDelays from './scenarios/flight-delays.ts'
      import { Check, digestOf } from './src/check/index.ts'
      import { aligned } from './src/protocols/index.ts'
      const check = new Check({ scenario: flightDelays, protocol: aligned, seed: '1' })
      const total = check.batch(Array.from({ length: ${runs} }, (_, i) => i))
      globalThis.digest = total.failure === null ? digestOf(total) : 'failure: ' + total.failure.finding.message`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  charset: 'ascii',
  write: false,
  logLevel: 'error',
})
const script = outputFiles[0].text

const place = mkdtempSync(join(tmpdir(), 'cutline-chromium-'))
try {
  const file = join(place, 'check.js')
  writeFileSync(file, script)
  await import(pathToFileURL(file).href)
  const inNode = globalThis.digest

  const page = join(place, 'check.html')
  const escaped = script.replaceAll('</script', '<\\/script')
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><pre></pre>
<script>onerror = (message) => { document.querySelector('pre').textContent = 'error: ' + message }</script>
<script>${escaped}</script>
<script>document.querySelector('pre').textContent ||= 'digest: ' + digest</script>`,
  )
  const profile = join(place, 'profile')
  mkdirSync(profile)
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--user-data-dir=${profile}`,
  ]
  const told = (...args) =>
    execFileSync(chromium, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: SECONDS * 1000,
      maxBuffer: 64 * 1024 * 1024,
    })
  const version = told('--version', `--user-data-dir=${profile}`).trim()
  const dom = told(...flags, '--dump-dom', pathToFileURL(page).href)
  const shown = /<pre>([^<]*)<\/pre>/.exec(dom)?.[1] ?? 'nothing'
  const inPage = /^digest: (.*)$/.exec(shown)?.[1]
  console.log(`flight-delays, ${runs} runs, seed 1`)
  console.log(`${inNode}  Node ${process.version}`)
  console.log(`${inPage ?? shown}  ${version}`)
  if (inPage !== inNode) {
    console.error('The digests differ: something in a run depends on the machine it runs on.')
    process.exitCode = 1
  }
} catch (error) {
  if (error?.code !== 'ENOENT') throw error
  console.error(
    `There is no browser '${chromium}': install it (Debian: apt-get install chromium) or name one by CHROMIUM.`,
  )
  process.exitCode = 1
} finally {
  rmSync(place, { recursive: true, force: true, maxRetries: 3 })
}
