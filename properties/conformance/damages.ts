/**
 * `npm run -s conformance:damages -- [--count N] [--seed TEXT]`: damages of the real traces, and what `cutline conform` says of them;
 * written to reports/trace-damages.md. Exit code 2 if less than 90 % are refused, or an accepted one has no reason.
 */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { suiteFiles } from './suite-file.ts'
import { damageReport, leastRefused } from './traces/damage-report.ts'
import { judgeDamages, type TraceCase } from './traces/judge-damages.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '200' }, seed: { type: 'string', default: 'damages' } },
})
const count = Number(values.count)
if (!Number.isInteger(count) || count < 1) {
  console.error(`Expected --count of at least 1, but got ${values.count}.`)
  process.exit(1)
}
const here = dirname(fileURLToPath(import.meta.url))
const traces = suiteFiles(join(here, '../fixtures')).find(({ suite }) => suite === 'traces')!
const judged = judgeDamages(traces.cases() as readonly TraceCase[], count, values.seed)
const report = damageReport(judged, values.seed)
const place = join(here, '../../reports/trace-damages.md')
writeFileSync(place, report)
console.log(report)
const unexplained = judged.some(({ refused, legal }) => refused === null && legal === null)
if (unexplained || judged.filter(({ refused }) => refused !== null).length < leastRefused(count)) process.exitCode = 2
