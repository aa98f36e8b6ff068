/** What the tests of check/ run: the smallest scenario, as it is and with bugs planted in it. */
import keyedState from '../../scenarios/keyed-state.ts'
import { drawPlan, type Runner } from '../../src/check/index.ts'
import type { Finding, Mutation, Plan } from '../../src/model/index.ts'
import { type AlignedTask, aligned } from '../../src/protocols/index.ts'

export { aligned, keyedState }
export const graph = keyedState.graph()
export const drawn = (index: number, seed = 'subjects'): Plan =>
  drawPlan(keyedState, graph, `${seed}/${index}`, index, { protocol: 'aligned' })

/** A restored source goes on one record too far. */
export const tooFar: Mutation = { parts: { restoredPosition: (position: number) => position + 1 } }
/** A barrier blocks nothing. */
export const noBlock: Mutation = {
  charts: {
    'aligned-task': {
      actions: {
        align: (self: AlignedTask) => {
          self.arrived += 1
        },
      },
    },
  },
}
/** An acknowledgement that comes too late for a write in flight: the restart does not wait for it. */
export const noWait: Mutation = { charts: { 'checkpoint-coordinator': { guards: { writeInFlight: () => false } } } }

/** The first plan from `from` on that fails. */
export function failing(runner: Runner, from = 0, seed?: string): { plan: Plan; finding: Finding; digest: string } {
  for (let i = from; i < from + 2000; i += 1) {
    const plan = drawn(i, seed)
    const { finding, digest } = runner.run(plan)
    if (finding !== null) return { plan, finding, digest }
  }
  throw new Error('none of 2,000 plans fails')
}
