// `npm run bench:report`: runs all benchmarks and writes their figures to reports/bench.md.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { stdout, status } = spawnSync(process.execPath, [join(root, 'scripts/bench.mjs')], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 64 * 1024 * 1024,
})
if (status !== 0) process.exit(status ?? 1)
const [machine, ...rows] = stdout
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const table = rows.map(({ bench, metric, value, unit }) => `| ${bench} | ${metric} | ${value} | ${unit} |`)
writeFileSync(
  join(root, 'reports/bench.md'),
  `# Benchmarks

Written by \`npm run bench:report\`, on Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, one process at a time. Machines differ
and neighbours are noisy: compare ratios, and figures of one run.

| bench | metric | value | unit |
|---|---|---:|---|
${table.join('\n')}
`,
)
