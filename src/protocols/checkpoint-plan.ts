/**
 * Who takes part in a checkpoint. While all tasks run, sources are triggered and everybody is waited for. Once some have
 * finished, the tasks that run and have no running task before them are triggered in place of the sources, and only running
 * ones are waited for and notified. Flink: DefaultCheckpointPlanCalculator.
 */
import { type CoordinatorWiring, REASON, type Shape, TASK_FINISHED, TASK_RUNS } from '../model/index.ts'

export interface CheckpointPlan {
  /** Vertices that the trigger goes to. */
  readonly toTrigger: readonly number[]
  /** Vertices that have to acknowledge, and that are told how it ended. */
  readonly toWaitFor: readonly number[]
}
type TaskStates = Pick<CoordinatorWiring, 'taskState'>

export class CheckpointPlanCalculator {
  readonly #shape: Shape
  /** Number of its first channel. */
  readonly #firstChannel: number
  readonly #firstVertex: number
  readonly #afterTasksFinish: boolean
  readonly #allRun: CheckpointPlan

  /** @param afterTasksFinish whether there are checkpoints when some tasks have finished */
  constructor(shape: Shape, afterTasksFinish: boolean) {
    this.#shape = shape
    this.#firstChannel = shape.channels[0]?.id ?? 0
    this.#firstVertex = shape.vertices[0]?.id ?? 0
    this.#afterTasksFinish = afterTasksFinish
    this.#allRun = {
      toTrigger: shape.vertices.filter((vertex) => vertex.inputs.length === 0).map((vertex) => vertex.id),
      toWaitFor: shape.vertices.map((vertex) => vertex.id),
    }
  }
  /** @returns the plan, or the code of the reason why there is none */
  calculate(tasks: TaskStates): CheckpointPlan | number {
    let finished = 0
    let running = 0
    const { vertices } = this.#shape
    for (let i = 0; i < vertices.length; i += 1) {
      const state = tasks.taskState(vertices[i]!.id)
      if (state === TASK_FINISHED) finished += 1
      else if (state === TASK_RUNS) running += 1
    }
    const complete = finished + running === vertices.length && (finished === 0 || this.#afterTasksFinish)
    if (!complete) return REASON.NOT_ALL_REQUIRED_TASKS_RUNNING
    return finished === 0 ? this.#allRun : this.#amongRunning(tasks)
  }
  #amongRunning(tasks: TaskStates): CheckpointPlan {
    const toWaitFor = this.#allRun.toWaitFor.filter((vertex) => tasks.taskState(vertex) === TASK_RUNS)
    return { toTrigger: toWaitFor.filter((vertex) => !this.#isFed(vertex, tasks)), toWaitFor }
  }
  #isFed(vertex: number, tasks: TaskStates): boolean {
    const { vertices, channels } = this.#shape
    return vertices[vertex - this.#firstVertex]!.inputs.some((input) => {
      const { from, feedback } = channels[input - this.#firstChannel]!
      return feedback !== true && tasks.taskState(from) === TASK_RUNS
    })
  }
}
