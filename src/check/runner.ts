/**
 * Runs plans of one scenario under one protocol and one mutation: a pure function of the plan, whatever ran before.
 * Clusters are built once for each shape (parallelism, task managers) and reset for every run.
 */
import { Cluster, type Task } from '../cluster/index.ts'
import type { JobGraph, Scenario, Split } from '../dataflow/index.ts'
import { FaultInjector } from '../faults/index.ts'
import { digestText, type EndReason, type EntityId, Kernel, memoryInUse, site, type Trace } from '../kernel/index.ts'
import {
  type CompletedCheckpoint,
  type Finding,
  type HighAvailability,
  type Mutation,
  NO_HIGH_AVAILABILITY,
  type Plan,
  type Protocol,
} from '../model/index.ts'
import { Judge, type JudgeListener, type Tally, WATCH_EVERY, type World } from '../oracles/index.ts'
import { contractOf, judgedInvariants } from './contract-of.ts'
import { withPureGlobals } from './pure-globals.ts'
import { isRescaled, requireRescalable } from './rescaled-plan.ts'
import { overheard, type RunListener } from './run-listener.ts'

export interface RunOptions {
  /** Run the user's functions again as twins at the end. */
  readonly twinned?: boolean
  /** Keep the operands of the last events. */
  readonly keepTrace?: boolean
  /** Who listens besides the oracles. */
  readonly listener?: RunListener
}
export interface RunResult {
  readonly finding: Finding | null
  /** What user code threw, if that is the finding: its stack knows the line. */
  readonly cause?: unknown
  /** 'done': the job finished; 'failed': it gave up; else the simulator's reason. */
  readonly end: 'done' | 'failed' | 'finding' | EndReason
  readonly digest: string
  /** The two words of the digest. */
  readonly digestWords: readonly [number, number]
  readonly steps: number
  readonly virtualUs: number
  readonly tally: Tally
  /** Per fault of the plan: whether it struck. */
  readonly fired: readonly boolean[]
  /** A sentence if an invariant of the scenario is broken (it is then the finding as well). */
  readonly committed: Readonly<Record<string, readonly unknown[]>>
}
/** Time after the end of the job in which late messages may still do harm, in the plan's time units. */
const GRACE = 700
const WATCH = 0
const END = 1
/** Virtual microseconds that no run reaches: an integer far below 2^53. */
const MAX_TIME = 4_503_599_627_370_496
/** Clusters of all runners. World memory is one and given back from its end, so that they are given up together. */
const kept: { readonly owner: Map<string, Shape>; readonly shape: Shape }[] = []
/** Share of world memory that may be in use when a cluster is built. */
const ROOM = 0.5
/** Gives all clusters up if memory runs short; whoever needs one again builds it again. */
function makeRoom(): void {
  if (memoryInUse() <= ROOM) return
  for (const { owner, shape } of kept.reverse()) {
    owner.delete(shape.key)
    shape.kernel.dispose()
  }
  kept.length = 0
}

/** Nodes of the metadata quorum, 0 if there is none. */
const quorumOf = ({ store, quorum }: HighAvailability): number => (store === 'paxos' ? quorum : 0)
/** A quorum is at work even if nobody asks for anything: its leader asks for leases. */
const QUORUM_STEPS = 100_000
const stepsOf = ({ quorum }: Cluster): number => (quorum === undefined ? 0 : QUORUM_STEPS)
/** How many records may come of one in a loop. */
const ROUNDS = 50
/** Events after which a run is taken for one that never ends. */
function mostSteps({ edges }: JobGraph, cluster: Cluster, records: number): number {
  const rounds = edges.some(({ feedback }) => feedback === true) ? ROUNDS : 1
  return 8000 + 40 * rounds * records * cluster.layout.vertices.length + stepsOf(cluster)
}

interface Shape {
  readonly key: string
  readonly parallelism: Plan['parallelism']
  readonly taskManagers: number
  readonly rescaled: boolean
  readonly store: Plan['store']
  readonly kernel: Kernel
  readonly cluster: Cluster
  readonly judge: Judge
  readonly injector: FaultInjector
  readonly graph: JobGraph
  readonly watcher: Watcher
}
/** The clock of the oracles, and the end of the run. */
class Watcher {
  readonly name = 'watcher'
  id: EntityId = -1
  plan!: Plan
  ended: 'done' | 'failed' | null = null
  readonly #kernel: Kernel
  judge!: Judge
  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }
  start(plan: Plan): void {
    this.plan = plan
    this.ended = null
    this.#next()
  }
  #next(): void {
    this.#kernel.schedule(this.plan.timing.unitUs * WATCH_EVERY, this.id, WATCH)
  }
  receive(code: number): void {
    if (code === END) {
      this.#kernel.stop()
      return
    }
    if (this.ended !== null) return
    this.judge.watch()
    this.#next()
  }
  end(how: 'done' | 'failed'): void {
    if (this.ended !== null) return
    this.ended = how
    this.#kernel.schedule(this.plan.timing.unitUs * GRACE, this.id, END)
  }
}

