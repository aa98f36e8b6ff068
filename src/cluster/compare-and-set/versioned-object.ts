/**
 * One object with a version, outside of the cluster: whoever writes says which version it has read, and the write counts only if
 * that is still the last one. Kubernetes: a ConfigMap and its resourceVersion; ZooKeeper: setData with an expected version. It
 * also keeps the sessions: one that ends is a write of its own.
 */
import { type Entity, type EntityId, fields, type KernelEvent, mix2, site } from '../../kernel/index.ts'
import { compiled, E, FATE } from '../../model/index.ts'
import { type CompiledChart, chart } from '../../statechart/index.ts'
import type { ClusterContext } from '../cluster-context.ts'
import type { Metadata, MetadataCommand } from '../metadata.ts'
import type { MetadataAnswers } from '../metadata-answers.ts'
import type { MetadataJournal } from '../metadata-journal.ts'
import type { MetadataStoreHost } from '../metadata-store.ts'
import type { Network } from '../network.ts'
import { CONFLICT, NOT_WRITTEN, OBJECT_MESSAGES, WRITTEN_OK, X, Y } from './messages.ts'

const WRITE_TIME = site('write time of the versioned object')
const WATCH_LAG = site('lag of a watch')
/** In the plan's time units. */
const WRITE_LEAST = 15
const WRITE_SPREAD = 50
const LAG_SPREAD = 30
const LONG_LAG_SPREAD = 500

/** How late a watch tells somebody that an incarnation leads, or leads no more: mostly soon, one time in four late. */
export function watchLag({ kernel, plan }: ClusterContext, incarnation: number, about: number): number {
  const key = mix2(incarnation, about)
  const spread = kernel.decide(WATCH_LAG, key, 4) === 0 ? LONG_LAG_SPREAD : LAG_SPREAD
  return kernel.decide(WATCH_LAG, key + 1, spread * plan.timing.unitUs)
}

export const versionedObjectChart = chart<VersionedObject>()('versioned-object', {
  events: OBJECT_MESSAGES,
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'serving' } },
      serving: {
        on: {
          GET: { actions: 'get' },
          PUT: { actions: 'put' },
          APPLY: [
            { guard: 'isLost', actions: 'refuse' },
            { guard: 'isOutdated', actions: 'conflict' },
            { actions: 'apply' },
          ],
          EXPIRED: { actions: 'endSession' },
        },
      },
    },
  },
})

export class VersionedObject extends fields({ st: 'int', version: 'int' }) implements Entity {
  readonly name = 'versioned-object'
  id: EntityId = -1
  readonly #context: ClusterContext
  readonly #network: Network
  readonly #journal: MetadataJournal
  readonly #answers: MetadataAnswers
  readonly #chart: CompiledChart<VersionedObject>
  /** What each version was. */
  readonly #versions: Metadata[] = []
  /** Commands that messages refer to. */
  readonly #commands: MetadataCommand[] = []
  /** The client of each incarnation. */
  readonly #clients: EntityId[] = []

  constructor({ context, network, journal, answers }: MetadataStoreHost) {
    super()
    this.#context = context
    this.#network = network
    this.#journal = journal
    this.#answers = answers
    this.#chart = compiled(versionedObjectChart, context.mutation)
  }
  receive(code: number, event: KernelEvent): void {
    if (code === X.START) {
      this.st = this.#chart.initialLeaf
      this.version = 0
      this.#versions.length = 0
      this.#versions.push(this.#journal.metadata)
      this.#commands.length = 0
    }
    this.#chart.send(this, code, event)
  }
  connect(incarnation: number, client: EntityId): void {
    this.#clients[incarnation] = client
  }
  /** What somebody has read who was sent this version. */
  read(version: number): Metadata {
    return this.#versions[version]!
  }
  /** A command that a message is to refer to. */
  refer(command: MetadataCommand): number {
    this.#commands.push(command)
    return this.#commands.length - 1
  }

  /** Of a write that is applied now. */
  commandOf(e: KernelEvent): MetadataCommand {
    return this.#commands[e.ref >> 3]!
  }
  isLost(e: KernelEvent): boolean {
    const fate = e.ref & 7
    return fate === FATE.fail || fate === FATE.ambiguousLost
  }
  isOutdated(e: KernelEvent): boolean {
    return e.a !== this.version
  }
  get(e: KernelEvent): void {
    this.#reply(e.a, Y.GOT, this.version, e.b)
  }
  put(e: KernelEvent): void {
    const { kernel, faults, plan } = this.#context
    const { epoch, kind } = this.#commands[e.ref]!
    const unit = plan.timing.unitUs
    const { fate, extraUs } = kind === 'add' ? faults.effect(E.metadata) : { fate: FATE.none, extraUs: 0 }
    const time =
      unit * WRITE_LEAST +
      kernel.decide(WRITE_TIME, mix2(epoch, e.ref), unit * WRITE_SPREAD) +
      (fate === FATE.slow ? extraUs : 0)
    kernel.schedule(time, this.id, X.APPLY, e.a, e.b, e.ref * 8 + fate)
  }
  refuse(e: KernelEvent): void {
    this.#written(e, NOT_WRITTEN)
  }
  conflict(e: KernelEvent): void {
    this.#written(e, CONFLICT)
  }
  apply(e: KernelEvent): void {
    this.#decide(this.commandOf(e))
    this.#written(e, WRITTEN_OK)
  }
  endSession(e: KernelEvent): void {
    const command = { kind: 'expire', epoch: e.b } as const
    const { elected } = this.#decide(command)
    const { result } = this.#journal.metadata
    const lag = watchLag(this.#context, elected, command.epoch)
    if (elected > 0) this.#answers.send(command, { ok: true, elected, id: 0, entries: [] }, result, lag)
  }
  #decide(command: MetadataCommand): ReturnType<MetadataJournal['decide']> {
    this.#context.kernel.effect(command.kind)
    const answer = this.#journal.decide(command)
    this.version += 1
    this.#versions.push(this.#journal.metadata)
    return answer
  }
  /** Whoever wrote hears of it, unless the plan has it that nobody does. */
  #written(e: KernelEvent, result: number): void {
    const fate = e.ref & 7
    if (fate === FATE.ambiguousApplied || fate === FATE.ambiguousLost) return
    this.#reply(this.commandOf(e).epoch, Y.WRITTEN, result, e.b)
  }
  /** What is sent while the client is cut off is lost. */
  #reply(incarnation: number, code: number, a: number, operation: number): void {
    if (this.#context.cutForUs(incarnation) > 0) return
    this.#network.service(this.#clients[incarnation]!, code, a, operation, 0, incarnation)
  }
}
