/**
 * `npm run accuracy [-- DIR] [--json]`: predicts recoveries of a real cluster from the dumps taken before each failure, and
 * compares them with what was measured. DIR has the layout of the cluster data; without it, the packed copy is used.
 * With --json prints the result; otherwise writes reports/twin-accuracy.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type KindAccuracy, type ScoredRun, scoreAccuracy } from '../src/flink/index.ts'
import { clusterRuns, measuredRuns } from './flink/measured-runs.ts'

const REPORT = fileURLToPath(new URL('../reports/twin-accuracy.md', import.meta.url))

const seconds = (ms: number | null): string => (ms === null ? 'never' : (ms / 1000).toFixed(1))
const percent = (value: number): string => `${value.toFixed(1)} %`
const off = (ms: number | null, run: ScoredRun): string =>
  ms === null ? '–' : `${ms >= run.measuredMs ? '+' : '−'}${Math.abs((100 * ms) / run.measuredMs - 100).toFixed(1)} %`

const summary = (name: string, kind: KindAccuracy): string =>
  `| ${name} | ${kind.n} | ${percent(kind.errorWithRates)} | ${percent(kind.errorDumpOnly)} | ${percent(kind.coverage80)} |`

const line = (run: ScoredRun): string =>
  `| ${run.name} | ${seconds(run.measuredMs)} | ${seconds(run.withRatesMs)} | ${off(run.withRatesMs, run)} | ` +
  `${seconds(run.dumpOnlyMs)} | ${off(run.dumpOnlyMs, run)} | ${seconds(run.low80)}–${seconds(run.high80)} |`

const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const report = scoreAccuracy(measuredRuns(clusterRuns(folder)))

if (process.argv.includes('--json')) console.log(JSON.stringify(report))
else {
  const text = `# How well the twin predicts recoveries

Recoveries of a real Flink 2.3.0 cluster, each predicted from the REST answers saved about a second before the failure, its
time and its kind. \`npm run accuracy\` writes this file; \`npm run -s accuracy -- DIR --json\` does the same for other runs.

Errors are mean absolute percentages of the measured recovery. *With rates*: arrival and capacity are given (the nominal
ones of the experiment). *Dump alone*: both are inferred. *In the band*: share of the runs whose recovery lies within the
80 % band of the prediction from the dump alone. Scored are single failures with aligned checkpoints and a load of at most
0.8; the others are listed apart.

| failure | runs | error with rates | error from the dump alone | in the 80 % band |
|---|---:|---:|---:|---:|
${summary('exception', report.exception)}
${summary('TaskManager killed', report.kill)}
${summary('both', report.pooled)}

## Scored

Recoveries in seconds.

| run | measured | with rates | off | dump alone | off | 80 % band |
|---|---:|---:|---:|---:|---:|---:|
${report.runs.map(line).join('\n')}

## Listed apart

| run | measured | with rates | off | dump alone | off | 80 % band | why |
|---|---:|---:|---:|---:|---:|---:|---|
${report.apart.map((run) => `${line(run)} ${run.reason} |`).join('\n')}
`
  mkdirSync(fileURLToPath(new URL('../reports', import.meta.url)), { recursive: true })
  writeFileSync(REPORT, text)
  console.log(text)
}
