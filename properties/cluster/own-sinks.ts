/** Jobs that end in a sink of the test's own, and runs of them. */
import { drawPlan, Runner, type RunResult } from '../../src/check/index.ts'
import {
  generatedSequence,
  type OwnSinkOptions,
  ownSink,
  type Ports,
  type Scenario,
  type Sink,
  type SinkSpec,
  scenario,
} from '../../src/dataflow/index.ts'
import type { FaultClass, Plan, Protocol } from '../../src/model/index.ts'
import { aligned } from '../../src/protocols/index.ts'

/** Numbers from 0 on, from two splits through two channels into each of two subtasks of the sink. */
export const numbersInto = (sink: SinkSpec<number> | Sink<number>): Scenario =>
  scenario(
    'numbers-into',
    (env) => {
      env.enableCheckpointing(1000).setParallelism(2)
      env
        .fromSource(generatedSequence({ count: 120, splits: 4 }), 'numbers')
        .rebalance()
        .sinkTo(sink)
        .uid('sink')
    },
    { records: { min: 20, max: 60 } },
  )
export const own = (make: (ports: Ports) => Sink<number>, options?: OwnSinkOptions<number>): Scenario =>
  numbersInto(ownSink('out', make, options))

export interface Tried {
  readonly plan: Plan
  readonly result: RunResult
}
/** Drawn plans of a job, run one after the other. */
export function* runs(
  of: Scenario,
  n: number,
  { faults, protocol = aligned }: { faults?: readonly FaultClass[]; protocol?: Protocol } = {},
): Generator<Tried> {
  const runner = new Runner(of, protocol)
  const graph = of.graph()
  for (let i = 0; i < n; i += 1) {
    const plan = drawPlan(of, graph, `own/${i}`, i, { protocol: protocol.name, ...(faults && { faults }) })
    yield { plan, result: runner.run(plan) }
  }
}
/** The first finding in so many runs. */
export function firstFinding(of: Scenario, n: number, options: Parameters<typeof runs>[2] = {}): string | undefined {
  for (const { result } of runs(of, n, options)) if (result.finding !== null) return result.finding.fingerprint
  return undefined
}
