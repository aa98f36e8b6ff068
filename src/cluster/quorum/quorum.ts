/**
 * The metadata quorum: three or five nodes, each a process with an acceptor, a proposer, a clock and a disk, and what faults can do
 * to them. No more than a minority of disks may be lost at once: that is what the quorum takes for granted.
 *
 * ```
 *   client ──SUBMIT──> proposer (leads) ──PREPARE, ACCEPT, BEAT──> acceptors ──disk
 *          <─ANSWERED─     │  └──CHOSEN──> the other proposers     │
 *                          └────────<──PROMISED, ACCEPTED, GRANTED─┘
 * ```
 */
import type { Entity, EntityId, Kernel, KernelEvent, ProcessId } from '../../kernel/index.ts'
import { mix2, site } from '../../kernel/index.ts'
import {
  type FaultSource,
  type Mutation,
  type Observer,
  QUORUM_LINKS,
  type QuorumControl,
  type QuorumLink,
  type QuorumNodeRole,
  type QuorumObserver,
  type Timing,
} from '../../model/index.ts'
import { Network } from '../network.ts'
import { Acceptor } from './acceptor.ts'
import { AcceptorDisk } from './acceptor-disk.ts'
import { DRIFT_BOUND, DriftingClock } from './drifting-clock.ts'
import { A, R } from './messages.ts'
import { Proposer } from './proposer.ts'
import { type QuorumAnswer, QuorumClient } from './quorum-client.ts'
import type { Command, QuorumContext, QuorumNode } from './quorum-context.ts'
import type { ReplicatedMachine } from './replicated-machine.ts'

const DRIFT = site('drift of a clock of the quorum')
const RESTART = site('time until a node of the quorum restarts')
const RESTART_LEAST = 60
const RESTART_SPREAD = 300

/** To the hardware of the quorum. */
const RESTART_NODE = 0
const RESUME_NODE = 1
const TEAR = 2
const HEAL = 3

/** What a run brings with it. */
export interface QuorumRun {
  readonly plan: { readonly timing: Pick<Timing, 'unitUs'> }
  readonly observer: Pick<Observer, 'phase'>
  readonly ghosts: QuorumObserver
  readonly faults: FaultSource
}
interface Machine {
  readonly node: QuorumNode
  readonly acceptor: Acceptor
  readonly proposer: Proposer
  readonly process: ProcessId
}

export class Quorum implements QuorumContext, QuorumControl {
  readonly kernel: Kernel
  readonly mutation: Mutation
  readonly majority: number
  readonly commands: Command[] = []
  readonly mail: unknown[] = []
  readonly nodes: QuorumNode[] = []
  readonly #machines: Machine[] = []
  readonly #network: Network
  readonly #control: EntityId
  /** Partitions that cut the link from a node to another one; the last index is the clients'. */
  readonly #cuts: number[][]
  readonly #clientCuts = new Map<EntityId, () => boolean>()
  #run!: QuorumRun
  /** Times that each clock has changed its rate. */
  readonly #drifts: number[]

