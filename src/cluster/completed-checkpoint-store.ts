/**
 * The metadata store `single`: one process that never fails. It decides each command when it arrives, and a write when it has
 * taken its time. Every write carries the epoch of its writer and is refused once a newer leader has been elected (fencing).
 */
import { type Entity, type EntityId, fields, type KernelEvent, mix2, site } from '../kernel/index.ts'
import { compiled, E, FATE, STORE_MESSAGES, V } from '../model/index.ts'
import { type CompiledChart, chart } from '../statechart/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { EntryRefs } from './entry-refs.ts'
import { type JobResult, type MetadataAnswer, type MetadataCommand, mayLead, REFUSED } from './metadata.ts'
import type { MetadataAnswers } from './metadata-answers.ts'
import type { MetadataJournal } from './metadata-journal.ts'
import type { MetadataStoreFactory, MetadataStoreHost } from './metadata-store.ts'

const WRITE_TIME = site('metadata write time')

export const completedCheckpointStoreChart = chart<CompletedCheckpointStore>()('completed-checkpoint-store', {
  events: STORE_MESSAGES,
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'serving' } },
      serving: {
        on: {
          CAMPAIGN: [{ guard: 'outrun', actions: 'refuse' }, { actions: 'elect' }],
          DRAW_ID: { actions: 'drawId' },
          ADD: { actions: 'add' },
          APPLY: { actions: 'apply' },
          READ: { actions: 'read' },
          READ_BACK: { actions: 'readBack' },
          REMOVE: [{ guard: 'fenced' }, { actions: 'remove' }],
          EXPIRED: { actions: 'endSession' },
          RECONNECT: { actions: 'checkSession' },
          END_JOB: [{ guard: 'fenced' }, { actions: 'endJob' }],
          CLEAN_UP: { actions: 'clear' },
        },
      },
    },
  },
})

/** The store with its one entity. */
export const singleStore: MetadataStoreFactory = (host) => {
  const entity = new CompletedCheckpointStore(host)
  entity.id = host.register(entity, host.outside)
  return {
    address: () => entity.id,
    start: () => entity.receive(V.START, { a: 0, b: 0, ref: 0 }),
    endSession: (_group, incarnation, afterUs) =>
      void host.context.kernel.schedule(afterUs, entity.id, V.EXPIRED, 0, incarnation),
  }
}

export class CompletedCheckpointStore extends fields({ st: 'int' }) implements Entity {
  readonly name = 'completed-checkpoint-store'
  id: EntityId = -1
  readonly #context: ClusterContext
  readonly #journal: MetadataJournal
  readonly #answers: MetadataAnswers
  readonly #refs: EntryRefs
  readonly #standbys: boolean
  readonly #chart: CompiledChart<CompletedCheckpointStore>
  constructor({ context, journal, answers, refs, highAvailability }: MetadataStoreHost) {
    super()
    this.#context = context
    this.#journal = journal
    this.#answers = answers
    this.#refs = refs
    this.#standbys = highAvailability.jobManagers > 1
    this.#chart = compiled(completedCheckpointStoreChart, context.mutation)
  }
  receive(code: number, event: KernelEvent): void {
    if (code === V.START) this.st = this.#chart.initialLeaf
    this.#chart.send(this, code, event)
  }
  /** Of the leader that was elected last. */
  get epoch(): number {
    return this.#journal.metadata.epoch
  }
  #decide(command: MetadataCommand): void {
    this.#context.kernel.effect(command.kind)
    this.#answer(command, this.#journal.decide(command))
  }
  #answer(command: MetadataCommand, answer: MetadataAnswer): void {
    this.#answers.send(command, answer, this.#journal.metadata.result)
  }

  /** It will never lead: somebody later has been elected, or its session has ended. */
  outrun(e: KernelEvent): boolean {
    return !mayLead(this.#journal.metadata, e.b)
  }
  fenced(e: KernelEvent): boolean {
    return e.a !== this.epoch
  }
  refuse(e: KernelEvent): void {
    if (this.#standbys) this.#answers.revoked(e.b)
  }
  checkSession(e: KernelEvent): void {
    const command = { kind: 'check-session', epoch: e.b } as const
    this.#answer(command, this.#journal.decide(command))
  }
  elect(e: KernelEvent): void {
    this.#decide({ kind: 'campaign', epoch: e.b, waits: this.#standbys })
  }
  endSession(e: KernelEvent): void {
    this.#decide({ kind: 'expire', epoch: e.b })
  }
  drawId(e: KernelEvent): void {
    this.#decide({ kind: 'draw-id', epoch: e.b })
  }
  add(e: KernelEvent): void {
    const { kernel, faults, plan } = this.#context
    const { fate, extraUs } = faults.effect(E.metadata)
    const unit = plan.timing.unitUs
    const time = 15 * unit + kernel.decide(WRITE_TIME, mix2(e.a, e.b), 50 * unit) + (fate === FATE.slow ? extraUs : 0)
    kernel.schedule(time, this.id, V.APPLY, e.a, e.b, e.ref * 8 + fate)
  }
  apply(e: KernelEvent): void {
    const fate = e.ref & 7
    const lost = fate === FATE.fail || fate === FATE.ambiguousLost
    const command = { kind: 'add', epoch: e.a, entry: this.#refs.entry(e.ref >> 3) } as const
    let answer = REFUSED
    if (!lost && !this.fenced(e)) {
      this.#context.kernel.effect('metadata')
      answer = this.#journal.decide(command)
    }
    if (fate === FATE.ambiguousApplied || fate === FATE.ambiguousLost) this.#answers.unknown(e.a, e.b)
    else this.#answer(command, answer)
  }
  readBack(e: KernelEvent): void {
    const command = { kind: 'read-back', epoch: e.a, checkpoint: e.b } as const
    this.#answer(command, this.#journal.decide(command))
  }
  read(e: KernelEvent): void {
    const command = { kind: 'read', epoch: e.a } as const
    this.#answer(command, this.#journal.decide(command))
  }
  /** All entries go at once: what asks for it before the job has ended, such as FLINK-25486, loses them. */
  clear(_e?: KernelEvent): void {
    if (this.#journal.metadata.entries.length === 0) return
    this.#context.kernel.effect('remove entries')
    this.#journal.clear()
  }
  remove(e: KernelEvent): void {
    this.#decide({ kind: 'remove', epoch: e.a, checkpoint: e.b })
  }
  endJob(e: KernelEvent): void {
    this.#decide({ kind: 'end-job', epoch: e.a, result: e.b as JobResult })
  }
}
