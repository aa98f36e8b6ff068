/**
 * The injector: listens to phases, is asked about effects, and makes the plan's faults happen.
 *
 * A process fault strikes at its time, or right after the event in which its anchor's phase occurs. An effect fault decides
 * the fate of the effect whose start is its anchor, or of the first one at or after its time.
 */
import { type Entity, type EntityId, type Kernel, type KernelEvent, site } from '../kernel/index.ts'
import {
  EFFECT_NAMES,
  EFFECTS,
  type EffectFate,
  effectCode,
  FATE,
  type Fault,
  type FaultSource,
  PHASE_NAMES,
  type ProcessControl,
  phaseCode,
  type QuorumControl,
  type QuorumFaultKind,
  type QuorumLink,
  type QuorumNodeRole,
} from '../model/index.ts'

const AMBIGUITY = site('outcome of an ambiguous effect')
const NOTHING: EffectFate = { fate: FATE.none, extraUs: 0 }
const FATES = {
  drop: FATE.drop,
  duplicate: FATE.duplicate,
  delay: FATE.delay,
  slow: FATE.slow,
  fail: FATE.fail,
  crash: FATE.crash,
  torn: FATE.torn,
} as const

export class FaultInjector implements Entity, FaultSource {
  readonly name = 'injector'
  id: EntityId = -1
  /** Per fault of the plan: 1 once it has struck something. */
  fired: Uint8Array = new Uint8Array(0)
  /** Virtual time until which the last fault that struck has an effect, microseconds. */
  lastEffectUntil = 0
  /** Faults that have struck so far. */
  strikes = 0
  readonly #kernel: Kernel
  #control: ProcessControl | null = null
  #faults: readonly Fault[] = []
  /** Indices of anchored faults, by phase. */
  readonly #byPhase: number[][] = PHASE_NAMES.map(() => [])
  /** Indices of effect faults, by effect. */
  readonly #byEffect: number[][] = EFFECT_NAMES.map(() => [])
  readonly #occurrences = new Int32Array(PHASE_NAMES.length)
  readonly #sinceRestore = new Int32Array(PHASE_NAMES.length)
  /** Phases that have occurred in any run since the last look: coverage. */
  readonly seen = new Uint8Array(PHASE_NAMES.length)
  #restores = 0
  #forks = 0

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }
  /** @throws RangeError if a fault names a phase or an effect that does not exist */
  start(faults: readonly Fault[], control: ProcessControl): void {
    this.#control = control
    this.#faults = faults
    this.fired = new Uint8Array(faults.length)
    this.lastEffectUntil = 0
    this.strikes = 0
    this.#restores = 0
    this.#forks = 0
    this.#occurrences.fill(0)
    this.#sinceRestore.fill(0)
    for (const list of this.#byPhase) list.length = 0
    for (const list of this.#byEffect) list.length = 0
    faults.forEach((fault, i) => {
      const { target, when } = fault
      if (typeof target === 'object' && 'effect' in target) this.#byEffect[effectCode(target.effect)]!.push(i)
      else if ('at' in when) this.#kernel.schedule(when.at, this.id, i)
      else this.#byPhase[phaseCode(when.phase)]!.push(i)
    })
  }
  /** A fault's own event: it strikes now. */
  receive(code: number, _event: KernelEvent): void {
    this.#strike(code)
  }
  /** A phase occurs. */
  phase(code: number): void {
    this.#occurrences[code]! += 1
    this.#sinceRestore[code]! += 1
    this.seen[code] = 1
    const waiting = this.#byPhase[code]!
    for (let i = 0; i < waiting.length; i += 1) {
      const index = waiting[i]!
      if (this.fired[index] === 0 && this.#isNow(this.#faults[index]!, code)) this.#kernel.schedule(0, this.id, index)
    }
  }
  /** A branch begins: occurrences since the restore count anew. */
  forked(): void {
    this.#forks += 1
    if (this.#forks === 1) return
    this.#restores += 1
    this.#sinceRestore.fill(0)
  }
  get restores(): number {
    return this.#restores
  }
  #isNow(fault: Fault, code: number): boolean {
    const { when } = fault
    if ('at' in when) return this.#kernel.now >= when.at
    if (when.restore === undefined) return this.#occurrences[code] === when.nth
    return this.#restores === when.restore && this.#sinceRestore[code] === when.nth
  }
  effect(effect: number): EffectFate {
    const waiting = this.#byEffect[effect]!
    if (waiting.length === 0) return NOTHING
    const phase = phaseCode(EFFECTS[EFFECT_NAMES[effect]!].phase)
    for (let i = 0; i < waiting.length; i += 1) {
      const index = waiting[i]!
      const fault = this.#faults[index]!
      if (this.fired[index] === 1 || !this.#isNow(fault, phase)) continue
      const extraUs = fault.forUs ?? 0
      this.#struck(index, extraUs)
      if (fault.what === 'ambiguous') {
        const applied = this.#kernel.decide(AMBIGUITY, index, 2) === 0
        return { fate: applied ? FATE.ambiguousApplied : FATE.ambiguousLost, extraUs: 0 }
      }
      return { fate: FATES[fault.what as keyof typeof FATES], extraUs }
    }
    return NOTHING
  }
  #struck(index: number, lastingUs: number): void {
    this.fired[index] = 1
    this.strikes += 1
    this.lastEffectUntil = Math.max(this.lastEffectUntil, this.#kernel.now + lastingUs)
  }
  #strike(index: number): void {
    const fault = this.#faults[index]!
    if (this.fired[index] === 1) return
    const control = this.#control!
    const { target } = fault
    const number = typeof target === 'object' && 'taskManager' in target ? target.taskManager : 0
    let hit = false
    switch (fault.what) {
      case 'crash-task':
        if (typeof target === 'object' && 'operator' in target) hit = control.crashTask(target.operator, target.subtask)
        break
      case 'crash-taskmanager':
        hit = control.crashTaskManager(number)
        break
      case 'crash-jobmanager':
        hit = control.crashJobManager()
        break
      case 'pause-jobmanager':
        hit = control.pauseJobManager(fault.forUs ?? 0)
        break
      case 'partition-jobmanager':
        hit = control.partitionJobManager(fault.forUs ?? 0)
        break
      case 'pause-taskmanager':
        hit = control.pauseTaskManager(number, fault.forUs ?? 0)
        break
      case 'expire-transactions':
        hit = control.expireTransactions()
        break
      case 'rescale':
        if (typeof target === 'object' && 'slots' in target) hit = control.rescale(target.slots)
        break
      case 'crash-node':
      case 'pause-node':
      case 'partition-node':
      case 'drift-clock':
      case 'lose-disk':
        if (typeof target === 'object' && 'quorumNode' in target && control.quorum !== undefined)
          hit = strikeQuorum(control.quorum, fault.what, target.quorumNode, target.link ?? 'peers', fault.forUs ?? 0)
        break
      case 'savepoint':
        hit = control.savepoint()
        break
      default:
        throw new RangeError(`a fault '${fault.what}' needs an effect as its target`)
    }
    if (hit) this.#struck(index, fault.forUs ?? 0)
  }
}

function strikeQuorum(
  quorum: QuorumControl,
  what: QuorumFaultKind,
  node: QuorumNodeRole,
  link: QuorumLink,
  forUs: number,
): boolean {
  switch (what) {
    case 'crash-node':
      return quorum.crashNode(node)
    case 'pause-node':
      return quorum.pauseNode(node, forUs)
    case 'partition-node':
      return quorum.partitionNode(node, link, forUs)
    case 'drift-clock':
      return quorum.driftClock(node)
    case 'lose-disk':
      return quorum.loseDisk(node)
  }
}
