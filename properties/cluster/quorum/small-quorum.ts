/** A quorum and its clients without a job: commands come and go under faults of all kinds, and the oracle listens. */
import { Quorum, type QuorumClient, quorumClientMessage, type ReplicatedMachine } from '../../../src/cluster/index.ts'
import { FaultInjector } from '../../../src/faults/index.ts'
import { Decisions, digestText, type EndReason, Kernel, site } from '../../../src/kernel/index.ts'
import {
  EFFECTS,
  type Fault,
  type Mutation,
  type ProcessControl,
  QUORUM_EFFECTS,
  QUORUM_LINKS,
  QUORUM_PHASES,
  type QuorumNodeRole,
  type When,
} from '../../../src/model/index.ts'
import { QuorumOracle } from '../../../src/oracles/index.ts'

type Operation = { readonly kind: 'append'; readonly value: number } | { readonly kind: 'read' }

/** A list that grows; whoever reads it is told its length. */
class GrowingList implements ReplicatedMachine {
  readonly values: number[] = []
  reset(): void {
    this.values.length = 0
  }
  apply(operation: unknown): number {
    const of = operation as Operation
    if (of.kind === 'append') this.values.push(of.value)
    return this.values.length
  }
  read(): number {
    return this.values.length
  }
  reads(operation: unknown): boolean {
    return (operation as Operation).kind === 'read'
  }
}

export interface SmallPlan {
  readonly seed: string
  readonly faults: readonly Fault[]
  /** Commands of each client. */
  readonly commands: number
}
export interface SmallResult {
  /** Of the first finding. */
  readonly fingerprint: string | null
  readonly message: string
  readonly end: EndReason
  readonly digest: string
  readonly steps: number
  readonly struck: number
  readonly answered: number
  readonly timeUs: number
}

const UNIT = 100
const WATCH = 0
const NEXT = 1
const THINK = site('time until a client of the small quorum asks again')
const READS = site('whether a client of the small quorum reads')
const CLIENTS = 3
/** Time in which late messages may still do harm, in units. */
const GRACE = 700

const UNREACHABLE = {
  crashTask: () => false,
  crashTaskManager: () => false,
  crashJobManager: () => false,
  pauseTaskManager: () => false,
  expireTransactions: () => false,
  savepoint: () => false,
  rescale: () => false,
  pauseJobManager: () => false,
  partitionJobManager: () => false,
}

export class SmallQuorum {
  readonly kernel = new Kernel()
  readonly size: number
  readonly quorum: Quorum
  readonly injector: FaultInjector
  readonly oracle: QuorumOracle
  readonly #lists: GrowingList[] = []
  readonly #clients: QuorumClient[] = []
  readonly #driver: number
  #commands = 0
  #sent: number[] = []
  #answered = 0
  #found: { fingerprint: string; message: string } | null = null

