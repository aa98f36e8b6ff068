/**
 * Draws plans. Every draw is a decision named by a site, so that plans are a pure function of (check seed, run index) and
 * a change of one draw moves no other.
 *
 * The mix (facts: what finds which bug, DESIGN.md section 6): each run draws which classes of faults are on (swarm) and up to
 * six faults, timed or anchored; one plan in four is paired instead: an effect made slow, lost, double or unknown, and a crash or
 * pause where it starts; one in eight has three times the records.
 */
import type { JobGraph, Scenario } from '../dataflow/index.ts'
import { Decisions, site } from '../kernel/index.ts'
import {
  EFFECT_NAMES,
  EFFECTS,
  type Effect,
  type EffectFaultKind,
  FAULT_CLASSES,
  type Fault,
  type FaultClass,
  LEADER_FAULT_CLASSES,
  MAX_SAVEPOINTS,
  type MetadataStoreName,
  OPT_IN_FAULT_CLASSES,
  type OptInFaultClass,
  PHASE_NAMES,
  type Phase,
  type Plan,
  type ProcessFaultKind,
  QUORUM_EFFECTS,
  QUORUM_LINKS,
  QUORUM_PHASES,
  type QuorumFaultKind,
  type QuorumNodeRole,
  type Role,
  type Timing,
  type When,
} from '../model/index.ts'

/** Version of the engine: changes when the same plan would run differently. */
export const ENGINE = 2
/** As many records as there are. */
export const ALL_RECORDS = 2_147_483_647
/** Records that fit into a channel. Narrow ones make back-pressure: without it, a deadlock heals at the next barrier, unseen. */
const CAPACITIES = [1, 1, 1, 2, 3, 4, 5, 6]
const DRAW = site('plan')
const can = (effect: Effect, kind: EffectFaultKind): boolean =>
  (EFFECTS[effect].kinds as readonly string[]).includes(kind)
const isOfQuorum = (effect: Effect): boolean => (QUORUM_EFFECTS as readonly Effect[]).includes(effect)
/** Messages of the job that each kind can hit. */
const MESSAGES = {
  delay: EFFECT_NAMES.filter((effect) => can(effect, 'delay') && !isOfQuorum(effect)),
  drop: EFFECT_NAMES.filter((effect) => can(effect, 'drop') && !isOfQuorum(effect)),
  duplicate: EFFECT_NAMES.filter((effect) => can(effect, 'duplicate') && !isOfQuorum(effect)),
} as const
/** What a fault can be anchored to in any job. */
const ANCHORS = PHASE_NAMES.filter((phase) => !(QUORUM_PHASES as readonly Phase[]).includes(phase))

export interface DrawOptions {
  readonly protocol: string
  readonly bug?: string
  /** Classes that may occur. If left out: all, but those that occur only where they are asked for unless the scenario asks. */
  readonly faults?: readonly FaultClass[]
  /** What the job's metadata are entrusted to; if left out, what the scenario says. */
  readonly store?: MetadataStoreName
}

type LeaderFaultClass = (typeof LEADER_FAULT_CLASSES)[number]
/** Those that a mix holds; the others come in addition. */
type DrawnProcessFault = Exclude<ProcessFaultKind, OptInFaultClass | QuorumFaultKind>
const isMixed = (of: FaultClass): of is Exclude<FaultClass, OptInFaultClass> =>
  !(OPT_IN_FAULT_CLASSES as readonly string[]).includes(of)
const isLeaderFault = (of: FaultClass): of is LeaderFaultClass =>
  (LEADER_FAULT_CLASSES as readonly string[]).includes(of)

