/**
 * A slot for a checkpoint on its way. The coordinator owns the slots and hands them the events of their checkpoint; what a slot
 * does to the rest of the coordinator goes through `PendingHost`.
 */
import { cells, fields } from '../kernel/index.ts'
import { type CompletedCheckpoint, compiled, type Mutation, OK, P, UNKNOWN } from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { pendingCheckpointChart } from './pending-checkpoint.chart.ts'

export interface PendingHost {
  phase(code: number): void
  vertexOfAttempt(attempt: number): number
  executionOfAttempt(attempt: number): number
  currentExecution(): number
  discard(file: number): void
  discardUnlessReferenced(file: number): void
  writeEntry(entry: CompletedCheckpoint): void
  readBack(checkpoint: number): void
  remember(entry: CompletedCheckpoint): void
  announce(checkpoint: number): void
  announceToAny(checkpoint: number): void
  notifyAbort(checkpoint: number): void
  expired(checkpoint: number, triggeredAtUs: number): void
  checkpointFailed(): void
  acknowledged(vertex: number, checkpoint: number): void
  closed(slot: PendingCheckpoint): void
  subsumeOlder(): void
  readonly epoch: number
}

export class PendingCheckpoint extends fields({
  st: 'int',
  id: 'int',
  execution: 'int',
  acknowledged: 'int',
  triggeredAt: 'time',
  /** Handle of the timeout. */
  timeout: 'int',
  /** File of each vertex + 1; 0: no acknowledgement yet. */
  files: cells('vertices'),
}) {
  enumerators: Map<number, readonly number[]> = new Map()
  entry: CompletedCheckpoint | null = null
  readonly host: PendingHost
  readonly vertices: number
  readonly #chart: CompiledChart<PendingCheckpoint>
  readonly #storing: number
  readonly #resolving: number

  constructor(host: PendingHost, vertices: number, mutation: Mutation) {
    super({ vertices })
    this.host = host
    this.vertices = vertices
    this.#chart = compiled(pendingCheckpointChart, mutation)
    this.#storing = this.#chart.leaf.storing!
    this.#resolving = this.#chart.leaf.resolving!
  }
  clear(): void {
    this.st = this.#chart.initialLeaf
    this.id = 0
    this.entry = null
  }
  get free(): boolean {
    return this.st === this.#chart.initialLeaf
  }
  get writing(): boolean {
    return this.st === this.#storing || this.st === this.#resolving
  }
  send(code: number, event: ChartEvent): void {
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `checkpoint ${this.id}: ${pendingCheckpointChart.events[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  open(
    id: number,
    execution: number,
    now: number,
    enumerators: Map<number, readonly number[]>,
    event: ChartEvent,
  ): void {
    this.id = id
    this.execution = execution
    this.acknowledged = 0
    this.triggeredAt = now
    this.files.fill(0)
    this.enumerators = enumerators
    this.entry = null
    this.send(pendingCheckpointChart.code.START, event)
  }
  references(file: number): boolean {
    if (this.free) return false
    for (let i = 0; i < this.vertices; i += 1) if (this.files.at(i) === file + 1) return true
    return false
  }

  // guards; an acknowledgement has a: attempt, b: checkpoint, ref: file; an outcome has a: result
  foreign(e: ChartEvent): boolean {
    return this.host.executionOfAttempt(e.a) !== this.execution
  }
  duplicate(e: ChartEvent): boolean {
    return this.files.at(this.host.vertexOfAttempt(e.a)) !== 0
  }
  lastAck(_e: ChartEvent): boolean {
    return this.acknowledged + 1 === this.vertices
  }
  known(e: ChartEvent): boolean {
    return this.references(e.ref)
  }
  stored(e: ChartEvent): boolean {
    return e.a === OK
  }
  outcomeUnknown(e: ChartEvent): boolean {
    return e.a === UNKNOWN
  }

  // actions
  recordAck(e: ChartEvent): void {
    const vertex = this.host.vertexOfAttempt(e.a)
    this.files.set(vertex, e.ref + 1)
    this.acknowledged += 1
    this.host.acknowledged(vertex, this.id)
  }
  writeMetadata(_e: ChartEvent): void {
    this.host.phase(P['fully-acked'])
    const files = Array.from({ length: this.vertices }, (_, vertex) => this.files.at(vertex) - 1)
    this.entry = {
      id: this.id,
      epoch: this.host.epoch,
      execution: this.execution,
      triggeredAtUs: this.triggeredAt,
      files,
      enumerators: this.enumerators,
    }
    this.host.writeEntry(this.entry)
  }
  readBack(_e: ChartEvent): void {
    this.host.readBack(this.id)
  }
  remember(_e: ChartEvent): void {
    this.host.phase(P['metadata-end'])
    this.host.remember(this.entry!)
  }
  announce(_e: ChartEvent): void {
    this.host.announce(this.id)
  }
  subsumeOlder(_e: ChartEvent): void {
    this.host.subsumeOlder()
  }
  expire(_e: ChartEvent): void {
    this.host.phase(P.expired)
    this.host.expired(this.id, this.triggeredAt)
  }
  discardAcknowledged(_e: ChartEvent): void {
    for (let i = 0; i < this.vertices; i += 1) if (this.files.at(i) !== 0) this.host.discard(this.files.at(i) - 1)
  }
  /** The entry is certainly not in the store: its files are of no use. */
  discardUnstored(e: ChartEvent): void {
    this.discardAcknowledged(e)
  }
  discardLate(e: ChartEvent): void {
    this.host.discardUnlessReferenced(e.ref)
  }
  noticeAbort(_e: ChartEvent): void {
    if (this.execution === this.host.currentExecution()) this.host.notifyAbort(this.id)
  }
  countFailure(_e: ChartEvent): void {
    if (this.execution === this.host.currentExecution()) this.host.checkpointFailed()
  }
  close(_e: ChartEvent): void {
    this.host.closed(this)
  }
}
