import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Layout,
  type LayoutChannel,
  REASON,
  TASK_FINISHED,
  TASK_NOT_RUNNING,
  TASK_RUNS,
} from '../../src/model/index.ts'
import { type CheckpointPlan, CheckpointPlanCalculator } from '../../src/protocols/checkpoint-plan.ts'

type TaskState = typeof TASK_NOT_RUNNING | typeof TASK_RUNS | typeof TASK_FINISHED

/** Vertices and who feeds whom; channels go from lower numbers to higher ones. */
function layoutOf(vertices: number, edges: readonly (readonly [from: number, to: number])[]): Layout {
  const inputs = Array.from({ length: vertices }, (): number[] => [])
  const outputs = Array.from({ length: vertices }, (): number[] => [])
  const channels = edges.map(([from, to], id): LayoutChannel => {
    const [outputIndex, inputIndex] = [outputs[from]!.length, inputs[to]!.length]
    outputs[from]!.push(id)
    inputs[to]!.push(id)
    return { id, edge: 0, partitioner: 'forward', input: 0, from, to, outputIndex, inputIndex }
  })
  return {
    vertices: inputs.map((own, id) => ({
      id,
      uid: `v${id}`,
      spec: id,
      kind: own.length === 0 ? 'source' : 'operator',
      subtask: 0,
      parallelism: 1,
      inputs: own,
      outputs: outputs[id]!,
    })),
    channels,
    bySpec: inputs.map((_, id) => [id]),
  }
}
const jobs = fc.integer({ min: 1, max: 7 }).chain((vertices) =>
  fc.record({
    vertices: fc.constant(vertices),
    edges: fc
      .uniqueArray(fc.tuple(fc.nat({ max: vertices - 1 }), fc.nat({ max: vertices - 1 })), {
        selector: ([from, to]) => `${from} ${to}`,
        maxLength: 10,
      })
      .map((pairs) => pairs.filter(([from, to]) => from < to)),
    states: fc.array(fc.constantFrom<TaskState>(TASK_RUNS, TASK_RUNS, TASK_FINISHED, TASK_NOT_RUNNING), {
      minLength: vertices,
      maxLength: vertices,
    }),
  }),
)
const plan = (layout: Layout, states: readonly TaskState[], afterTasksFinish = true): CheckpointPlan | number =>
  new CheckpointPlanCalculator(layout, afterTasksFinish).calculate({ taskState: (vertex) => states[vertex]! })

describe('the plan of a checkpoint', () => {
  it('waits for all tasks and triggers the sources while all run', () => {
    fc.assert(
      fc.property(jobs, ({ vertices, edges }) => {
        const layout = layoutOf(vertices, edges)
        const all = layout.vertices.map(({ id }) => id)
        const sources = all.filter((id) => !edges.some(([, to]) => to === id))
        const states = all.map((): TaskState => TASK_RUNS)
        expect(plan(layout, states)).toEqual({ toTrigger: sources, toWaitFor: all })
        expect(plan(layout, states, false)).toEqual({ toTrigger: sources, toWaitFor: all })
      }),
    )
  })

  it('is none unless all have finished or run, nor when some have finished and that is not allowed', () => {
    fc.assert(
      fc.property(jobs, fc.boolean(), ({ vertices, edges, states }, after) => {
        const complete = !states.includes(TASK_NOT_RUNNING) && (after || !states.includes(TASK_FINISHED))
        const made = plan(layoutOf(vertices, edges), states, after)
        if (complete) expect(typeof made).toBe('object')
        else expect(made).toBe(REASON.NOT_ALL_REQUIRED_TASKS_RUNNING)
      }),
    )
  })

  it('triggers so that barriers come to everybody who runs, and twice to nobody', () => {
    fc.assert(
      fc.property(jobs, ({ vertices, edges, states }) => {
        const layout = layoutOf(vertices, edges)
        const made = plan(
          layout,
          states.map((state) => (state === TASK_NOT_RUNNING ? TASK_RUNS : state)),
        )
        const { toTrigger, toWaitFor } = made as CheckpointPlan
        const runs = (id: number): boolean => states[id] !== TASK_FINISHED
        expect(toWaitFor).toEqual(layout.vertices.map(({ id }) => id).filter(runs))
        const feeders = (id: number): number[] => edges.filter(([from, to]) => to === id && runs(from)).map(([f]) => f)
        for (const id of toWaitFor) expect(toTrigger.includes(id)).toBe(feeders(id).length === 0)
      }),
    )
  })
})