/** The plan of one run. @param seed `base/index` */
export function drawPlan(scenario: Scenario, graph: JobGraph, seed: string, index: number, options: DrawOptions): Plan {
  const draw = new Draw(seed)
  const timing = drawTiming(graph, draw)
  let records = scenario.records.min + draw.below(scenario.records.max - scenario.records.min + 1)
  let long = 1
  if (draw.below(8) === 0) long = 3
  records *= long
  if (scenario.records.fullEvery !== undefined && index % scenario.records.fullEvery === scenario.records.fullEvery - 1)
    records = ALL_RECORDS
  const allowed = options.faults ?? classesOf(scenario)
  const store = options.store ?? scenario.highAvailability?.store
  const drawn = allowed.filter(() => draw.below(3) > 0)
  const on = drawn.filter(isMixed)
  const horizon = 3500 * long
  const faults =
    on.length === 0
      ? []
      : draw.below(4) === 0
        ? drawPaired(draw, graph, timing, on, horizon)
        : drawMixed(draw, graph, timing, on, horizon)
  if (drawn.includes('rescale')) faults.push(...drawRescales(draw, graph, timing, horizon))
  const ofLeaders = drawn.filter(isLeaderFault)
  if (ofLeaders.length > 0) faults.push(...drawLeaderFaults(draw, timing, ofLeaders, horizon))
  if (drawn.includes('quorum') || (options.faults === undefined && store === 'paxos' && draw.below(3) > 0))
    faults.push(...drawQuorumFaults(draw, timing, horizon))
  if (drawn.includes('savepoint')) faults.push(...drawSavepoints(draw, timing, horizon))
  return {
    engine: ENGINE,
    scenario: scenario.name,
    protocol: options.protocol,
    ...(options.bug === undefined ? {} : { bug: options.bug }),
    ...(store === undefined ? {} : { store }),
    ...(scenario.input === undefined ? {} : { input: scenario.input.hash() }),
    seed,
    records,
    parallelism: parallelismOf(graph),
    taskManagers: 2,
    timing,
    faults,
    overrides: [],
  }
}

/** What may strike a scenario if nobody says more. */
function classesOf({ rescales, highAvailability, savepoints }: Scenario): readonly FaultClass[] {
  if (rescales !== true && highAvailability === undefined && savepoints !== true) return FAULT_CLASSES
  return [
    ...FAULT_CLASSES,
    ...(rescales === true ? (['rescale'] as const) : []),
    ...(highAvailability === undefined ? [] : LEADER_FAULT_CLASSES),
    ...(savepoints === true ? (['savepoint'] as const) : []),
  ]
}

const parallelisms = new WeakMap<JobGraph, Plan['parallelism']>()
/** The parallelism that the job declares: one object per graph, so that plans of one shape are seen to be. */
function parallelismOf(graph: JobGraph): Plan['parallelism'] {
  let known = parallelisms.get(graph)
  if (known === undefined) {
    known = Object.freeze(Object.fromEntries(graph.vertices.map((v) => [v.uid, v.parallelism])))
    parallelisms.set(graph, known)
  }
  return known
}

/** A sequence of draws under one seed. */
class Draw {
  readonly #decisions = new Decisions()
  #next = 0
  constructor(seed: string) {
    this.#decisions.seed(seed)
  }
  /** In [0, n). */
  below(n: number): number {
    this.#next += 1
    return this.#decisions.decide(DRAW, this.#next, n)
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }
}

function drawTiming(graph: JobGraph, draw: Draw): Timing {
  const { settings } = graph
  const intervalUs = settings.checkpointIntervalMs * 1000
  const unitUs = Math.max(1, Math.floor(intervalUs / (150 + draw.below(450))))
  const sourceCost = 4 + draw.below(20)
  // one run in four is under heavy back-pressure: its operators are three times slower
  const operatorCost = (4 + draw.below(12)) * (draw.below(4) === 0 ? 3 : 1)
  const capacity = draw.pick(CAPACITIES)
  const timeout = Math.max(draw.pick([1000, 1500, 2500]), 3 * naturalDuration(graph, capacity, operatorCost)) * unitUs
  const pause = draw.below(4) === 0 ? draw.below(100) * unitUs : 0
  const concurrent = draw.below(4) === 0 ? 2 : 1
  const tolerable = draw.below(4)
  const retained = 1 + draw.below(2)
  return {
    unitUs,
    sourceCostUs: sourceCost * unitUs,
    operatorCostUs: operatorCost * unitUs,
    channelCapacity: capacity,
    checkpointIntervalUs: intervalUs,
    checkpointTimeoutUs: settings.checkpointTimeoutMs === undefined ? timeout : settings.checkpointTimeoutMs * 1000,
    minPauseUs: settings.minPauseMs === undefined ? pause : settings.minPauseMs * 1000,
    maxConcurrentCheckpoints: settings.maxConcurrentCheckpoints ?? concurrent,
    tolerableFailedCheckpoints: settings.tolerableFailedCheckpoints ?? tolerable,
    retainedCheckpoints: settings.retainedCheckpoints ?? retained,
    restartDelayUs: settings.restartDelayMs === undefined ? 100 * unitUs : settings.restartDelayMs * 1000,
    restartAttempts: settings.restartAttempts ?? 12,
  }
}

