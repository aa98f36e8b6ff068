/** Random windows, as the programs of conformance/ describe them, and random steps to put through them. */
import fc from 'fast-check'
import type { Node, Row } from '../../conformance/dataflow/program.ts'
import type { FunctionSpec } from '../../conformance/dataflow/window-functions.ts'
import type {
  AssignerSpec,
  EvictorSpec,
  TriggerSpec,
  WindowSettings,
} from '../../conformance/dataflow/window-settings.ts'
import { buildWindowNode } from '../../conformance/dataflow/windows.ts'
import { OperatorDriver, operatorOf } from '../operator-driver.ts'

export type WindowNode = Node & WindowSettings & { readonly fn: FunctionSpec; readonly late?: boolean }
export type Step = (Row & { readonly ts: number }) | { readonly wm: number }

const small = fc.integer({ min: 1, max: 40 })
export const timeAssigners: fc.Arbitrary<AssignerSpec> = fc.oneof(
  fc.record({ type: fc.constant('tumbling' as const), size: small }),
  fc.record({ type: fc.constant('sliding' as const), size: small, slide: small }),
  fc.record({ type: fc.constant('session' as const), gap: small }),
  fc.record({ type: fc.constant('dynSession' as const), base: small, step: small, m: fc.integer({ min: 1, max: 4 }) }),
)
const mergingTriggers: fc.Arbitrary<TriggerSpec> = fc.oneof(
  fc.constant({ type: 'eventTime' as const }),
  fc.record({ type: fc.constant('count' as const), n: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant('continuous' as const), interval: small }),
  fc.record({
    type: fc.constant('byValue' as const),
    act: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }),
  }),
)
const evictors: fc.Arbitrary<EvictorSpec> = fc.oneof(
  fc.record({ type: fc.constant('count' as const), n: fc.integer({ min: 0, max: 3 }), after: fc.boolean() }),
  fc.record({ type: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 20 }), after: fc.boolean() }),
  fc.record({ type: fc.constant('delta' as const), threshold: fc.integer({ min: 0, max: 9 }), after: fc.boolean() }),
)
const functions: fc.Arbitrary<FunctionSpec> = fc.oneof(
  fc.constantFrom<FunctionSpec>(
    { type: 'process', list: 'arrival' },
    { type: 'reduceW', f: 'hash' },
    { type: 'reduce', f: 'last' },
    { type: 'aggregate', f: 'range' },
    { type: 'sum' },
    { type: 'min' },
    { type: 'minBy', first: true },
    { type: 'maxBy', first: false },
  ),
)
/** Any window in event time. */
export const nodes: fc.Arbitrary<WindowNode> = fc
  .record(
    {
      assigner: timeAssigners,
      trigger: fc.oneof(mergingTriggers, fc.record({ type: fc.constant('purging' as const), of: mergingTriggers })),
      evictor: evictors,
      lateness: fc.integer({ min: 0, max: 30 }),
      late: fc.constant(true as const),
      fn: functions,
    },
    { requiredKeys: ['assigner', 'fn'] },
  )
  .map((settings) => ({ id: 'window', op: 'window', in: 's0', ...settings }))

const times = fc.integer({ min: -60, max: 120 })
/** Elements of a few keys, and watermarks that rise with the steps now and then. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ k: fc.constantFrom('a', 'b', 'c'), v: fc.nat(9), x: fc.constant(null), ts: times }),
    },
    { weight: 1, arbitrary: fc.record({ wm: times }) },
  ),
  { maxLength: 40 },
)

export const driverOf = (node: WindowNode): OperatorDriver =>
  new OperatorDriver(operatorOf<Row>((stream) => buildWindowNode(node, [stream], ({ k }) => k)))

/** The operator after some steps. */
export function driven(driver: OperatorDriver, some: readonly Step[]): OperatorDriver {
  for (const step of some)
    if ('wm' in step) driver.watermark(step.wm)
    else driver.element({ k: step.k, v: step.v, x: step.x }, step.ts)
  return driver
}
