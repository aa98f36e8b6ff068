/**
 * The metadata store `paxos`: a quorum of three or five nodes, each of which applies the same commands to metadata of its own
 * (metadata.ts). In the process of every job manager there is a client that sends a command until it is answered; another one, of
 * whoever notices that a job manager is gone, ends sessions.
 *
 * A command is decided for everybody when the first node applies it: before that nobody has been told, and by then a majority has
 * it on its disks.
 */
import { type Entity, type EntityId, fields, type KernelEvent, mix2, site } from '../kernel/index.ts'
import { E, FATE, STORE_MESSAGES, V } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { EntryRefs } from './entry-refs.ts'
import {
  applyCommand,
  JOB_GOES_ON,
  type JobResult,
  type Metadata,
  type MetadataAnswer,
  type MetadataCommand,
  NO_METADATA,
  REFUSED,
} from './metadata.ts'
import type { MetadataAnswers } from './metadata-answers.ts'
import type { MetadataJournal } from './metadata-journal.ts'
import type { MetadataStoreFactory, MetadataStoreHost } from './metadata-store.ts'
import { Quorum, type QuorumClient, quorumClientMessage, type ReplicatedMachine } from './quorum/index.ts'
import { requestedCommand } from './requested-command.ts'

const LOOK = site('time until a job manager asks the quorum whether its session is still there')
/** A job manager that others can take the place of asks that often, in the plan's time units: a quorum has no watches. */
const LOOK_LEAST = 300
const LOOK_SPREAD = 200
/** To a gateway, besides the requests of its job manager: time to look. */
const TIME_TO_LOOK = STORE_MESSAGES.length

/** What a node answers, and what has become of the job by then. */
interface Decided {
  readonly answer: MetadataAnswer
  readonly result: JobResult
}
/** How many commands have been decided for everybody. */
interface Progress {
  decided: number
}

export const paxosStore: MetadataStoreFactory = (host) => {
  const { context, journal, answers, highAvailability } = host
  const { kernel } = context
  const progress: Progress = { decided: 0 }
  const quorum = new Quorum(
    kernel,
    highAvailability.quorum,
    () => new ReplicatedMetadata(journal, progress),
    context.mutation,
  )
  const gateways = Array.from({ length: highAvailability.jobManagers }, (_, group) => {
    const gateway = new QuorumGateway(host, group)
    gateway.id = host.register(gateway, host.groupProcess(group))
    gateway.client = quorum.client(
      `quorum client ${group}`,
      host.groupProcess(group),
      (command, decided) => gateway.answered(command as MetadataCommand, decided as Decided),
      () => context.cutForUs(gateway.incarnation) > 0,
    )
    return gateway
  })
  const sessions = quorum.client('quorum client of sessions', host.outside, (command, decided) => {
    const { answer, result } = decided as Decided
    answers.send(command as MetadataCommand, answer, result)
  })
  const sessionEnds: Entity = {
    name: 'session timeouts',
    receive: (_code, { a: epoch }) => call(context, sessions, { kind: 'expire', epoch }),
  }
  const sessionEndsId = host.register(sessionEnds, host.outside)
  return {
    inProcess: true,
    quorum,
    address: (group) => gateways[group]!.id,
    start() {
      progress.decided = 0
      const ghosts = context.observer.quorumGhosts?.()
      if (ghosts === undefined) throw new Error('a quorum needs somebody who listens: the observer has no quorumGhosts')
      const { plan, observer, faults } = context
      quorum.start({ plan, observer, faults, ghosts })
      sessions.receive(quorumClientMessage.START, { a: 0, b: 0, ref: 0 })
    },
    endSession: (_group, incarnation, afterUs) => void kernel.schedule(afterUs, sessionEndsId, 0, incarnation),
    groupStarted(group, incarnation) {
      const gateway = gateways[group]!
      kernel.setGeneration(gateway.id, incarnation)
      kernel.setGeneration(gateway.client.id, incarnation)
      gateway.start(incarnation)
    },
  }
}

function call({ kernel }: Pick<ClusterContext, 'kernel'>, client: QuorumClient, command: MetadataCommand): void {
  kernel.local(client.id, quorumClientMessage.CALL, 0, 0, client.command(command))
}

