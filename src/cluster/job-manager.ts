/** The job manager: elects itself, deploys the job, restarts it after failures as the restart strategy says, ends it. */
import { cells, type Entity, fields, type KernelEvent, site } from '../kernel/index.ts'
import {
  type Attempt,
  C,
  type CompletedCheckpoint,
  compiled,
  E,
  J,
  JOB_MANAGER_MESSAGES,
  M,
  N,
  P,
  T,
  V,
} from '../model/index.ts'
import type { CompiledChart } from '../statechart/index.ts'
import type { ClusterContext, Execution, LeaderAddresses, Leadership } from './cluster-context.ts'
import { jobManagerChart } from './job-manager.chart.ts'
import { JOB_FAILED, JOB_FINISHED, JOB_GOES_ON } from './metadata.ts'
import type { Network } from './network.ts'
import { type RestartBackoff, restartBackoffOf } from './restart-strategy/index.ts'

/** How long a deployment waits for task managers that have not registered, in the plan's time units. */
const SLOTS_WAIT = 100
const JITTER = site('jitter of the restart delay')
const JITTER_STEPS = 1 << 30

export class JobManager
  extends fields({
    st: 'int',
    epoch: 'int',
    execution: 'int',
    /** Executions begun by this leader. */
    deployments: 'int',
    /** Reference of the entry to restore, -1: none. */
    basis: 'int',
    basisId: 'int',
    /** 1 from a rescale to the deployment that follows it. */
    rescaling: 'int',
    left: 'int',
    /** Per vertex: 1 while the report that is waited for is missing. */
    missing: cells('vertices'),
    finishedVertices: cells('vertices'),
    /** Per task manager: the incarnation that is registered, 0: none. */
    registered: cells('managers'),
  })
  implements Entity
{
  readonly name = 'job-manager'
  readonly #context: ClusterContext
  readonly #network: Network
  readonly #leadership: Leadership
  readonly #chart: CompiledChart<JobManager>
  readonly #backoff: RestartBackoff
  /** Makes an execution: attempts, a branch, channels. */
  readonly #begin: (epoch: number, basis: CompletedCheckpoint | null, managers: readonly number[]) => Execution
  readonly #entry: (ref: number) => CompletedCheckpoint

  constructor(
    context: ClusterContext,
    network: Network,
    leadership: Leadership,
    begin: (epoch: number, basis: CompletedCheckpoint | null, managers: readonly number[]) => Execution,
    entry: (ref: number) => CompletedCheckpoint,
  ) {
    super({ vertices: context.layout.vertices.length, managers: context.taskManagers })
    this.#context = context
    this.#network = network
    this.#leadership = leadership
    this.#begin = begin
    this.#entry = entry
    this.#chart = compiled(jobManagerChart, context.mutation)
    this.#backoff = restartBackoffOf(
      context.graph.settings,
      {
        get attempts() {
          return context.plan.timing.restartAttempts
        },
        get delay() {
          return context.plan.timing.restartDelayUs
        },
      },
      (offset) => this.#jitter(offset),
    )
  }
  receive(code: number, event: KernelEvent): void {
    if (code === J.START) {
      this.st = this.#chart.initialLeaf
      this.epoch = 0
      this.execution = 0
      this.#backoff.reset()
      this.deployments = 0
      this.rescaling = 0
      this.registered.fill(0)
    }
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `${this.name}: ${JOB_MANAGER_MESSAGES[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  is(state: string): boolean {
    return this.#chart.matches(this, state)
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  get #own(): LeaderAddresses {
    return this.#leadership.addresses
  }
  #unit(units: number): number {
    return units * this.#context.plan.timing.unitUs
  }
  /** A whole number in [-offset, offset], which may be larger than what a decision takes. */
  #jitter(offset: number): number {
    const share = this.#context.kernel.decide(JITTER, this.execution, JITTER_STEPS) / JITTER_STEPS
    return Math.floor(share * (2 * offset + 1)) - offset
  }
  #attempt(id: number): Attempt {
    return this.#context.attempt(id)
  }

  // guards
  allRegistered(_e: KernelEvent): boolean {
    return this.#count() === this.registered.size
  }
  anyRegistered(_e: KernelEvent): boolean {
    return this.#count() > 0
  }
  lastToRegister(e: KernelEvent): boolean {
    return this.#count() + (this.registered.at(e.a) === 0 ? 1 : 0) === this.registered.size
  }
  #count(): number {
    let n = 0
    for (let i = 0; i < this.registered.size; i += 1) if (this.registered.at(i) !== 0) n += 1
    return n
  }
  /** Flink: failures and reports are addressed by execution attempt id. */
  fromOldExecution(e: KernelEvent): boolean {
    return this.#attempt(e.a).execution !== this.execution
  }
  oldOrKnown(e: KernelEvent): boolean {
    return this.fromOldExecution(e) || this.missing.at(this.#attempt(e.a).vertex) === 0
  }
  oldOrFinished(e: KernelEvent): boolean {
    return this.fromOldExecution(e) || this.finishedVertices.at(this.#attempt(e.a).vertex) === 1
  }
  unknownAttempt(e: KernelEvent): boolean {
    return this.oldOrKnown(e)
  }
  lastToRun(_e: KernelEvent): boolean {
    return this.left === 1
  }
  lastToFinish(e: KernelEvent): boolean {
    const last = this.#attempt(e.a).vertex
    for (const { vertex } of this.#context.execution(this.execution).attempts)
      if (this.finishedVertices.at(vertex) === 0 && vertex !== last) return false
    return true
  }
  otherExecution(e: KernelEvent): boolean {
    return e.a !== this.execution
  }
  hostsNothing(e: KernelEvent): boolean {
    return (
      this.registered.at(e.a) !== e.b ||
      !this.#context.execution(this.execution).attempts.some((a) => a.taskManager === e.a)
    )
  }
  asWanted(_e: KernelEvent): boolean {
    return this.#context.execution(this.execution).shape === this.#context.wanted
  }
  mayRestart(_e: KernelEvent): boolean {
    return this.#backoff.mayRestart(this.#context.kernel.now)
  }
  allGone(): boolean {
    return this.left === 0
  }

  // leadership and task managers
  /** The leader before has brought the job to its end. */
  jobIsOver(e: KernelEvent): boolean {
    return e.b !== JOB_GOES_ON
  }
  campaign(_e: KernelEvent): void {
    this.#leadership.toStore(V.CAMPAIGN, 0, this.#context.kernel.generation(this.#own.jobManager), 0)
  }
  lead(e: KernelEvent): void {
    const { addresses, kernel } = this.#context
    this.epoch = e.a
    kernel.local(this.#own.coordinator, C.LOAD, e.a)
    for (const manager of addresses.taskManagers) this.#network.service(manager, M.LEADER, e.a, 0, 0)
  }
  register(e: KernelEvent): void {
    this.registered.set(e.a, e.b)
  }
  unregister(e: KernelEvent): void {
    if (this.registered.at(e.a) !== e.b) return
    this.registered.set(e.a, 0)
    this.#network.service(this.#context.addresses.taskManagers[e.a]!, M.DISCONNECT, this.epoch, e.b, 0)
  }
  waitForSlots(_e: KernelEvent): void {
    this.#context.kernel.schedule(this.#unit(SLOTS_WAIT), this.#own.jobManager, J.SLOTS)
  }

  // deployment
  keepBasis(e: KernelEvent): void {
    this.basisId = e.a
    this.basis = e.ref
  }
  deploy(_e: KernelEvent): void {
    const { kernel, addresses, observer } = this.#context
    const managers: number[] = []
    for (let i = 0; i < this.registered.size; i += 1) if (this.registered.at(i) !== 0) managers.push(i)
    const execution = this.#begin(this.epoch, this.basisId === 0 ? null : this.#entry(this.basis), managers)
    this.execution = execution.number
    this.deployments += 1
    this.rescaling = 0
    this.left = execution.attempts.length
    this.missing.fill(0)
    for (const { vertex } of execution.attempts) this.missing.set(vertex, 1)
    this.finishedVertices.fill(0)
    observer.phase(P.forked)
    for (const enumerator of this.#own.enumerators.values())
      kernel.local(enumerator, N.RESET, this.basisId, this.deployments === 1 ? 1 : 0)
    for (const attempt of execution.attempts)
      this.#network.rpc(
        E.deploy,
        addresses.task(attempt.vertex, attempt.taskManager),
        T.DEPLOY,
        attempt.id,
        0,
        0,
        attempt.id,
      )
  }
  markRunning(e: KernelEvent): void {
    this.missing.set(this.#attempt(e.a).vertex, 0)
    this.left -= 1
  }
  startCheckpoints(_e: KernelEvent): void {
    const { kernel, observer } = this.#context
    observer.phase(P['job-running'])
    observer.jobRunning()
    kernel.local(this.#own.coordinator, C.SCHEDULE, this.execution, 1)
  }

  // restart
  restartAfterFailure(e: KernelEvent): void {
    const failed = this.#attempt(e.a)
    this.#restart(failed)
    if (failed.execution === this.execution) this.#gone(failed.vertex)
  }
  restartAfterLoss(e: KernelEvent): void {
    const { attempts } = this.#context.execution(this.execution)
    const lost = attempts.filter((a) => a.taskManager === e.a)
    for (const attempt of lost) this.#context.observer.attemptFailed(attempt)
    this.#restart(lost[0]!)
    for (const attempt of lost) this.#gone(attempt.vertex)
  }
  restartAfterCheckpoints(_e: KernelEvent): void {
    this.#restart(null)
  }
  restartRescaled(_e: KernelEvent): void {
    this.rescaling = 1
    this.#cancelAll(null)
  }
  #restart(failed: Attempt | null): void {
    const { kernel, observer } = this.#context
    this.#cancelAll(failed)
    observer.phase(P['failure-seen'])
    this.#backoff.notifyFailure(kernel.now)
  }
  #cancelAll(failed: Attempt | null): void {
    const { kernel, addresses, observer } = this.#context
    observer.restarting(failed, this.execution)
    kernel.local(this.#own.coordinator, C.SUSPEND)
    const { attempts } = this.#context.execution(this.execution)
    this.left = attempts.length
    for (const attempt of attempts) {
      this.missing.set(attempt.vertex, 1)
      if (this.registered.at(attempt.taskManager) === 0) this.#gone(attempt.vertex)
      else
        this.#network.rpc(
          E.cancel,
          addresses.task(attempt.vertex, attempt.taskManager),
          T.CANCEL,
          attempt.id,
          0,
          0,
          attempt.id,
        )
    }
  }
  #gone(vertex: number): void {
    if (this.missing.at(vertex) === 0) return
    this.missing.set(vertex, 0)
    this.left -= 1
  }
  markGone(e: KernelEvent): void {
    this.#gone(this.#attempt(e.a).vertex)
  }
  markHostGone(_e: KernelEvent): void {
    for (const attempt of this.#context.execution(this.execution).attempts)
      if (this.registered.at(attempt.taskManager) === 0) this.#gone(attempt.vertex)
  }
  backOff(_e: KernelEvent): void {
    const { kernel, observer } = this.#context
    observer.phase(P.cancelled)
    // a rescale is no failure. Flink: AdaptiveScheduler restarts at once
    const delay = this.rescaling === 1 ? 0 : this.#backoff.backoff(kernel.now)
    kernel.schedule(delay, this.#own.jobManager, J.BACKOFF)
  }
  askBasis(_e: KernelEvent): void {
    this.#context.kernel.local(this.#own.coordinator, C.RESTORE)
  }

  // end
  markFinished(e: KernelEvent): void {
    if (!this.fromOldExecution(e)) this.finishedVertices.set(this.#attempt(e.a).vertex, 1)
  }
  finish(_e: KernelEvent): void {
    this.#end(JOB_FINISHED)
  }
  giveUp(_e: KernelEvent): void {
    this.#end(JOB_FAILED)
  }
  /** Where another one may have been elected, the job ends when the store says so. Flink: JobResultStore (FLIP-194). */
  #end(result: typeof JOB_FINISHED | typeof JOB_FAILED): void {
    const { kernel, observer, standbys } = this.#context
    kernel.local(this.#own.coordinator, C.SUSPEND)
    if (standbys) this.#leadership.toStore(V.END_JOB, this.epoch, result, 0)
    else if (result === JOB_FINISHED) observer.finished()
    else observer.jobFailed()
  }
  stepDown(_e: KernelEvent): void {
    this.#leadership.stepDown()
  }
  /** What code does that takes a job which is only suspended for one that has been cancelled (FLINK-34518). */
  cleanUp(): void {
    this.#leadership.toStore(V.CLEAN_UP, 0, 0, 0)
  }
}
