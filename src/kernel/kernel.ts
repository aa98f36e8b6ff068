/**
 * The loop: takes the next event, hands it to the entity it is for, counts what it does.
 *
 * ```
 *   queue --pop--> dropped if the addressee's generation is another (that incarnation died)
 *                  put aside if its process is paused (a zombie in the making)
 *                  else entity.receive(code, event)        one handler, one entity, at most one effect
 * ```
 *
 * A process is what crashes and pauses as one; a generation tells the incarnations of an entity apart, as Flink's
 * execution attempt ids and fencing tokens do. Events to an incarnation that is gone vanish, as messages to a dead
 * process do; whoever wants to model code that does not look at attempt ids sends to ANY_GENERATION.
 */
import { Decisions, type Override, type Site, site } from './decide.ts'
import { mix2 } from './hash.ts'
import { assertNoShadow, type Extent, extent, type Lease, lease, release, wipe } from './memory.ts'
import { EventQueue } from './queue.ts'
import { Trace } from './trace.ts'

/** The operands of the event that is being handled. One object, reused: copy what outlives the handler. */
export interface KernelEvent {
  a: number
  b: number
  ref: number
}
/** Whoever gets events. */
export interface Entity {
  readonly name: string
  receive(code: number, event: KernelEvent): void
}
export type EntityId = number
export type ProcessId = number
export const ANY_GENERATION = -1

/** Why a run ended: its own word ('done', 'finding'), no event left, or one of the two limits. */
export type EndReason = 'stopped' | 'idle' | 'step-limit' | 'time-limit'

const TIE = site('tie')
const TIES = 1024
const RUNS = 0
const PAUSED = 1
const DEAD = 2

export class Kernel {
  /** Virtual time in microseconds: an integer below 2^53. */
  now = 0
  /** Events handled since the reset. */
  steps = 0
  readonly decisions = new Decisions()
  readonly trace = new Trace()
  readonly #queue = new EventQueue()
  readonly #entities: Entity[] = []
  readonly #process: number[] = []
  #generation = new Int32Array(64)
  /** Per process: RUNS, PAUSED or DEAD. */
  readonly #condition: number[] = []
  /** Events put aside while a process is paused, six words each, by process. */
  readonly #aside: number[][] = []
  readonly #event: KernelEvent = { a: 0, b: 0, ref: 0 }
  #stopped = false
  #effects = 0
  readonly #from: Extent = extent()
  /** World memory of the entities of this kernel, once they are all made. */
  #lease: Lease | null = null