  /**
   * @param size 3 or 5
   * @param machine makes what a node applies the log to
   */
  constructor(kernel: Kernel, size: number, machine: () => ReplicatedMachine, mutation: Mutation) {
    if (size !== 3 && size !== 5) throw new RangeError(`a quorum has 3 or 5 nodes, not ${size}`)
    this.kernel = kernel
    this.mutation = mutation
    this.majority = (size + 1) / 2
    this.#network = new Network(this)
    this.#cuts = Array.from({ length: size + 1 }, () => Array.from({ length: size + 1 }, () => 0))
    this.#drifts = Array.from({ length: size }, () => 0)
    const control: Entity = { name: 'quorum hardware', receive: (code, event) => this.#onControl(code, event) }
    this.#control = kernel.register(control, kernel.process())
    for (let i = 0; i < size; i += 1) {
      const process = kernel.process()
      const acceptor = new Acceptor(this, i, size)
      const proposer = new Proposer(this, i, size)
      const node: QuorumNode = {
        acceptor: kernel.register(acceptor, process),
        proposer: kernel.register(proposer, process),
        disk: new AcceptorDisk(),
        clock: new DriftingClock(),
        machine: machine(),
      }
      this.nodes.push(node)
      this.#machines.push({ node, acceptor, proposer, process })
    }
  }
  /**
   * A client in a process.
   * @param deliver hands an answer on to who has asked, by a message within the process
   * @param isCut whether nothing comes through between it and the nodes
   */
  client(name: string, process: ProcessId, deliver: QuorumAnswer, isCut: () => boolean = () => false): QuorumClient {
    const client = new QuorumClient(this, name, deliver)
    client.id = this.kernel.register(client, process)
    this.#clientCuts.set(client.id, isCut)
    return client
  }

  /** Starts a run. The kernel has been reset. */
  start(run: QuorumRun): void {
    this.#run = run
    this.commands.length = 0
    this.commands.push({ client: -1, session: 0, sequence: 0, operation: null }) // NO_COMMAND
    this.mail.length = 0
    for (const row of this.#cuts) row.fill(0)
    this.#drifts.fill(0)
    const event: KernelEvent = { a: 0, b: 0, ref: 0 }
    for (const { node, acceptor, proposer } of this.#machines) {
      node.disk.reset()
      acceptor.receive(A.START, event)
      proposer.receive(R.START, event)
    }
  }
  get plan(): QuorumRun['plan'] {
    return this.#run.plan
  }
  get observer(): QuorumRun['observer'] {
    return this.#run.observer
  }
  get ghosts(): QuorumObserver {
    return this.#run.ghosts
  }
  get faults(): FaultSource {
    return this.#run.faults
  }
  /** The node that leads; -1 if none does. Of two that both think so, the one with the higher ballot. */
  get leader(): number {
    let leader = -1
    for (const { proposer } of this.#machines)
      if (proposer.leads && (leader < 0 || proposer.ballot > this.#machines[leader]!.proposer.ballot))
        leader = proposer.index
    return leader
  }

  // messages
  toAcceptor(effect: number, from: number, to: number, code: number, a: number, b: number, ref: number): void {
    this.#send(effect, from, to, this.nodes[to]!.acceptor, code, a, b, ref)
  }
  toProposer(effect: number, from: number, to: number, code: number, a: number, b: number, ref: number): void {
    this.#send(effect, from, to, this.nodes[to]!.proposer, code, a, b, ref)
  }
  toClient(effect: number, from: number, client: EntityId, code: number, a: number, b: number, ref: number): void {
    const cut = this.#isCut(from, this.nodes.length) || this.#clientCuts.get(client)!()
    this.#network.datagram(effect, client, code, a, b, ref, cut)
  }
  fromClient(effect: number, client: EntityId, to: number, code: number, a: number, b: number, ref: number): void {
    const cut = this.#isCut(this.nodes.length, to) || this.#clientCuts.get(client)!()
    this.#network.datagram(effect, this.nodes[to]!.proposer, code, a, b, ref, cut)
  }
  #send(
    effect: number,
    from: number,
    to: number,
    entity: EntityId,
    code: number,
    a: number,
    b: number,
    ref: number,
  ): void {
    if (from === to) this.kernel.local(entity, code, a, b, ref)
    else this.#network.datagram(effect, entity, code, a, b, ref, this.#isCut(from, to))
  }
  #isCut(from: number, to: number): boolean {
    return this.#cuts[from]![to]! > 0
  }

  // what faults can do
  #pick(role: QuorumNodeRole): Machine | undefined {
    return this.#machines[role === 'leader' ? this.leader : role % this.nodes.length]
  }
  crashNode(role: QuorumNodeRole): boolean {
    const machine = this.#pick(role)
    return machine !== undefined && this.#crash(machine, false)
  }
  #crash({ node, acceptor, proposer, process }: Machine, torn: boolean): boolean {
    const { kernel } = this
    if (kernel.isDead(process)) return false
    const event: KernelEvent = { a: torn ? 1 : 0, b: 0, ref: 0 }
    acceptor.receive(A.CRASH, event)
    proposer.receive(R.CRASH, event)
    kernel.kill(process)
    kernel.renew(node.acceptor)
    kernel.renew(node.proposer)
    this.ghosts.nodeStopped(acceptor.index)
    const unit = this.plan.timing.unitUs
    const key = mix2(acceptor.index, kernel.generation(node.acceptor))
    const delay = RESTART_LEAST * unit + kernel.decide(RESTART, key, RESTART_SPREAD * unit)
    kernel.schedule(delay, this.#control, RESTART_NODE, acceptor.index)
    return true
  }
  tear(node: number, delayUs: number): void {
    this.kernel.schedule(delayUs, this.#control, TEAR, node)
  }
  pauseNode(role: QuorumNodeRole, forUs: number): boolean {
    const machine = this.#pick(role)
    if (machine === undefined) return false
    const { kernel } = this
    const { process, acceptor, node } = machine
    if (kernel.isDead(process) || kernel.isPaused(process)) return false
    kernel.pause(process)
    kernel.schedule(forUs, this.#control, RESUME_NODE, acceptor.index, kernel.generation(node.acceptor))
    return true
  }
  partitionNode(role: QuorumNodeRole, link: QuorumLink, forUs: number): boolean {
    const machine = this.#pick(role)
    if (machine === undefined) return false
    const { index } = machine.acceptor
    this.#cut(index, link, 1)
    this.kernel.schedule(forUs, this.#control, HEAL, index, QUORUM_LINKS.indexOf(link))
    return true
  }
  #cut(node: number, link: QuorumLink, by: number): void {
    const ends = link === 'all' ? this.nodes.length + 1 : this.nodes.length
    for (let other = 0; other < ends; other += 1) {
      if (link !== 'in') this.#cuts[node]![other]! += by
      if (link !== 'out') this.#cuts[other]![node]! += by
    }
  }
  driftClock(role: QuorumNodeRole): boolean {
    const machine = this.#pick(role)
    if (machine === undefined) return false
    const { index } = machine.acceptor
    this.#drifts[index]! += 1
    const slow = this.kernel.decide(DRIFT, mix2(index, this.#drifts[index]!), 2) === 0
    machine.node.clock.setDrift(this.kernel.now, slow ? -DRIFT_BOUND : DRIFT_BOUND)
    return true
  }
  loseDisk(role: QuorumNodeRole): boolean {
    const machine = this.#pick(role)
    if (machine === undefined || machine.node.disk.blank) return false
    const lost = this.nodes.filter(({ disk }) => disk.blank).length
    if (lost + 1 >= this.majority) return false
    this.#crash(machine, true)
    machine.node.disk.lose()
    this.ghosts.diskLost(machine.acceptor.index)
    return true
  }
  #onControl(code: number, event: KernelEvent): void {
    const machine = this.#machines[event.a]!
    const { kernel } = this
    switch (code) {
      case RESTART_NODE:
        kernel.revive(machine.process)
        kernel.local(machine.node.acceptor, A.RESTART)
        kernel.local(machine.node.proposer, R.RESTART)
        break
      case RESUME_NODE:
        if (kernel.isPaused(machine.process) && kernel.generation(machine.node.acceptor) === event.b)
          kernel.resume(machine.process)
        break
      case TEAR:
        this.#crash(machine, true)
        break
      default:
        this.#cut(event.a, QUORUM_LINKS[event.b]!, -1)
    }
  }
}
