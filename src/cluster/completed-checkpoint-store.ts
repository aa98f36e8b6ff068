/**
 * The high-availability store: leader epochs, checkpoint ids, and the entries of completed checkpoints. Every write carries the
 * epoch of its writer and is refused once a newer leader has been elected (fencing by compare-and-set).
 */
import { type Entity, fields, type KernelEvent, mix2, site } from '../kernel/index.ts'
import {
  C,
  type CompletedCheckpoint,
  compiled,
  E,
  FAILED,
  FATE,
  J,
  OK,
  P,
  STORE_MESSAGES,
  UNKNOWN,
  V,
} from '../model/index.ts'
import { type CompiledChart, chart } from '../statechart/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { Network } from './network.ts'

const WRITE_TIME = site('metadata write time')

export const completedCheckpointStoreChart = chart<CompletedCheckpointStore>()('completed-checkpoint-store', {
  events: STORE_MESSAGES,
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'serving' } },
      serving: {
        on: {
          CAMPAIGN: [{ guard: 'outrun' }, { actions: 'elect' }],
          DRAW_ID: { actions: 'drawId' },
          ADD: { actions: 'add' },
          APPLY: { actions: 'apply' },
          READ: { actions: 'read' },
          READ_BACK: { actions: 'readBack' },
          REMOVE: [{ guard: 'fenced' }, { actions: 'remove' }],
        },
      },
    },
  },
})

export class CompletedCheckpointStore extends fields({ st: 'int', epoch: 'int', lastId: 'int' }) implements Entity {
  readonly name = 'completed-checkpoint-store'
  readonly #context: ClusterContext
  readonly #network: Network
  readonly #chart: CompiledChart<CompletedCheckpointStore>
  #entries: CompletedCheckpoint[] = []
  /** Entries and lists of them that messages refer to. */
  readonly #refs: (CompletedCheckpoint | readonly CompletedCheckpoint[])[] = []
  constructor(context: ClusterContext, network: Network) {
    super()
    this.#context = context
    this.#network = network
    this.#chart = compiled(completedCheckpointStoreChart, context.mutation)
  }
  receive(code: number, event: KernelEvent): void {
    if (code === V.START) {
      this.st = this.#chart.initialLeaf
      this.#entries = []
      this.#refs.length = 0
    }
    this.#chart.send(this, code, event)
  }
  /** What is durable, oldest first. */
  get entries(): readonly CompletedCheckpoint[] {
    return this.#entries
  }
  putRef(entry: CompletedCheckpoint | readonly CompletedCheckpoint[]): number {
    this.#refs.push(entry)
    return this.#refs.length - 1
  }
  entry(ref: number): CompletedCheckpoint {
    return this.#refs[ref] as CompletedCheckpoint
  }
  entryList(ref: number): readonly CompletedCheckpoint[] {
    return this.#refs[ref] as readonly CompletedCheckpoint[]
  }

  /** A later incarnation has been elected before. */
  outrun(e: KernelEvent): boolean {
    return e.b <= this.epoch
  }
  fenced(e: KernelEvent): boolean {
    return e.a !== this.epoch
  }
  elect(e: KernelEvent): void {
    this.#context.kernel.effect('elect')
    this.epoch = e.b
    this.#context.observer.phase(P['leader-elected'])
    this.#network.service(this.#context.addresses.jobManager, J.GRANTED, e.b, 0, 0, e.b)
  }
  drawId(e: KernelEvent): void {
    this.#context.kernel.effect('draw id')
    this.lastId += 1
    this.#network.service(this.#context.addresses.coordinator, C.ID, this.lastId, 0, 0, e.b)
  }
  add(e: KernelEvent): void {
    const { kernel, faults, plan } = this.#context
    const { fate, extraUs } = faults.effect(E.metadata)
    const unit = plan.timing.unitUs
    const time = 15 * unit + kernel.decide(WRITE_TIME, mix2(e.a, e.b), 50 * unit) + (fate === FATE.slow ? extraUs : 0)
    kernel.schedule(time, this.#context.addresses.store, V.APPLY, e.a, e.b, e.ref * 8 + fate)
  }
  apply(e: KernelEvent): void {
    const { kernel, observer } = this.#context
    const fate = e.ref & 7
    const entry = this.entry(e.ref >> 3)
    const lost = fate === FATE.fail || fate === FATE.ambiguousLost
    const applied = !lost && !this.fenced(e)
    if (applied) {
      kernel.effect('metadata')
      this.#entries.push(entry)
      this.#entries.sort((a, b) => a.id - b.id)
      observer.phase(P['metadata-applied'])
      observer.entryDurable(entry, this.epoch)
    }
    const unknown = fate === FATE.ambiguousApplied || fate === FATE.ambiguousLost
    this.#reply(e.a, C.STORED, unknown ? UNKNOWN : applied ? OK : FAILED, e.b)
  }
  readBack(e: KernelEvent): void {
    const there = this.#entries.some((entry) => entry.id === e.b)
    this.#reply(e.a, C.RESOLVED, there ? OK : FAILED, e.b)
  }
  /** To the leader that asked: an answer to one that is gone is lost. */
  #reply(epoch: number, code: number, a: number, b: number, ref = 0): void {
    this.#network.service(this.#context.addresses.coordinator, code, a, b, ref, epoch)
  }
  read(e: KernelEvent): void {
    this.#reply(e.a, C.LOADED, 0, 0, this.putRef([...this.#entries]))
  }
  /** What code does that takes a change of leader for the end of the job: all entries go at once (FLINK-25486). */
  clear(): void {
    if (this.#entries.length === 0) return
    this.#context.kernel.effect('remove entries')
    const removed = this.#entries
    this.#entries = []
    for (const entry of removed) this.#context.observer.entryRemoved(entry)
  }
  remove(e: KernelEvent): void {
    const at = this.#entries.findIndex((entry) => entry.id === e.b)
    if (at < 0) return
    this.#context.kernel.effect('remove entry')
    const [entry] = this.#entries.splice(at, 1)
    this.#context.observer.phase(P['entry-removed'])
    this.#context.observer.entryRemoved(entry!)
    this.#reply(e.a, C.REMOVED, e.b, 0)
  }
}
