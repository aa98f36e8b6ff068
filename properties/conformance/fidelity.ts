/**
 * `npm run -s fidelity`: what of Flink is here, where, and how many cases of real Flink show it; written to reports/fidelity.md.
 * Exit code 2 if a case disagrees or the table names what is not there.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bugs } from '../../scenarios/bugs/index.ts'
import { wrongWith } from './fidelity/check-features.ts'
import type { Evidence } from './fidelity/feature.ts'
import { chapters } from './fidelity/features.ts'
import { fidelityReport, type Measured } from './fidelity/fidelity-report.ts'
import { suites } from './registry.ts'
import { runSuite } from './run-suite.ts'
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
const casesOf = new Map<string, readonly unknown[]>()
let disagreed = 0

/** Replays the cases that the evidence is about. */
function measured({ suite, of }: Evidence): Measured {
  const all = casesOf.get(suite) ?? files.find((file) => file.suite === suite)!.cases()
  casesOf.set(suite, all)
  const cases = of === undefined ? all : all.filter((line) => of.holds(line))
  const { agreed } = runSuite(suite, suites.find(({ name }) => name === suite)!, cases)
  if (cases.length === 0)
    throw new Error(`no case of ${suite} is one '${of?.what}': mend the row in fidelity/features.ts`)
  disagreed += cases.length - agreed
  return { cases: cases.length, agreed }
}

const report = fidelityReport(chapters, measured)
writeFileSync(join(root, 'reports/fidelity.md'), report)
console.log(report)
if (disagreed > 0) process.exitCode = 2
