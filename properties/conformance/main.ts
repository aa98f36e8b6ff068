/**
 * `npm run -s conformance -- [DIR] [--json] [--suite NAME]`: what real Flink did, replayed on our machines.
 *
 * A folder holds cases that were recorded from the unmodified classes of Flink (vectors/), from programs that ran on it
 * (dataflow/) and from a cluster (flink/traces/). Each suite has a replayer in suites/; a suite without one counts as not
 * agreed. Exit code 0 if all cases agree, 2 if not, 1 if there is nothing to run.
 */
import { parseArgs } from 'node:util'
import { didYouMean } from '../../src/cli/did-you-mean.ts'
import { Progress } from '../../src/cli/progress.ts'
import { reportText } from './diff-text.ts'
import { InputError } from './input-error.ts'
import { suites } from './registry.ts'
import { runSuite, type SuiteReport } from './run-suite.ts'
import { type SuiteFile, suiteFiles } from './suite-file.ts'

const USAGE = `npm run -s conformance -- [DIR] [--json] [--suite NAME]...

Replays what real Flink did and compares. DIR holds dataflow/programs.jsonl, vectors/*.jsonl and flink/traces/*.jsonl, each
also as .gz; without it the copies under properties/fixtures/ are taken.

  --json         an array of { suite, cases, steps?, agreed, firstDisagreement? } instead of text
  --suite NAME   only this suite; may be given again

Exit codes: 0 all cases agree, 1 usage, 2 some do not agree.
`
export interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean }
}

/** @param fixtures the folder that is taken if the arguments name none; @returns the exit code */
export function main(args: readonly string[], fixtures: string, { stdout, stderr }: Streams): 0 | 1 | 2 {
  try {
    const { folder, only, json, help } = optionsOf(args)
    if (help) {
      stdout.write(USAGE)
      return 0
    }
    const reports: SuiteReport[] = []
    for (const file of chosen(suiteFiles(folder ?? fixtures), only)) {
      const report = run(file, stderr)
      reports.push(report)
      if (!json) stdout.write(`${reportText(report)}\n`)
    }
    if (json) stdout.write(`${JSON.stringify(reports, null, 2)}\n`)
    return reports.every(({ cases, agreed }) => cases === agreed) ? 0 : 2
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    stderr.write(`${error.message}\n`)
    return 1
  }
}

function optionsOf(args: readonly string[]): {
  folder: string | undefined
  only: string[]
  json: boolean
  help: boolean
} {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
        suite: { type: 'string', multiple: true, default: [] },
      },
    })
    if (positionals.length > 1) throw new Error(`one folder at most is expected, but ${positionals.length} came`)
    return { folder: positionals[0], only: values.suite, json: values.json, help: values.help }
  } catch (error) {
    const [sentence] = String(error instanceof Error ? error.message : error).split('. ')
    throw new InputError(`The arguments cannot be used: ${sentence}; see npm run -s conformance -- --help.`)
  }
}

function chosen(files: readonly SuiteFile[], only: readonly string[]): readonly SuiteFile[] {
  const names = files.map(({ suite }) => suite)
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const near = didYouMean(unknown, names)
    const hint = near === null ? `choose one of ${names.join(', ')}.` : `did you mean '${near}'?`
    throw new InputError(`There is no suite '${unknown}' in this folder: ${hint}`)
  }
  return only.length === 0 ? files : files.filter(({ suite }) => only.includes(suite))
}

function run(file: SuiteFile, stderr: Streams['stderr']): SuiteReport {
  const cases = file.cases()
  const progress = new Progress({ label: file.suite, unit: 'cases', total: cases.length, stream: stderr })
  try {
    const suite = suites.find(({ name }) => name === file.suite) ?? null
    return runSuite(file.suite, suite, cases, (done) => progress.update(done))
  } finally {
    progress.end()
  }
}
