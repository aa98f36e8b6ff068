/** A task manager: a process with slots. It registers with the leader, and ends its tasks when it has lost its job manager. */
import { type Entity, fields, type KernelEvent, mix2, site } from '../kernel/index.ts'
import { compiled, J, M, T, TASK_MANAGER_MESSAGES } from '../model/index.ts'
import { type CompiledChart, chart, ignore } from '../statechart/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { Network } from './network.ts'

const DISCOVERY = site('time until a disowned task manager finds out')
/** In the plan's time units. */
const DISCOVERY_LEAST = 20
const DISCOVERY_SPREAD = 400

export const taskManagerChart = chart<TaskManager>()('task-manager', {
  events: TASK_MANAGER_MESSAGES,
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'up' } },
      up: {
        on: {
          LEADER: [{ guard: 'known' }, { actions: ['endTasks', 'register'] }],
          DISCONNECT: [{ guard: 'outdated' }, { target: 'disowned', actions: 'findOutLater' }],
          CRASH: 'down',
          ...ignore('EXPEL', 'RESTARTED'),
        },
      },
      /** The job manager has given it up, and it does not know yet: its tasks are zombies. */
      disowned: {
        on: {
          EXPEL: { target: 'up', actions: ['endTasks', 'renew', 'register'] },
          LEADER: [{ guard: 'known' }, { target: 'up', actions: ['endTasks', 'renew', 'register'] }],
          CRASH: 'down',
          ...ignore('DISCONNECT', 'RESTARTED'),
        },
      },
      down: {
        on: {
          RESTARTED: { target: 'up', actions: ['renew', 'endTasks', 'register'] },
          ...ignore('LEADER', 'DISCONNECT', 'EXPEL', 'CRASH'),
        },
      },
    },
  },
})

export class TaskManager
  extends fields({
    st: 'int',
    incarnation: 'int',
    /** Epoch of the leader that it has registered with. */
    epoch: 'int',
  })
  implements Entity
{
  readonly name: string
  readonly index: number
  readonly #context: ClusterContext
  readonly #network: Network
  readonly #chart: CompiledChart<TaskManager>
  constructor(context: ClusterContext, network: Network, index: number) {
    super()
    this.name = `task manager ${index}`
    this.index = index
    this.#context = context
    this.#network = network
    this.#chart = compiled(taskManagerChart, context.mutation)
  }
  receive(code: number, event: KernelEvent): void {
    if (code === M.START) {
      this.st = this.#chart.initialLeaf
      this.incarnation = 1
      this.epoch = 0
    }
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `${this.name}: ${TASK_MANAGER_MESSAGES[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  get alive(): boolean {
    return !this.#chart.matches(this, 'down')
  }

  /** Meant for another incarnation, or from a leader that it has left for a later one. */
  outdated(e: KernelEvent): boolean {
    return e.b !== this.incarnation || (this.#context.standbys && e.a < this.epoch)
  }
  /** The news of a leader that it has found by itself. */
  known(e: KernelEvent): boolean {
    return e.a <= this.epoch
  }
  endTasks(_e: KernelEvent): void {
    const { layout, kernel, addresses } = this.#context
    for (const vertex of layout.vertices) kernel.local(addresses.task(vertex.id, this.index), T.TERMINATE)
  }
  renew(_e: KernelEvent): void {
    this.incarnation += 1
  }
  /** With whoever leads now. */
  register(_e: KernelEvent): void {
    const { addresses, standbys, leadingEpoch } = this.#context
    const before = this.epoch
    this.epoch = leadingEpoch
    if (standbys && before > 0 && before !== leadingEpoch) this.#leave(before)
    if (leadingEpoch === 0) return // nobody leads yet: whoever will be the first calls
    const { jobManager } = addresses.leader(leadingEpoch)
    this.#network.service(jobManager, J.REGISTER, this.index, this.incarnation, 0, leadingEpoch)
  }
  /** The connection closes, which the leader before sees if it is still there. */
  #leave(epoch: number): void {
    const { jobManager } = this.#context.addresses.leader(epoch)
    this.#network.service(jobManager, J.LOST, this.index, this.incarnation, 0, epoch)
  }
  findOutLater(_e: KernelEvent): void {
    const { kernel, plan, addresses } = this.#context
    const unit = plan.timing.unitUs
    const delay =
      unit * DISCOVERY_LEAST + kernel.decide(DISCOVERY, mix2(this.index, this.incarnation), unit * DISCOVERY_SPREAD)
    kernel.schedule(delay, addresses.taskManagers[this.index]!, M.EXPEL)
  }
}