  constructor(size: number, mutation: Mutation = {}) {
    this.size = size
    const { kernel } = this
    this.quorum = new Quorum(
      kernel,
      size,
      () => {
        const list = new GrowingList()
        this.#lists.push(list)
        return list
      },
      mutation,
    )
    this.#driver = kernel.register(
      { name: 'driver', receive: (code, event) => this.#drive(code, event.a) },
      kernel.process(),
    )
    for (let i = 0; i < CLIENTS; i += 1)
      this.#clients.push(this.quorum.client(`client ${i}`, kernel.process(), () => this.#wasAnswered(i)))
    this.injector = new FaultInjector(kernel)
    this.injector.id = kernel.register(this.injector, kernel.process())
    this.oracle = new QuorumOracle(
      {
        nodes: size,
        now: () => kernel.now,
        unitUs: () => UNIT,
        lastFaultUntil: () => this.injector.lastEffectUntil,
      },
      {
        report: ({ oracle, kind, message }) => {
          this.#found ??= { fingerprint: `${oracle}/${kind}`, message }
          kernel.stop()
        },
      },
    )
  }
  run(plan: SmallPlan, maxSteps = 60_000): SmallResult {
    const { kernel } = this
    kernel.reset(plan.seed)
    this.#found = null
    this.#answered = 0
    this.#commands = plan.commands
    this.#sent = this.#clients.map(() => 0)
    this.oracle.reset()
    this.injector.start(plan.faults, { ...UNREACHABLE, quorum: this.quorum } satisfies ProcessControl)
    this.quorum.start({
      plan: { timing: { unitUs: UNIT } },
      observer: { phase: (code) => this.injector.phase(code) },
      ghosts: this.oracle,
      faults: this.injector,
    })
    for (const [i, client] of this.#clients.entries()) {
      client.receive(quorumClientMessage.START, { a: i + 1, b: 0, ref: 0 })
      this.#think(i)
    }
    kernel.schedule(250 * UNIT, this.#driver, WATCH)
    const end = kernel.run(maxSteps, Number.MAX_SAFE_INTEGER)
    const found = this.#found as { fingerprint: string; message: string } | null
    return {
      fingerprint: found?.fingerprint ?? (end === 'stopped' ? null : `run/${end}`),
      message: found?.message ?? '',
      end,
      digest: digestText([kernel.trace.high, kernel.trace.low]),
      steps: kernel.steps,
      struck: this.injector.strikes,
      answered: this.#answered,
      timeUs: kernel.now,
    }
  }
  #think(client: number): void {
    const key = client * 1000 + this.#sent[client]!
    this.kernel.schedule(this.kernel.decide(THINK, key, 200 * UNIT), this.#driver, NEXT, client)
  }
  #drive(code: number, client: number): void {
    if (code === WATCH) {
      this.oracle.watch()
      this.kernel.schedule(250 * UNIT, this.#driver, WATCH)
      return
    }
    if (client < 0) {
      this.kernel.stop()
      return
    }
    const sent = this.#sent[client]!
    this.#sent[client] = sent + 1
    const reads = this.kernel.decide(READS, client * 1000 + sent, 2) === 0
    const operation: Operation = reads ? { kind: 'read' } : { kind: 'append', value: client * 1000 + sent }
    const of = this.#clients[client]!
    this.kernel.local(of.id, quorumClientMessage.CALL, 0, 0, of.command(operation))
  }
  #wasAnswered(client: number): void {
    this.#answered += 1
    if (this.#sent[client]! < this.#commands) this.#think(client)
    else if (this.#answered === this.#commands * CLIENTS) this.kernel.schedule(GRACE * UNIT, this.#driver, NEXT, -1)
  }
}

const DRAW = site('plan of the small quorum')
/** A plan of up to eight faults of all kinds. */
export function drawSmallPlan(seed: string, commands = 12): SmallPlan {
  const decisions = new Decisions()
  decisions.seed(seed)
  let drawn = 0
  const below = (n: number): number => {
    drawn += 1
    return decisions.decide(DRAW, drawn, n)
  }
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!
  const node = (): QuorumNodeRole => (below(2) === 0 ? 'leader' : below(5))
  const when = (): When =>
    below(2) === 0
      ? { at: below(3500) * UNIT }
      : { phase: pick(QUORUM_PHASES), nth: 1 + below(below(2) === 0 ? 6 : 40) }
  const span = (): number => pick([100, 300, 600, 1500]) * UNIT
  const fault = (): Fault => {
    switch (below(9)) {
      case 0:
      case 1:
        return { what: 'crash-node', target: { quorumNode: node() }, when: when() }
      case 2:
        return { what: 'pause-node', target: { quorumNode: node() }, when: when(), forUs: span() }
      case 3:
      case 4:
        return {
          what: 'partition-node',
          target: { quorumNode: node(), link: pick(QUORUM_LINKS) },
          when: when(),
          forUs: span(),
        }
      case 5:
        return { what: 'drift-clock', target: { quorumNode: node() }, when: when() }
      case 6:
        return { what: 'lose-disk', target: { quorumNode: node() }, when: when() }
      default: {
        const effect = pick(QUORUM_EFFECTS)
        const what = pick(EFFECTS[effect].kinds)
        const lasts = what === 'delay' || what === 'slow'
        return {
          what,
          target: { effect },
          when: { phase: EFFECTS[effect].phase, nth: 1 + below(below(2) === 0 ? 6 : 60) },
          ...(lasts ? { forUs: (100 + below(1500)) * UNIT } : {}),
        }
      }
    }
  }
  /** What leases do not survive if they are trusted too long: the clock of the leader is wrong, and it is cut off. */
  const lonelyLeader = (): readonly Fault[] => {
    const at = below(2500)
    const target = { quorumNode: 'leader' } as const
    return [
      { what: 'drift-clock', target, when: { at: at * UNIT } },
      {
        what: 'partition-node',
        target: { ...target, link: 'peers' },
        when: { at: (at + below(500)) * UNIT },
        forUs: (300 + below(1500)) * UNIT,
      },
    ]
  }
  const faults = below(5) === 0 ? lonelyLeader() : Array.from({ length: below(9) }, fault)
  return { seed, commands, faults }
}
