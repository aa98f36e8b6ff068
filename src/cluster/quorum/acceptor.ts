/**
 * An acceptor: the memory of the quorum. It promises ballots, accepts values, and says so only once it is on its disk; whatever
 * else it knows may be forgotten. A crash while it writes leaves nothing, all, or a torn record on the disk.
 *
 * If the disk is lost, so is what it has promised and accepted. It may vote again once no vote of its former life can be missed:
 *
 * ```
 *   REJOIN(ballot, life) --> the others: each one that has promised no such ballot promises it, and notes the new life
 *   a majority of all nodes, it not being among them, has answered with all that it has accepted:
 *   it takes over for each slot what has the highest ballot, promises the ballot itself, and votes
 * ```
 *
 * Any majority that it was part of shares a node with those that answer. So what may have been chosen is among the answers; a
 * ballot at which it has accepted is below the one that they promise now; and of a ballot for which its lost promise would count,
 * one of them either refuses or says which life the promise must be from.
 */
import { cells, type Entity, fields, type KernelEvent, mix2, site } from '../../kernel/index.ts'
import { type Acceptance, compiled, E, FATE, P } from '../../model/index.ts'
import type { CompiledChart } from '../../statechart/index.ts'
import { ACCEPTOR_MESSAGES, acceptorChart } from './acceptor.chart.ts'
import { ACCEPTANCE, type AcceptorRecord, checksum, NEW_LIFE, PROMISE } from './acceptor-disk.ts'
import { ballotAbove, nodeOf } from './ballot.ts'
import { bits } from './bits.ts'
import { A, R } from './messages.ts'
import { post, type QuorumContext } from './quorum-context.ts'
import { HOLD_UNITS, LEASE_UNITS } from './quorum-timing.ts'

const WRITE_TIME = site('acceptor write time')
const TEAR_TIME = site('torn acceptor write: time of the crash')
const BREAK = site('acceptor write at a crash')
const NONCE = site('nonce of a rejoining acceptor')
const ASK = site('time until a rejoining acceptor asks again')
/** In the plan's time units. */
const WRITE_LEAST = 4
const WRITE_SPREAD = 12
const ASK_LEAST = 80
const ASK_SPREAD = 80

/** What an acceptor tells who wants to lead, or one that has lost its memory. */
export interface Memory {
  /** Those in slots from here on. */
  readonly from: number
  readonly acceptances: readonly Acceptance[]
  /** Of each node the life that it knows of; its own one is the life in which it speaks. */
  readonly lives: readonly number[]
  /** Of the request, if that had one. */
  readonly nonce: number
}
/** A life of a node, and which of its attempts to begin it. */
export interface Life {
  readonly life: number
  readonly nonce: number
}