  /** Opens a process: a thing that crashes and pauses as one. */
  process(): ProcessId {
    this.#condition.push(RUNS)
    this.#aside.push([])
    return this.#condition.length - 1
  }
  /** Adds an entity. Its name is what traces and reports call it. @throws if a class field shadows a declared field */
  register(entity: Entity, process: ProcessId): EntityId {
    if (this.#lease !== null)
      throw new Error(`${entity.name} is registered after the first run: entities are made before`)
    assertNoShadow(entity, entity.name)
    const id = this.#entities.length
    this.#entities.push(entity)
    this.#process.push(process)
    if (id >= this.#generation.length) {
      const wider = new Int32Array(id * 2)
      wider.set(this.#generation)
      this.#generation = wider
    }
    return id
  }
  /** Gives the memory of its entities back. Neither they nor the kernel may be used afterwards. */
  dispose(): void {
    this.#lease ??= lease(this.#from)
    release(this.#lease)
  }
  entityName(id: EntityId): string {
    return this.#entities[id]?.name ?? `entity ${id}`
  }

  /** Everything to zero: time, queue, generations, and the world memory allocated between the kernel's making and its first run. */
  reset(seed: string, overrides: readonly Override[] = []): void {
    if (this.#lease?.released === true) throw new Error('this kernel has been disposed of: make a new one')
    this.now = 0
    this.steps = 0
    this.#stopped = false
    this.#queue.reset()
    this.trace.reset()
    this.#generation.fill(0)
    this.#condition.fill(RUNS)
    for (const events of this.#aside) events.length = 0
    this.#lease ??= lease(this.#from)
    wipe(this.#lease)
    this.decisions.seed(seed, overrides)
  }

  /** A value in [0, n) that belongs to (site, key) under the run's seed. */
  decide(at: Site, key: number, n: number): number {
    return this.decisions.decide(at, key, n)
  }

  generation(of: EntityId): number {
    return this.#generation[of]!
  }
  /** The entity's incarnation ends: events sent to it so far will not reach the next one. */
  renew(of: EntityId): void {
    this.#generation[of]! += 1
  }
  setGeneration(of: EntityId, generation: number): void {
    this.#generation[of] = generation
  }

  /**
   * An event for later. Order among events of one time is a decision.
   * @param delay microseconds, an integer >= 0
   * @returns a handle for `cancel`
   */
  schedule(
    delay: number,
    to: EntityId,
    code: number,
    a = 0,
    b = 0,
    ref = 0,
    generation: number = this.#generation[to]!,
  ): number {
    const tie = (this.decisions.word(TIE, mix2(to * 64 + code, a ^ (b << 16))) >>> 0) % TIES
    return this.#queue.push(this.now + delay, tie + 1, to, code, a, b, ref, generation)
  }
  /** A message within a process: delivered at once, before anything else of this time, in the order of sending. */
  local(to: EntityId, code: number, a = 0, b = 0, ref = 0): void {
    this.#queue.push(this.now, 0, to, code, a, b, ref, this.#generation[to]!)
  }
  cancel(handle: number): boolean {
    return this.#queue.cancel(handle)
  }

  /** Says that the handler makes something durable or visible. @throws if it is the second effect of one event */
  effect(what: string): void {
    this.#effects += 1
    if (this.#effects > 1)
      throw new Error(
        `the handler of one event makes a second effect (${what}): split it in two, or the crash between them cannot happen`,
      )
  }

  /**
   * Says that the next effect is a step of its own although the event goes on, as in user code that calls two external systems:
   * whoever says so lets a crash happen here.
   */
  nextEffect(): void {
    this.#effects = 0
  }

  isPaused(process: ProcessId): boolean {
    return this.#condition[process] === PAUSED
  }
  isDead(process: ProcessId): boolean {
    return this.#condition[process] === DEAD
  }
  pause(process: ProcessId): void {
    this.#condition[process] = PAUSED
  }
  /** Lets a paused process go on: what came for it meanwhile comes now, in order. */
  resume(process: ProcessId): void {
    this.#condition[process] = RUNS
    const events = this.#aside[process]!
    for (let i = 0; i < events.length; i += 6)
      this.#queue.push(
        this.now,
        0,
        events[i]!,
        events[i + 1]!,
        events[i + 2]!,
        events[i + 3]!,
        events[i + 4]!,
        events[i + 5]!,
      )
    events.length = 0
  }
  /** A crash: nothing reaches the process until it is revived, and what was put aside for it is gone. */
  kill(process: ProcessId): void {
    this.#condition[process] = DEAD
    this.#aside[process]!.length = 0
  }
  revive(process: ProcessId): void {
    this.#condition[process] = RUNS
  }

  /** Ends the run after the current event. */
  stop(): void {
    this.#stopped = true
  }
  get stopped(): boolean {
    return this.#stopped
  }

  /** Runs until stopped, idle, or at a limit. */
  run(maxSteps: number, maxTime: number): EndReason {
    const queue = this.#queue
    const event = this.#event
    const trace = this.trace
    while (!this.#stopped) {
      if (queue.size === 0) return 'idle'
      const time = queue.nextTime()
      if (time > maxTime) return 'time-limit'
      if (this.steps >= maxSteps) return 'step-limit'
      const slot = queue.pop()
      if (queue.sequence[slot] === -1) continue
      queue.sequence[slot] = -1
      const to = queue.to[slot]!
      const generation = queue.generation[slot]!
      if (generation !== ANY_GENERATION && generation !== this.#generation[to]) continue
      this.now = time
      const code = queue.code[slot]!
      const process = this.#process[to]!
      event.a = queue.a[slot]!
      event.b = queue.b[slot]!
      event.ref = queue.ref[slot]!
      if (this.#condition[process] !== RUNS) {
        if (this.#condition[process] === PAUSED)
          this.#aside[process]!.push(to, code, event.a, event.b, event.ref, generation)
        continue
      }
      this.steps += 1
      this.#effects = 0
      trace.event(time, to, code, event.a, event.b, event.ref)
      this.#entities[to]!.receive(code, event)
    }
    return 'stopped'
  }
}