/** Time that a barrier spends on the way and in tasks at one stage besides waiting behind records, in time units. */
const STAGE = 150
/** How often the records of a loop may come by before a barrier that goes round does. */
const LOOP = 4
/**
 * How long a checkpoint takes under back-pressure, in time units: at every stage of the longest path its barriers wait behind the
 * records of all inputs. The contract assumes a timeout above it.
 */
function naturalDuration({ vertices, edges }: JobGraph, capacity: number, operatorCost: number): number {
  const duration = vertices.map(() => STAGE)
  vertices.forEach((_, to) => {
    const into = edges.filter((edge) => edge.to === to)
    if (into.length === 0) return
    const fanIn = into.reduce((sum, { from }) => sum + vertices[from]!.parallelism, 0)
    const last = Math.max(...into.map(({ from }) => duration[from]!))
    duration[to] = last + STAGE + fanIn * capacity * operatorCost
  })
  // a barrier that goes round waits behind all that goes round, which has no limit
  return Math.max(...duration) * (edges.some(({ feedback }) => feedback === true) ? LOOP : 1)
}

function drawWhen(draw: Draw, timing: Timing, horizon: number): When {
  if (draw.below(2) === 0) return { at: draw.below(horizon) * timing.unitUs }
  if (draw.below(3) > 0) return { phase: draw.pick(ANCHORS), nth: 1 + draw.below(draw.below(3) > 0 ? 4 : 20) }
  return { phase: draw.pick(ANCHORS), nth: 1 + draw.below(6), restore: 1 + draw.below(2) }
}
/** From one to three changes of parallelism; none if the job has one subtask of everything. */
function drawRescales(draw: Draw, graph: JobGraph, timing: Timing, horizon: number): Fault[] {
  const most = Math.max(...graph.vertices.map(({ parallelism }) => parallelism))
  if (most === 1) return []
  return Array.from({ length: 1 + draw.below(3) }, () => {
    const when = drawWhen(draw, timing, horizon)
    return { what: 'rescale', target: { slots: 1 + draw.below(most) }, when }
  })
}
/** From one to as many savepoints as a coordinator has slots for. */
function drawSavepoints(draw: Draw, timing: Timing, horizon: number): Fault[] {
  return Array.from({ length: 1 + draw.below(MAX_SAVEPOINTS) }, () => ({
    what: 'savepoint',
    target: 'job-manager',
    when: drawWhen(draw, timing, horizon),
  }))
}
/** Where a leader that stops, or does not come through to the store, leaves most behind. */
const LEADER_ANCHORS: readonly Phase[] = [
  'checkpoint-triggered',
  'fully-acked',
  'metadata-begin',
  'metadata-applied',
  'metadata-end',
  'subsumed',
  'store-read',
  'failure-seen',
  'cancelled',
  'forked',
  'job-running',
]
/** From one to three faults of whoever leads then. */
function drawLeaderFaults(draw: Draw, timing: Timing, on: readonly LeaderFaultClass[], horizon: number): Fault[] {
  return Array.from({ length: 1 + draw.below(3) }, () => {
    const what = draw.pick(on)
    const when: When =
      draw.below(2) === 0
        ? drawWhen(draw, timing, horizon)
        : { phase: draw.pick(LEADER_ANCHORS), nth: 1 + draw.below(4) }
    // the longer ones outlast a session
    return { what, target: 'job-manager', when, forUs: draw.pick([100, 300, 600, 900, 1500]) * timing.unitUs }
  })
}
/**
 * From one to four faults of the nodes of a quorum and of their messages; one time in four, what a lease does not survive that is
 * trusted too long: the clock of the leader is wrong, and it is cut off from the others.
 */