export class Acceptor
  extends fields({
    st: 'int',
    promised: 'int',
    /** Writes that it has begun since the run began. */
    writes: 'int',
    // what is being written, and what is to be answered
    writingKind: 'int',
    writingBallot: 'int',
    writingSlot: 'int',
    writingCommand: 'int',
    answerFrom: 'int',
    answerNonce: 'int',
    /** Starts since the run began. */
    starts: 'int',
    /** What it knows of each node's lives: how many disks it has lost. */
    lives: cells('nodes'),
    // while it rejoins
    nonce: 'int',
    rejoinBallot: 'int',
    rejoinLife: 'int',
    asks: 'int',
    /** Bit mask of the nodes that have told what they remember. */
    recollected: 'int',
    /** The message that is being handled. */
    handling: 'int',
  })
  implements Entity
{
  readonly name: string
  readonly index: number
  readonly #context: QuorumContext
  readonly #chart: CompiledChart<Acceptor>
  /** By slot; 0: nothing accepted. */
  readonly #ballots: number[] = []
  readonly #commands: number[] = []
  /**
   * By node: until when, on its own clock, microseconds, it promises nothing to any other. One that has been granted stays until it
   * is over, whoever leads by then: its holder counts on it. The last one is nobody's: leases that it does not remember.
   */
  readonly leases: number[]
  /** Requests that wait for the disk, four words each. */
  readonly #aside: number[] = []
  constructor(context: QuorumContext, index: number, nodes: number) {
    super({ nodes })
    this.name = `acceptor ${index}`
    this.index = index
    this.leases = Array.from({ length: nodes + 1 }, () => 0)
    this.#context = context
    this.#chart = compiled(acceptorChart, context.mutation)
  }
  receive(code: number, event: KernelEvent): void {
    if (code === A.START) {
      this.st = this.#chart.initialLeaf
      this.forget()
      this.writes = 0
      this.starts = 0
    }
    this.handling = code
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `${this.name}: ${ACCEPTOR_MESSAGES[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  /** False from the loss of its disk until it votes again. */
  get votes(): boolean {
    return !this.#context.nodes[this.index]!.disk.blank
  }

  // guards
  /** To its own node it does not say so twice: who asks might be another incarnation, which has to take a new ballot. */
  promisedThis(e: KernelEvent): boolean {
    return e.a === this.promised && nodeOf(e.a) !== this.index
  }
  outbids(e: KernelEvent): boolean {
    return e.a > this.promised
  }
  promisedNothingAbove(e: KernelEvent): boolean {
    return e.a >= this.promised
  }
  acceptedThis(e: KernelEvent): boolean {
    return e.a === this.promised && this.#ballots[e.b] === e.a
  }
  /** Somebody else may still count on being the only one that leads. */
  leased(e: KernelEvent): boolean {
    const now = this.#now()
    return this.leases.some((until, holder) => holder !== nodeOf(e.a) && now < until)
  }
  newsOfLife(e: KernelEvent): boolean {
    return e.a > this.promised && (this.#context.mail[e.ref] as Life).life > this.lives.at(e.b)
  }
  diskLost(): boolean {
    return this.#context.nodes[this.index]!.disk.blank
  }
  ofThisLife(e: KernelEvent): boolean {
    return (this.#context.mail[e.ref] as Life).nonce === this.nonce
  }
  ofThisRejoining(e: KernelEvent): boolean {
    return e.a === this.rejoinBallot && (this.#context.mail[e.ref] as Memory).nonce === this.nonce
  }

  // promises and acceptances
  beginPromise(e: KernelEvent): void {
    this.answerFrom = e.b
    this.#begin(PROMISE, e.a, 0, 0)
  }
  beginAcceptance(e: KernelEvent): void {
    this.#begin(ACCEPTANCE, e.a, e.b, e.ref)
  }
  beginLife(e: KernelEvent): void {
    const { life, nonce } = this.#context.mail[e.ref] as Life
    this.answerNonce = nonce
    this.#begin(NEW_LIFE, e.a, e.b, life)
  }
  #begin(kind: number, ballot: number, slot: number, command: number): void {
    const { kernel, nodes, observer, faults, plan } = this.#context
    this.writes += 1
    this.writingKind = kind
    this.writingBallot = ballot
    this.writingSlot = slot
    this.writingCommand = command
    observer.phase(P['acceptor-write-begin'])
    const { fate, extraUs } = faults.effect(E['acceptor-write'])
    const unit = plan.timing.unitUs
    const key = mix2(this.index, this.writes)
    const time = WRITE_LEAST * unit + kernel.decide(WRITE_TIME, key, WRITE_SPREAD * unit)
    kernel.schedule(time + (fate === FATE.slow ? extraUs : 0), nodes[this.index]!.acceptor, A.WRITTEN)
    if (fate === FATE.torn) this.#context.tear(this.index, kernel.decide(TEAR_TIME, key, time))
  }
  get #record(): AcceptorRecord {
    return {
      kind: this.writingKind,
      ballot: this.writingBallot,
      slot: this.writingSlot,
      value: this.writingCommand,
    }
  }
  persist(_e: KernelEvent): void {
    const record = this.#record
    this.#append(record)
    this.#remember(record)
  }
  #append(record: AcceptorRecord): void {
    const { kernel, nodes, ghosts } = this.#context
    kernel.effect('acceptor state')
    nodes[this.index]!.disk.append(record)
    const { kind, ballot, slot, value } = record
    if (kind === ACCEPTANCE) ghosts.accepted(this.index, { slot, ballot, command: value })
    else ghosts.promised(this.index, ballot)
  }
  #remember({ kind, ballot, slot, value }: AcceptorRecord): void {
    this.promised = Math.max(this.promised, ballot)
    if (kind === ACCEPTANCE) {
      this.#reach(slot)
      this.#ballots[slot] = ballot
      this.#commands[slot] = value
    } else if (kind === NEW_LIFE) this.lives.set(slot, Math.max(this.lives.at(slot), value))
  }
  #reach(slot: number): void {
    while (this.#ballots.length <= slot) {
      this.#ballots.push(0)
      this.#commands.push(0)
    }
  }
  /** Who has its promise has a while to win the others', too. */
  hold(_e: KernelEvent): void {
    if (this.writingKind === PROMISE) this.#lease(nodeOf(this.writingBallot), HOLD_UNITS)
  }
  reply(_e: KernelEvent): void {
    switch (this.writingKind) {
      case PROMISE:
        this.#promise(this.writingBallot, this.answerFrom)
        break
      case ACCEPTANCE:
        this.#accepted(this.writingBallot, this.writingSlot)
        break
      default:
        this.#context.toAcceptor(
          E.promise,
          this.index,
          this.writingSlot,
          A.REJOINED,
          this.writingBallot,
          this.index,
          post(this.#context, this.#memory(0, this.answerNonce)),
        )
    }
  }
  promiseAgain(e: KernelEvent): void {
    this.#promise(e.a, e.b)
  }
  acceptAgain(e: KernelEvent): void {
    this.#accepted(e.a, e.b)
  }
  #promise(ballot: number, from: number): void {
    const memory = post(this.#context, this.#memory(from, 0))
    this.#context.toProposer(E.promise, this.index, nodeOf(ballot), R.PROMISED, ballot, this.index, memory)
  }
  #accepted(ballot: number, slot: number): void {
    this.#context.toProposer(E.accepted, this.index, nodeOf(ballot), R.ACCEPTED, ballot, slot, this.index)
  }
  #memory(from: number, nonce: number): Memory {
    const acceptances: Acceptance[] = []
    for (let slot = from; slot < this.#ballots.length; slot += 1)
      if (this.#ballots[slot] !== 0)
        acceptances.push({ slot, ballot: this.#ballots[slot]!, command: this.#commands[slot]! })
    const lives: number[] = []
    for (let node = 0; node < this.lives.size; node += 1) lives.push(this.lives.at(node))
    return { from, acceptances, lives, nonce }
  }
  refuse(e: KernelEvent): void {
    this.#context.toProposer(E.promise, this.index, nodeOf(e.a), R.REFUSED, e.a, this.index, this.promised)
  }
  /** The disk is busy: the message comes again. */
  putAside(e: KernelEvent): void {
    this.#aside.push(this.handling, e.a, e.b, e.ref)
  }
  takeUp(_e: KernelEvent): void {
    const { kernel, nodes } = this.#context
    const aside = this.#aside
    for (let i = 0; i < aside.length; i += 4)
      kernel.local(nodes[this.index]!.acceptor, aside[i]!, aside[i + 1]!, aside[i + 2]!, aside[i + 3]!)
    aside.length = 0
  }

  // leases
  #now(): number {
    const { kernel, nodes } = this.#context
    return nodes[this.index]!.clock.read(kernel.now)
  }
  /** For `units` from now on, or for as long as before, it promises nothing to anybody but `to`. */
  #lease(to: number, units: number): void {
    this.leases[to] = Math.max(this.leases[to]!, this.#now() + units * this.#context.plan.timing.unitUs)
  }
  grant(e: KernelEvent): void {
    this.#lease(nodeOf(e.a), LEASE_UNITS)
    this.#context.toProposer(E.lease, this.index, nodeOf(e.a), R.GRANTED, e.a, e.b, this.index)
  }
  passOn(e: KernelEvent): void {
    const { kernel, nodes } = this.#context
    // who leads knows
    if (nodeOf(e.a) !== this.index) kernel.local(nodes[this.index]!.proposer, R.FOLLOW, e.a, e.ref)
  }
  /** Leases are not on the disk: after a restart it behaves as if it had just granted one. */
  holdBack(_e: KernelEvent): void {
    this.#lease(this.#context.nodes.length, LEASE_UNITS)
    this.starts += 1
  }

  // crashes
  /** What is being written when the power fails is not there, is there in part, or is there although nobody was told. */
  breakOff(e: KernelEvent): void {
    const { kernel, nodes } = this.#context
    const outcome = kernel.decide(BREAK, mix2(this.index, this.writes), 3)
    if (e.a === 1 || outcome === 0) nodes[this.index]!.disk.appendTorn(this.#record)
    else if (outcome === 1) this.#append(this.#record)
  }
  forget(_e?: KernelEvent): void {
    this.promised = 0
    this.#ballots.length = 0
    this.#commands.length = 0
    this.#aside.length = 0
    this.lives.fill(0)
    this.leases.fill(0)
  }
  readPromise(_e: KernelEvent): void {
    for (const record of this.#read()) {
      this.promised = Math.max(this.promised, record.ballot)
      if (record.kind === NEW_LIFE) this.#remember(record)
    }
  }
  readAcceptances(_e: KernelEvent): void {
    for (const record of this.#read()) if (record.kind === ACCEPTANCE) this.accept(record)
  }
  #read(): AcceptorRecord[] {
    return this.#context.nodes[this.index]!.disk.read((record, sum) => sum === checksum(record))
  }
  /** Takes an acceptance into its memory. */
  accept({ ballot, slot, value }: AcceptorRecord): void {
    this.#reach(slot)
    this.#ballots[slot] = ballot
    this.#commands[slot] = value
  }

  // a new life
  beginAnew(_e: KernelEvent): void {
    const { kernel } = this.#context
    this.nonce = 1 + kernel.decide(NONCE, mix2(this.index, this.starts), 1 << 30)
    this.rejoinBallot = ballotAbove(0, this.index)
    this.rejoinLife = 1
    this.recollected = 0
    this.asks = 0
  }
  askOthers(_e: KernelEvent): void {
    const { kernel, nodes, plan } = this.#context
    this.#ask()
    this.asks += 1
    const unit = plan.timing.unitUs
    const key = mix2(this.nonce, this.asks)
    kernel.schedule(
      ASK_LEAST * unit + kernel.decide(ASK, key, ASK_SPREAD * unit),
      nodes[this.index]!.acceptor,
      A.ASK_AGAIN,
    )
  }
  #ask(): void {
    const life = post(this.#context, { life: this.rejoinLife, nonce: this.nonce } satisfies Life)
    for (let to = 0; to < this.#context.nodes.length; to += 1)
      if (to !== this.index && (this.recollected & (1 << to)) === 0)
        this.#context.toAcceptor(E.prepare, this.index, to, A.REJOIN, this.rejoinBallot, this.index, life)
  }
  tellBehind(e: KernelEvent): void {
    const { nonce } = this.#context.mail[e.ref] as Life
    const known = post(this.#context, { life: this.lives.at(e.b), nonce } satisfies Life)
    this.#context.toAcceptor(E.promise, this.index, e.b, A.BEHIND, this.promised, this.index, known)
  }
  /** Somebody has promised a higher ballot already, or knows of that life: it asks all of them again, with more. */
  raise(e: KernelEvent): void {
    const { life } = this.#context.mail[e.ref] as Life
    if (e.a < this.rejoinBallot && life < this.rejoinLife) return
    this.rejoinBallot = ballotAbove(Math.max(e.a, this.rejoinBallot), this.index)
    this.rejoinLife = Math.max(this.rejoinLife, life + 1)
    this.recollected = 0
    this.#ballots.length = 0
    this.#commands.length = 0
    this.#ask()
  }
  recollect(e: KernelEvent): void {
    const { acceptances, lives } = this.#context.mail[e.ref] as Memory
    for (const { slot, ballot, command } of acceptances)
      if (ballot > (this.#ballots[slot] ?? 0)) this.accept({ kind: ACCEPTANCE, ballot, slot, value: command })
    lives.forEach((life, node) => {
      this.lives.set(node, Math.max(this.lives.at(node), life))
    })
    const before = bits(this.recollected)
    this.recollected |= 1 << e.b
    const { kernel, nodes, majority } = this.#context
    if (before < majority && bits(this.recollected) >= majority) kernel.local(nodes[this.index]!.acceptor, A.REMEMBER)
  }
  beginMemory(_e: KernelEvent): void {
    this.promised = this.rejoinBallot
    this.lives.set(this.index, this.rejoinLife)
    this.#begin(PROMISE, this.promised, 0, 0)
  }
  persistMemory(_e: KernelEvent): void {
    const { kernel, nodes, ghosts } = this.#context
    kernel.effect('acceptor state')
    const { acceptances, lives } = this.#memory(0, 0)
    const ballot = this.promised
    nodes[this.index]!.disk.replace([
      { kind: PROMISE, ballot, slot: 0, value: 0 },
      ...lives.map((life, node) => ({ kind: NEW_LIFE, ballot, slot: node, value: life })),
      ...acceptances.map(({ slot, ballot, command }) => ({ kind: ACCEPTANCE, ballot, slot, value: command })),
    ])
    ghosts.rejoined(this.index, this.promised, acceptances)
  }
}