export class Runner {
  readonly scenario: Scenario
  readonly protocol: Protocol
  readonly mutation: Mutation
  readonly #shapes = new Map<string, Shape>()
  /** Splits of the last run and their lengths, by source vertex of the graph. */
  #inputs: ReadonlyMap<number, readonly Split[]> = new Map()
  #lengths = new Map<number, readonly number[]>()
  #last: Shape | null = null

  constructor(scenario: Scenario, protocol: Protocol, mutation: Mutation = {}) {
    this.scenario = scenario
    this.protocol = protocol
    this.mutation = mutation
  }
  /** Events of the last run, if they were kept. */
  get trace(): Trace {
    return this.#last!.kernel.trace
  }
  /** Virtual time of the run that is going on, or of the end of the last one; microseconds. */
  get now(): number {
    return this.#last!.kernel.now
  }
  entityName(id: number): string {
    return this.#last!.kernel.entityName(id)
  }
  /** Phases that have occurred in any run so far. */
  phasesSeen(into: number[]): void {
    for (const { injector } of this.#shapes.values())
      injector.seen.forEach((seen, i) => {
        if (seen === 1) into[i] = 1
      })
  }

  /** @throws RangeError if the plan does not fit the scenario (a task that does not exist, …) */
  run(plan: Plan, options: RunOptions = {}): RunResult {
    const shape = this.#shape(plan)
    this.#last = shape
    const { kernel, cluster, judge, injector, graph, watcher } = shape
    kernel.reset(plan.seed, plan.overrides)
    kernel.trace.keep = options.keepTrace === true
    const splits = this.#splits(graph, plan, kernel)
    this.#inputs = splits
    judge.reset(options.twinned === true)
    watcher.start(plan)
    const ways = { observer: judge, faults: injector, control: cluster }
    const { observer, faults, control } = options.listener === undefined ? ways : overheard(ways, options.listener)
    injector.start(plan.faults, control)
    let reason: EndReason = 'stopped'
    let records = 0
    for (const lengths of this.#lengths.values()) for (const length of lengths) records += length
    withPureGlobals(() => {
      try {
        cluster.start(plan, observer, faults, splits, judge.linearizability)
        reason = kernel.run(mostSteps(graph, cluster, records), MAX_TIME)
        if (reason === 'stopped') judge.quiet(watcher.ended === 'done')
        else judge.neverDone(reason)
      } catch (error) {
        judge.report({
          oracle: 'machine',
          kind: 'stopped',
          class: 'safety',
          part: '',
          message: `The simulation stopped: ${error instanceof Error ? error.message : String(error)}.`,
        })
      }
    })
    const committed = cluster.visible()
    const ended = watcher.ended
    return {
      finding: judge.finding,
      cause: judge.cause,
      end: judge.finding !== null ? 'finding' : (ended ?? reason),
      digestWords: [kernel.trace.high, kernel.trace.low],
      get digest() {
        return digestText(this.digestWords)
      },
      steps: kernel.steps,
      virtualUs: kernel.now,
      tally: judge.tally,
      fired: Array.from(injector.fired, (f) => f === 1),
      committed,
    }
  }
  /** @throws RangeError if there is no such source */
  #inputsOf(graph: JobGraph, source: string): readonly unknown[] {
    const splits = this.#inputs.get(graph.vertices.findIndex(({ uid }) => uid === source))
    if (splits === undefined) {
      const sources = graph.vertices.filter(({ kind }) => kind === 'source').map(({ uid }) => uid)
      throw new RangeError(`there is no source '${source}': there is ${sources.join(', ')}`)
    }
    const values: unknown[] = []
    for (const split of splits)
      for (let position = 0; position < split.length; position += 1) values.push(split.read(position))
    return values
  }
  #splits(graph: JobGraph, plan: Plan, kernel: Kernel): Map<number, readonly Split[]> {
    const splits = new Map<number, readonly Split[]>()
    this.#lengths = new Map()
    graph.vertices.forEach((vertex, spec) => {
      if (vertex.source === undefined) return
      const own = vertex.source.splits(plan.records, (name, key, n) =>
        kernel.decide(site(`${vertex.uid}: ${name}`), key, n),
      )
      splits.set(spec, own)
      this.#lengths.set(
        spec,
        own.map((s) => s.length),
      )
    })
    return splits
  }
  #shape(plan: Plan): Shape {
    const last = this.#last
    const rescaled = isRescaled(plan)
    if (
      last !== null &&
      last.parallelism === plan.parallelism &&
      last.taskManagers === plan.taskManagers &&
      last.rescaled === rescaled &&
      last.store === plan.store &&
      this.#shapes.get(last.key) === last
    )
      return last
    const key = `${rescaled ? 'rescaled ' : ''}${plan.store ?? ''} ${plan.taskManagers} ${Object.entries(
      plan.parallelism,
    )
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([uid, n]) => `${uid}=${n}`)
      .join(' ')}`
    const known = this.#shapes.get(key)
    if (known !== undefined) return known
    makeRoom()
    const shape = this.#build(plan, key)
    this.#shapes.set(key, shape)
    kept.push({ owner: this.#shapes, shape })
    return shape
  }
  #build(plan: Plan, key: string): Shape {
    const graph = this.scenario.graph(plan.parallelism)
    if (isRescaled(plan)) requireRescalable(graph, this.protocol)
    const kernel = new Kernel()
    const cluster = this.#cluster(kernel, graph, plan)
    const injector = new FaultInjector(kernel)
    injector.id = kernel.register(injector, kernel.process())
    const watcher = new Watcher(kernel)
    watcher.id = kernel.register(watcher, kernel.process())
    const judged = judgedInvariants(this.scenario, this.protocol)
    const world: World = {
      graph,
      layout: cluster.layout,
      pool: cluster.pool,
      invariants: judged.checked,
      temporal: judged.temporal,
      plan: () => watcher.plan,
      now: () => kernel.now,
      splitLengths: (source) => this.#lengths.get(source)!,
      inputs: (source) => this.#inputsOf(graph, source),
      committed: () => cluster.visible(),
      leadingEpoch: () => cluster.leadingEpoch,
      entries: () => cluster.entries,
      managerMemory: () => this.#managerMemory(cluster),
      recover: (completed) => this.protocol.recover({ completed }, this.mutation),
      file: (id) => cluster.files.get(id),
      execution: () => cluster.current.number,
      jobRuns: () => cluster.jobManagerEntity.is('running') && cluster.leaderAlive,
      workLeft: () => cluster.currentTasks().some((task: Task) => task.hasWork),
      describeTasks: () => cluster.currentTasks().map((task: Task) => task.describe()),
      oldestPendingUs: () => cluster.coordinator.oldestPendingUs,
      strikes: () => injector.strikes,
      quorum: quorumOf(this.#highAvailability(plan)),
      lastFaultUntil: () => injector.lastEffectUntil,
    }
    const listener: JudgeListener = {
      phase: (code) => injector.phase(code),
      forked: () => injector.forked(),
      found: () => kernel.stop(),
      finished: () => watcher.end('done'),
      jobFailed: () => watcher.end('failed'),
    }
    const judge = new Judge(world, listener, contractOf(this.protocol, graph))
    watcher.judge = judge
    return {
      key,
      parallelism: plan.parallelism,
      taskManagers: plan.taskManagers,
      rescaled: isRescaled(plan),
      store: plan.store,
      kernel,
      cluster,
      judge,
      injector,
      graph,
      watcher,
    }
  }
  #cluster(kernel: Kernel, graph: JobGraph, plan: Plan): Cluster {
    try {
      return new Cluster(
        kernel,
        graph,
        this.protocol,
        this.mutation,
        plan.taskManagers,
        isRescaled(plan),
        this.#highAvailability(plan),
      )
    } catch (error) {
      kernel.dispose() // a plan that is too large takes no memory from those after it
      throw error
    }
  }
  #highAvailability({ store }: Plan): HighAvailability {
    const asked = this.scenario.highAvailability ?? NO_HIGH_AVAILABILITY
    return store === undefined ? asked : { ...asked, store }
  }
  /** The manager's memory counts only while it leads, the job is up, and no write is open. */
  #managerMemory(cluster: Cluster): readonly CompletedCheckpoint[] | null {
    const { jobManagerEntity: manager, coordinator } = cluster
    if (!cluster.leaderAlive || coordinator.writing || !(manager.is('running') || manager.is('deploying'))) return null
    return coordinator.memory
  }
}