function drawQuorumFaults(draw: Draw, timing: Timing, horizon: number): Fault[] {
  const { unitUs } = timing
  const leader = { quorumNode: 'leader' } as const
  if (draw.below(4) === 0) {
    const at = draw.below(horizon)
    return [
      { what: 'drift-clock', target: leader, when: { at: at * unitUs } },
      {
        what: 'partition-node',
        target: { ...leader, link: 'peers' },
        when: { at: (at + draw.below(500)) * unitUs },
        forUs: (300 + draw.below(1500)) * unitUs,
      },
    ]
  }
  return Array.from({ length: 1 + draw.below(4) }, () => {
    const what = draw.pick(QUORUM_FAULTS)
    if (what === 'effect') {
      const effect = draw.pick(QUORUM_EFFECTS)
      return effectFault(draw, timing, effect, draw.pick(EFFECTS[effect].kinds), early(draw, 60))
    }
    const quorumNode: QuorumNodeRole = draw.below(2) === 0 ? 'leader' : draw.below(5)
    const when: When =
      draw.below(2) === 0 ? drawWhen(draw, timing, horizon) : { phase: draw.pick(QUORUM_PHASES), nth: early(draw, 40) }
    const lasting = draw.pick([100, 300, 600, 1500]) * unitUs
    switch (what) {
      case 'pause-node':
        return { what, target: { quorumNode }, when, forUs: lasting }
      case 'partition-node':
        return { what, target: { quorumNode, link: draw.pick(QUORUM_LINKS) }, when, forUs: lasting }
      default:
        return { what, target: { quorumNode }, when }
    }
  })
}
/** By the weight that they have. */
const QUORUM_FAULTS = [
  'crash-node',
  'crash-node',
  'pause-node',
  'partition-node',
  'partition-node',
  'drift-clock',
  'lose-disk',
  'effect',
  'effect',
] as const
function drawTask(draw: Draw, graph: JobGraph): Role {
  const vertex = draw.pick(graph.vertices)
  return { operator: vertex.uid, subtask: draw.below(vertex.parallelism) }
}
function processFault(draw: Draw, graph: JobGraph, timing: Timing, what: DrawnProcessFault, when: When): Fault {
  switch (what) {
    case 'crash-task':
      return { what, target: drawTask(draw, graph), when }
    case 'crash-taskmanager':
      return { what, target: { taskManager: draw.below(2) }, when }
    case 'pause-taskmanager':
      return {
        what,
        target: { taskManager: draw.below(2) },
        when,
        forUs: draw.pick([100, 300, 600, 1500]) * timing.unitUs,
      }
    case 'crash-jobmanager':
      return { what, target: 'job-manager', when }
    case 'expire-transactions':
      return { what, target: 'external', when }
  }
}
function effectFault(draw: Draw, timing: Timing, effect: Effect, kind: EffectFaultKind, nth: number): Fault {
  const when: When = { phase: EFFECTS[effect].phase, nth }
  const target: Role = { effect }
  if (kind === 'delay') return { what: kind, target, when, forUs: (300 + draw.below(1200)) * timing.unitUs }
  if (kind === 'slow') return { what: kind, target, when, forUs: (400 + draw.below(1500)) * timing.unitUs }
  return { what: kind, target, when }
}
/** nth: early occurrences mostly. */
const early = (draw: Draw, most: number): number => 1 + draw.below(draw.below(2) === 0 ? Math.min(6, most) : most)

/** Whether the job has a sink whose calls of external systems are faults' targets of their own. */
const callsOut = (graph: JobGraph): boolean => graph.vertices.some(({ sink }) => sink?.kind === 'own')
/** What may become of a call other than the crash of its task. */
const MISHAPS = ['fail', 'ambiguous', 'slow'] as const