/** The metadata of one node. */
class ReplicatedMetadata implements ReplicatedMachine {
  readonly #journal: MetadataJournal
  readonly #progress: Progress
  #metadata: Metadata = NO_METADATA
  #applied = 0
  constructor(journal: MetadataJournal, progress: Progress) {
    this.#journal = journal
    this.#progress = progress
  }
  reset(): void {
    this.#metadata = NO_METADATA
    this.#applied = 0
  }
  apply(operation: unknown): Decided {
    const command = operation as MetadataCommand
    const { metadata, answer } = applyCommand(this.#metadata, command)
    this.#metadata = metadata
    this.#applied += 1
    if (this.#applied > this.#progress.decided) {
      this.#progress.decided = this.#applied
      this.#journal.decide(command)
    }
    return { answer, result: metadata.result }
  }
  read(operation: unknown): Decided {
    return {
      answer: applyCommand(this.#metadata, operation as MetadataCommand).answer,
      result: this.#metadata.result,
    }
  }
  reads(operation: unknown): boolean {
    const { kind } = operation as MetadataCommand
    return kind === 'read' || kind === 'read-back' || kind === 'check-session'
  }
}

/** What a job manager asks: it makes commands of messages, and messages of answers. */
class QuorumGateway extends fields({ incarnation: 'int', looks: 'int' }) implements Entity {
  readonly name: string
  id: EntityId = -1
  client!: QuorumClient
  readonly #context: ClusterContext
  readonly #answers: MetadataAnswers
  readonly #refs: EntryRefs
  readonly #standbys: boolean
  /** Writes whose outcome the job manager is not to know, by a fault of the plan. */
  readonly #unknown = new Set<MetadataCommand>()

  constructor(host: MetadataStoreHost, group: number) {
    super()
    this.name = `quorum gateway ${group}`
    this.#context = host.context
    this.#answers = host.localAnswers
    this.#refs = host.refs
    this.#standbys = host.highAvailability.jobManagers > 1
  }
  /** The process starts: whatever was on its way is nobody's any more. */
  start(incarnation: number): void {
    this.incarnation = incarnation
    this.looks = 0
    this.#unknown.clear()
    this.client.receive(quorumClientMessage.START, { a: incarnation, b: 0, ref: 0 })
    if (this.#standbys) this.#lookLater()
  }
  #lookLater(): void {
    const { kernel, plan } = this.#context
    const unit = plan.timing.unitUs
    this.looks += 1
    const key = mix2(this.incarnation, this.looks)
    kernel.schedule(LOOK_LEAST * unit + kernel.decide(LOOK, key, LOOK_SPREAD * unit), this.id, TIME_TO_LOOK)
  }
  /** Whoever has lost its leadership without having noticed hears of it. */
  #look(): void {
    call(this.#context, this.client, { kind: 'check-session', epoch: this.incarnation })
    this.#lookLater()
  }
  receive(code: number, event: KernelEvent): void {
    if (code === V.ADD) this.#add(event)
    else if (code === TIME_TO_LOOK) this.#look()
    else if (code === V.APPLY) this.#write(event.a, event.ref, FATE.none)
    else call(this.#context, this.client, requestedCommand(code, event, this.#refs, this.#standbys))
  }
  /** What faults do to a metadata write they do on its way to the quorum. */
  #add({ a: epoch, b: checkpoint, ref }: KernelEvent): void {
    const { kernel, faults } = this.#context
    const { fate, extraUs } = faults.effect(E.metadata)
    if (fate === FATE.slow) kernel.schedule(extraUs, this.id, V.APPLY, epoch, checkpoint, ref)
    else if (fate === FATE.ambiguousLost) this.#answers.unknown(epoch, checkpoint)
    else this.#write(epoch, ref, fate)
  }
  #write(epoch: number, ref: number, fate: number): void {
    const command = { kind: 'add', epoch, entry: this.#refs.entry(ref) } as const
    if (fate === FATE.fail) {
      this.#answers.send(command, REFUSED, JOB_GOES_ON)
      return
    }
    if (fate === FATE.ambiguousApplied) this.#unknown.add(command)
    call(this.#context, this.client, command)
  }
  answered(command: MetadataCommand, { answer, result }: Decided): void {
    if (command.kind === 'add' && this.#unknown.delete(command)) this.#answers.unknown(command.epoch, command.entry.id)
    else this.#answers.send(command, answer, result)
  }
}
