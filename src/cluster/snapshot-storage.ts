/** Durable storage of snapshots (a distributed file system): puts, gets, deletes; it outlives every process. */
import { type Entity, fields, type KernelEvent, mix2, site } from '../kernel/index.ts'
import { compiled, E, FAILED, FATE, OK, P, S, STORAGE_MESSAGES, T, UNKNOWN } from '../model/index.ts'
import { type CompiledChart, chart } from '../statechart/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { Network } from './network.ts'

const PUT_TIME = site('put time')
const GET_TIME = site('fetch time')

export const snapshotStorageChart = chart<SnapshotStorage>()('snapshot-storage', {
  events: STORAGE_MESSAGES,
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'serving' } },
      serving: {
        on: {
          PUT: { actions: 'put' },
          APPLIED: { actions: 'apply' },
          GET: { actions: 'get' },
          DELETE: { actions: 'delete' },
        },
      },
    },
  },
})

export class SnapshotStorage extends fields({ st: 'int' }) implements Entity {
  readonly name = 'snapshot-storage'
  readonly #context: ClusterContext
  readonly #network: Network
  readonly #chart: CompiledChart<SnapshotStorage>
  constructor(context: ClusterContext, network: Network) {
    super()
    this.#context = context
    this.#network = network
    this.#chart = compiled(snapshotStorageChart, context.mutation)
  }
  receive(code: number, event: KernelEvent): void {
    if (code === S.START) this.st = this.#chart.initialLeaf
    this.#chart.send(this, code, event)
  }
  /** The upload takes time and is applied whatever becomes of its sender. */
  put(e: KernelEvent): void {
    const { kernel, faults, observer, plan } = this.#context
    observer.phase(P['put-begin'])
    const { fate, extraUs } = faults.effect(E.put)
    const { unitUs: unit, putTimeUs = 0 } = plan.timing
    const time =
      putTimeUs + 20 * unit + kernel.decide(PUT_TIME, mix2(e.a, e.b), 100 * unit) + (fate === FATE.slow ? extraUs : 0)
    kernel.schedule(time, this.#context.addresses.storage, S.APPLIED, e.a, e.b, e.ref * 8 + fate)
  }
  apply(e: KernelEvent): void {
    const { kernel, observer, files } = this.#context
    const file = files.get(e.ref >> 3)
    const fate = e.ref & 7
    const lost = fate === FATE.fail || fate === FATE.ambiguousLost
    if (!lost && !file.deleted) {
      kernel.effect('put')
      file.durable = true
      observer.phase(P['put-end'])
      observer.fileDurable(file)
    }
    const result = fate === FATE.fail ? FAILED : fate >= FATE.ambiguousApplied ? UNKNOWN : OK
    // addressed to the attempt that wrote it
    this.#network.service(e.a, T.PUT_DONE, e.b, result, file.id, file.attempt)
  }
  get(e: KernelEvent): void {
    const { kernel, faults, observer, plan, files } = this.#context
    observer.phase(P['fetch-begin'])
    const { fate, extraUs } = faults.effect(E.fetch)
    const file = files.get(e.ref)
    const unit = plan.timing.unitUs
    const time = 10 * unit + kernel.decide(GET_TIME, mix2(e.a, e.b), 60 * unit) + (fate === FATE.slow ? extraUs : 0)
    kernel.schedule(time, e.a, T.FETCHED, file.id, fate === FATE.fail ? FAILED : OK, 0, e.b)
  }
  delete(e: KernelEvent): void {
    const { kernel, observer, files } = this.#context
    const file = files.get(e.ref)
    if (file.deleted) return
    kernel.effect('delete')
    file.deleted = true
    if (file.durable) {
      observer.phase(P['file-deleted'])
      observer.fileDeleted(file)
    }
  }
}