function drawMixed(draw: Draw, graph: JobGraph, timing: Timing, on: readonly FaultClass[], horizon: number): Fault[] {
  const faults: Fault[] = []
  const n = draw.below(7)
  for (let i = 0; i < n; i += 1) {
    const of = draw.pick(on)
    const when = drawWhen(draw, timing, horizon)
    switch (of) {
      case 'crash-task':
      case 'crash-taskmanager':
      case 'crash-jobmanager':
        if (of === 'crash-task' && callsOut(graph) && draw.below(2) === 0) {
          const call = draw.pick(['sink-write', 'sink-write', 'sink-commit'] as const)
          faults.push(effectFault(draw, timing, call, 'crash', early(draw, call === 'sink-write' ? 60 : 8)))
          break
        }
        faults.push(processFault(draw, graph, timing, of, when))
        break
      case 'pause':
        faults.push(processFault(draw, graph, timing, 'pause-taskmanager', when))
        break
      case 'delay':
      case 'drop':
      case 'duplicate':
        faults.push(effectFault(draw, timing, draw.pick(MESSAGES[of]), of, early(draw, 20)))
        break
      case 'put':
      case 'metadata':
      case 'fetch':
        faults.push(
          effectFault(draw, timing, of, draw.pick(EFFECTS[of].kinds), early(draw, of === 'metadata' ? 4 : 20)),
        )
        break
      case 'external': {
        const z = draw.below(12)
        if (z === 0) faults.push(processFault(draw, graph, timing, 'expire-transactions', when))
        else if (callsOut(graph)) {
          const call = draw.pick(['sink-write', 'sink-commit'] as const)
          faults.push(
            effectFault(draw, timing, call, draw.pick(MISHAPS), 1 + draw.below(call === 'sink-write' ? 80 : 8)),
          )
        } else if (z < 6) faults.push(effectFault(draw, timing, 'write', 'fail', 1 + draw.below(80)))
        else faults.push(effectFault(draw, timing, 'commit', draw.pick(EFFECTS.commit.kinds), 1 + draw.below(5)))
      }
    }
  }
  return faults
}

/** Effects that a paired plan hits. */
const PAIRED: readonly Effect[] = [
  'metadata',
  'put',
  'commit',
  'notify',
  'ack',
  'failure',
  'trigger',
  'abort',
  'split-assign',
]
/** The same for a job whose sink calls external systems. */
const PAIRED_WITH_CALLS: readonly Effect[] = [
  ...PAIRED.map((effect) => (effect === 'commit' ? 'sink-commit' : effect)),
  'sink-write',
]
/** What may become of an effect when these classes are on. */
function kindsOf(effect: Effect, on: readonly FaultClass[]): readonly EffectFaultKind[] {
  const { kinds } = EFFECTS[effect]
  if (effect === 'metadata' || effect === 'put' || effect === 'fetch') return on.includes(effect) ? kinds : []
  if (effect === 'commit' || effect === 'write') return on.includes('external') ? kinds : []
  if (effect === 'sink-commit' || effect === 'sink-write') return on.includes('external') ? MISHAPS : []
  return kinds.filter((kind) => (on as readonly string[]).includes(kind))
}
const PROCESS_FAULTS: readonly (readonly [FaultClass, DrawnProcessFault])[] = [
  ['crash-task', 'crash-task'],
  ['crash-taskmanager', 'crash-taskmanager'],
  ['crash-jobmanager', 'crash-jobmanager'],
  ['pause', 'pause-taskmanager'],
]
const SECOND_ANCHORS: readonly Phase[] = [
  'failure-seen',
  'job-running',
  'restored',
  'checkpoint-triggered',
  'metadata-applied',
]

function drawPaired(draw: Draw, graph: JobGraph, timing: Timing, on: readonly FaultClass[], horizon: number): Fault[] {
  const effects = (callsOut(graph) ? PAIRED_WITH_CALLS : PAIRED).filter((effect) => kindsOf(effect, on).length > 0)
  const processes = PROCESS_FAULTS.filter(([of]) => on.includes(of))
  if (effects.length === 0 || processes.length === 0) return drawMixed(draw, graph, timing, on, horizon)
  const effect = draw.pick(effects)
  const nth = 1 + draw.below(effect === 'metadata' ? 4 : effect === 'failure' ? 3 : effect === 'sink-write' ? 60 : 12)
  // a slow metadata write is what most fencing and write-in-flight bugs need
  const kind =
    effect === 'metadata' ? draw.pick(['slow', 'slow', 'ambiguous', 'fail'] as const) : draw.pick(kindsOf(effect, on))
  const faults: Fault[] = [effectFault(draw, timing, effect, kind, nth)]
  const [, process] = draw.pick(processes)
  const at = Math.max(1, nth - (effect === 'failure' ? 1 : draw.below(2)))
  faults.push(processFault(draw, graph, timing, process, { phase: EFFECTS[effect].phase, nth: at }))
  if (draw.below(2) === 0) {
    const [, second] = draw.pick(processes)
    faults.push(processFault(draw, graph, timing, second, { phase: draw.pick(SECOND_ANCHORS), nth: 1 + draw.below(4) }))
  }
  return faults
}
