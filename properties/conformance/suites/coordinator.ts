import {
  C,
  CHECKPOINT,
  REASON,
  SAVEPOINT,
  SYNC_SAVEPOINT,
  TASK_FINISHED,
  TASK_NOT_RUNNING,
  TASK_RUNS,
} from '../../../src/model/index.ts'
import { aligned, BarrierCoordinator } from '../../../src/protocols/index.ts'
import type {
  CoordinatorCase,
  CoordinatorConfig,
  CoordinatorEvent,
  CoordinatorStep,
  Request,
  State,
} from '../coordinator/coordinator-case.ts'
import { CoordinatorCluster, nothing } from '../coordinator/coordinator-cluster.ts'
import { type Replayer, replaySteps } from '../replay-steps.ts'
import type { Outcome, Suite } from '../suite.ts'

/** Flink: CheckpointCoordinator with its decider, failure manager, plan calculator, cleaner and standalone store. */
export const coordinator: Suite = {
  name: 'coordinator',
  replay: (line) => replayCoordinator(line as CoordinatorCase),
}

export function replayCoordinator({ cfg, steps }: CoordinatorCase): Outcome {
  return replaySteps(steps, () => new CoordinatorReplayer(cfg, steps))
}

const KIND = { cp: CHECKPOINT, sp: SAVEPOINT, ssp: SYNC_SAVEPOINT } as const

class CoordinatorReplayer implements Replayer<CoordinatorStep> {
  readonly #cluster: CoordinatorCluster
  readonly #coordinator: BarrierCoordinator
  #known: Partial<State> = {}

  constructor(cfg: CoordinatorConfig, steps: readonly CoordinatorStep[]) {
    this.#cluster = new CoordinatorCluster(cfg, (code, a, b) => this.#send(code, a, b))
    this.#coordinator = new BarrierCoordinator(
      this.#cluster,
      aligned,
      {},
      {
        unaligned: cfg.unaligned,
        afterTasksFinish: cfg.finishOk,
        intervalDuringBacklogUs: cfg.backlogInterval ?? Number.POSITIVE_INFINITY,
        slots: slotsFor(cfg, steps),
      },
    )
    this.#send(C.START)
  }
  /** A step of the file has the lists that are not empty, and the part of the state that has changed. */
  expected({ ev, ...fields }: CoordinatorStep): object {
    const { ret, restored, throws, trig, succ, fail, nc, na, fut, job, disc, ...changed } = fields
    this.#known = { ...this.#known, ...changed }
    const given = Object.entries({ ret, restored, throws, trig, succ, fail, nc, na, fut, job, disc })
    return {
      ...nothing(),
      ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
      ...this.#known,
    }
  }
  feed({ ev }: CoordinatorStep): object {
    this.#cluster.happened = nothing()
    this.#feed(ev)
    this.#cluster.executor.settle()
    const { happened } = this.#cluster
    // the file has them by checkpoint, by label, and by name
    happened.na.sort((x, y) => x[0] - y[0])
    happened.fut.sort((x, y) => (x[0] < y[0] ? -1 : 1))
    happened.disc.sort((x, y) => x[0] - y[0] || x[1] - y[1])
    return { ...happened, ...this.#state() }
  }
  states(): Readonly<Record<string, string>> {
    return this.#coordinator.describe()
  }
  #state(): State {
    const { schedule, requests, failures, memory, scheduled, isTriggering } = this.#coordinator
    return {
      pend: this.#coordinator.pendingInOrder().map(({ id, missing }) => [id, missing]),
      done: memory.map(({ id }) => id),
      next: schedule.next === Number.POSITIVE_INFINITY ? null : schedule.next,
      q: requests.size,
      cfc: failures.continuous,
      now: this.#cluster.executor.now,
      periodic: scheduled,
      triggering: isTriggering,
    }
  }
  #send(code: number, a = 0, b = 0, ref = 0): void {
    this.#coordinator.receive(code, { a, b, ref })
  }
  #feed(ev: CoordinatorEvent): void {
    const { executor, tasks, fails, execution } = this.#cluster
    switch (ev[0]) {
      case 'start':
        this.#send(C.SCHEDULE, execution)
        break
      case 'stop':
        this.#send(C.SUSPEND)
        break
      case 'shutdown':
        this.#send(C.SHUT_DOWN)
        break
      case 'adv':
        executor.advance(ev[1])
        break
      case 'cp':
      case 'sp':
      case 'ssp':
        this.#request(ev)
        break
      case 'both':
        this.#request(ev[1])
        this.#request(ev[2])
        break
      case 'ack':
      case 'ackFin':
        this.#acknowledge(ev[1], ev[2], execution)
        break
      case 'ackOld':
        this.#acknowledge(ev[1], ev[2], 0)
        break
      case 'dec':
        this.#send(C.DECLINE, this.#cluster.attempt(ev[1], execution), ev[2], REASON[ev[3]])
        break
      case 'decOld':
        this.#send(C.DECLINE, this.#cluster.attempt(ev[1], 0), ev[2], REASON[ev[3]])
        break
      case 'fin':
        tasks[ev[1]] = TASK_FINISHED
        break
      case 'run':
        tasks[ev[1]] = TASK_RUNS
        break
      case 'abortAll':
        this.#send(C.ABORT, REASON[ev[1]])
        break
      case 'failover':
        this.#failOver(ev[1])
        break
      case 'rpcfail':
        fails.rpc = true
        break
      case 'iofail':
        fails.id = true
        break
      case 'storefail':
        fails.store = true
        break
      case 'backlog':
        this.#send(C.BACKLOG, ev[1], ev[2] ? 1 : 0)
        break
    }
  }
  #request([kind, future]: Request): void {
    const { executor, futures } = this.#cluster
    const requester = futures.push(future) - 1
    executor.execute(1, () => this.#send(C.REQUEST, KIND[kind], 0, requester))
  }
  #acknowledge(task: number, checkpoint: number, execution: number): void {
    const { happened, executor } = this.#cluster
    this.#send(C.ACK, this.#cluster.attempt(task, execution), checkpoint, this.#cluster.newFile(checkpoint, task))
    happened.ret = this.#coordinator.answer === 1
    executor.settle()
    // what the store has thrown goes to whoever brought the last acknowledgement
    if (happened.fail.every(([, reason]) => reason !== 'FINALIZE_CHECKPOINT_FAILURE')) return
    delete happened.ret
    happened.throws = 'CheckpointException:FINALIZE_CHECKPOINT_FAILURE'
  }
  /** Everything is aborted, all tasks get new attempts, and the newest checkpoint is restored; the schedule goes on. */
  #failOver(notRunning: readonly number[]): void {
    this.#send(C.ABORT, REASON.JOB_FAILOVER_REGION)
    const { tasks } = this.#cluster
    for (let task = 0; task < tasks.length; task += 1)
      tasks[task] = notRunning.includes(task) ? TASK_NOT_RUNNING : TASK_RUNS
    this.#cluster.execution += 1
    this.#send(C.RESTORE)
  }
}

/** As many checkpoints as there can be at once: savepoints may be forced past the limit, the others not. */
function slotsFor(cfg: CoordinatorConfig, steps: readonly CoordinatorStep[]): number {
  const { maxConcurrent, timeout, interval, backlogInterval = interval } = cfg
  const requests = steps.reduce((sum, { ev }) => sum + (ev[0] === 'both' ? 2 : 1), 0)
  const periodic = Math.ceil(timeout / Math.max(1, Math.min(interval, backlogInterval))) + 1
  return requests + Math.min(maxConcurrent, periodic)
}
