/**
 * `npm run -s fidelity`: what of Flink is here, where, and how many cases of real Flink show it; written to reports/fidelity.md.
 * Exit code 2 if a case disagrees or the table names what is not there.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bugs } from '../../scenarios/bugs/index.ts'
import { type CaseResult, caseResults } from './fidelity/case-result.ts'
import { wrongWith } from './fidelity/check-features.ts'
import { chapters, leftOut } from './fidelity/features.ts'
import { fidelityReport } from './fidelity/fidelity-report.ts'
import { suites } from './registry.ts'
import { suiteFiles } from './suite-file.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const wrong = wrongWith(chapters, {
  suites: suites.map(({ name }) => name),
  bugs: bugs.map(({ id }) => id),
  isFile: (path) => existsSync(join(root, path)),
})
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(2)
}

const files = suiteFiles(join(root, 'properties/fixtures'))
const results = new Map<string, readonly CaseResult[]>()
for (const suite of suites) {
  const file = files.find((one) => one.suite === suite.name)
  if (file === undefined) {
    console.error(`There are no cases of the suite ${suite.name} in properties/fixtures: put them there.`)
    process.exit(2)
  }
  results.set(suite.name, caseResults(suite, file.cases()))
}

const report = fidelityReport(chapters, leftOut, results)
writeFileSync(join(root, 'reports/fidelity.md'), report)
console.log(report)
if ([...results.values()].flat().some(({ agreed }) => !agreed)) process.exitCode = 2
