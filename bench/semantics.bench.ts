/** All DataStream programs of the fixtures, built and run without faults: seconds in all. */
import { join } from 'node:path'
import type { ProgramCase } from '../properties/conformance/dataflow/program.ts'
import { runProgram } from '../properties/conformance/dataflow/run-program.ts'
import { suiteFiles } from '../properties/conformance/suite-file.ts'

const programs = suiteFiles(join(process.cwd(), 'properties/fixtures'))
  .find(({ suite }) => suite === 'dataflow')!
  .cases() as readonly ProgramCase[]
const begin = performance.now()
const wrong = programs.filter((program) => runProgram(program) !== undefined)
const seconds = (performance.now() - begin) / 1000
if (wrong.length > 0) throw new Error(`${wrong.length} programs do not agree, such as ${wrong[0]!.id}`)
console.log(
  JSON.stringify({
    bench: 'semantics',
    metric: `${programs.length} programs, first run`,
    value: +seconds.toFixed(2),
    unit: 's',
  }),
)
