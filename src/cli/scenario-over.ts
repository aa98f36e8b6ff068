import type { Scenario } from '../dataflow/index.ts'
import { readTextFile } from '../dataflow/node.ts'
import { UsageError } from './usage-error.ts'

/**
 * The scenario over the text of a file that the user has named with --input; as it is if none was named.
 * @throws UsageError if it reads no file, JobError if the file cannot be read
 */
export function scenarioOver(scenario: Scenario, file: string | undefined): Scenario {
  if (file === undefined) return scenario
  if (scenario.input === undefined) throw new UsageError(`'${scenario.name}' reads no file: leave --input out.`)
  return scenario.input.read(readTextFile(file))
}
