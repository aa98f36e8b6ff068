// npm run soak [-- SCENARIO…] [--runs 1000000] [--seed soak] [--protocol NAME] [--store NAME]
//
// Runs the correct system until every scenario has made its runs without a finding. It can be stopped at any time: what has
// been made is kept in reports/soak.json and counted on, as long as the simulator is the same to the byte; otherwise it
// begins anew. The figures and digests stand in reports/soak.md. Ends with exit code 2 at the first finding.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { keepConstants } from './keep-constants.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stateFile = join(root, 'reports/soak.json')
const reportFile = join(root, 'reports/soak.md')
/** Runs between two savings of the state. */
const STEP = 2000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: 'soak' },
    protocol: { type: 'string' },
    store: { type: 'string' },
  },
})
const goal = Number(values.runs)
if (!Number.isSafeInteger(goal) || goal < 1)
  throw new Error(`--runs wants a whole number of at least 1, but got '${values.runs}'`)

const bundle = join(root, `node_modules/.cutline-soak-${process.pid}.mjs`)
const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: {
    contents: `
      export * from './src/check/index.ts'
      export { METADATA_STORES } from './src/model/index.ts'
      export { inlineMore } from './src/cli/inline-more.ts'
      export { protocols } from './src/protocols/index.ts'
      export { scenarios } from './scenarios/index.ts'`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  write: false,
  logLevel: 'error',
})
const code = createHash('sha256').update(outputFiles[0].contents).digest('hex').slice(0, 16)
writeFileSync(bundle, keepConstants(outputFiles[0].text))
const { Check, digestOf, emptyAggregate, inlineMore, merge, METADATA_STORES, protocols, scenarios } = await import(
  pathToFileURL(bundle).href
)
rmSync(bundle)
inlineMore()

let state = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : {}
if (state.code !== code || state.seed !== values.seed) state = { code, seed: values.seed, checks: {} }

const unknown = positionals.filter((name) => !scenarios.some((s) => s.name === name))
if (unknown.length > 0)
  throw new Error(`there is no scenario '${unknown[0]}'; choose from ${scenarios.map((s) => s.name).join(', ')}`)
if (values.protocol !== undefined && !protocols.some((p) => p.name === values.protocol))
  throw new Error(`there is no protocol '${values.protocol}'; choose from ${protocols.map((p) => p.name).join(', ')}`)
const { store } = values
if (store !== undefined && !METADATA_STORES.includes(store))
  throw new Error(`there is no metadata store '${store}'; choose from ${METADATA_STORES.join(', ')}`)
const chosen = scenarios.filter((s) => positionals.length === 0 || positionals.includes(s.name))

let stopping = false
process.on('SIGINT', () => {
  stopping = true
})

for (const scenario of chosen) {
  for (const protocol of protocols) {
    if (values.protocol !== undefined && protocol.name !== values.protocol) continue
    const name = [scenario.name, protocol.name, ...(store === undefined ? [] : [store])].join(' ')
    const entry = state.checks[name] ?? { seconds: 0, aggregate: emptyAggregate() }
    const check = new Check({ scenario, protocol, seed: values.seed, ...(store === undefined ? {} : { store }) })
    while (entry.aggregate.runs < goal && !stopping) {
      const from = entry.aggregate.runs
      const startedAt = performance.now()
      const indices = Array.from({ length: Math.min(STEP, goal - from) }, (_, k) => from + k)
      merge(entry.aggregate, check.batch(indices))
      entry.seconds += (performance.now() - startedAt) / 1000
      if (!save(name, entry)) {
        console.error(
          `${name}: run ${entry.aggregate.failure.index} failed: ${entry.aggregate.failure.finding.message}`,
        )
        process.exit(2)
      }
      await new Promise((resolve) => setImmediate(resolve)) // lets Ctrl-C through
    }
    console.log(`${name}: ${entry.aggregate.runs} runs, digest ${digestOf(entry.aggregate)}`)
  }
}
writeReport()

/** Two soaks may run side by side on different scenarios: the others' entries are read again. Returns false at a finding. */
function save(name, entry) {
  const held = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : {}
  if (held.code === code && held.seed === values.seed) state.checks = { ...held.checks }
  state.checks[name] = entry
  writeFileSync(`${stateFile}.${process.pid}`, `${JSON.stringify(state)}\n`)
  renameSync(`${stateFile}.${process.pid}`, stateFile)
  return entry.aggregate.failure === null
}

function writeReport() {
  const held = JSON.parse(readFileSync(stateFile, 'utf8'))
  const grouped = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',')
  const listed = (counts) =>
    Object.entries(counts)
      .map(([k, n]) => `${k} ${grouped(n)}`)
      .join(', ') || 'none'
  const made = Object.entries(held.checks).map(([name, { seconds, aggregate: a }]) => {
    const struck = Object.values(a.faults).reduce((x, y) => x + y, 0)
    const finding = a.failure === null ? 'none' : a.failure.finding.fingerprint
    const cells = [
      name,
      grouped(a.runs),
      finding,
      ...[a.events, a.checkpointsCompleted, a.restores, struck].map(grouped),
    ]
    return [...cells, listed(a.permitted), listed(a.assumptions), grouped(seconds), digestOf(a), held.code]
  })
  writeFileSync(reportFile, reportOf(held, merged(made, existingRows(), held.code)))
}

/** Rows of a report that stands there already, as their cells. */
function existingRows() {
  if (!existsSync(reportFile)) return []
  const rows = readFileSync(reportFile, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
  return rows.slice(1).map((line) => line.slice(2, -2).replaceAll('`', '').split(' | '))
}

/** Of every check what the present simulator has made, and what an older one has if that is more. */
function merged(made, old, code) {
  const runs = ([, n]) => Number(n.replaceAll(',', ''))
  const current = [...made, ...old.filter((row) => row.at(-1) === code && !made.some(([name]) => name === row[0]))]
  const best = new Map(current.map((row) => [row[0], row]))
  for (const row of old) if (runs(row) > runs(best.get(row[0]) ?? ['', '0'])) best.set(row[0], row)
  const more = [...best.values()].filter((row) => !current.includes(row))
  return [...current, ...more].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function reportOf({ seed, code }, rows) {
  return `# Soak: the correct system under all oracles

Written by \`npm run soak\` (seed \`${seed}\`, Node ${process.version}, simulator \`${code}\`; rows of an older simulator stay where it has made more runs). A run that broke an assumption of the contract (a transaction timed out, the restart budget was used up) counts as made, and is listed.

| scenario, protocol, metadata store if chosen | runs | findings | events | checkpoints | restores | faults that struck | permitted | assumptions broken | seconds | digest | simulator |
|---|---|---|---|---|---|---|---|---|---|---|---|
${rows.map((cells) => `| ${[...cells.slice(0, -2), ...cells.slice(-2).map((cell) => `\`${cell}\``)].join(' | ')} |`).join('\n')}
`
}
