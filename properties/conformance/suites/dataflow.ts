import type { ProgramCase } from '../dataflow/program.ts'
import { runProgram } from '../dataflow/run-program.ts'
import type { Suite } from '../suite.ts'

/** DataStream programs with the output of a real Flink, built through the public API and run on the simulated cluster. */
export const dataflow: Suite = {
  name: 'dataflow',
  replay(line) {
    try {
      const disagreement = runProgram(line as ProgramCase)
      return disagreement === undefined ? { agreed: true } : { agreed: false, disagreement }
    } catch (error) {
      return { agreed: false, disagreement: { message: error instanceof Error ? error.message : String(error) } }
    }
  },
}
