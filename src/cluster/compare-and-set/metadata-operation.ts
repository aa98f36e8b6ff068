/**
 * One request of a job manager on its way through the versioned object: read, see what the command would change, write that if
 * nobody else has written since, else begin again. An answer that does not come says nothing: the write may be applied, may be
 * lost, or may still be under way and be applied later. So whoever has not heard of a write reads, and writes the same again at
 * the version that it finds: one of the two is applied, and the other one meets a newer version.
 */
import { fields } from '../../kernel/index.ts'
import { compiled, type Mutation } from '../../model/index.ts'
import { type ChartEvent, type CompiledChart, chart } from '../../statechart/index.ts'
import {
  applyCommand,
  isFenced,
  JOB_GOES_ON,
  type Metadata,
  type MetadataAnswer,
  type MetadataCommand,
  NO_METADATA,
  REFUSED,
} from '../metadata.ts'
import { CONFLICT, WRITTEN_OK } from './messages.ts'

/** What an operation needs of its client. */
export interface OperationHost {
  /** What somebody has read who was sent this version. */
  read(version: number): Metadata
  get(operation: MetadataOperation): void
  put(operation: MetadataOperation, version: number): void
  answer(operation: MetadataOperation, answer: MetadataAnswer): void
}

export const metadataOperationChart = chart<MetadataOperation>()('metadata-operation', {
  events: ['START', 'GOT', 'WRITTEN', 'TIMEOUT'],
  root: {
    initial: 'boot',
    states: {
      /** Free. */
      boot: { on: { START: { target: 'reading', actions: 'get' } } },
      reading: {
        on: {
          GOT: [
            { guard: 'settled', target: 'boot', actions: 'answer' },
            { target: 'writing', actions: 'put' },
          ],
          TIMEOUT: { actions: 'get' },
          WRITTEN: {},
        },
      },
      writing: {
        on: {
          WRITTEN: [
            { guard: 'applied', target: 'boot', actions: 'answer' },
            // a write before, of which nothing was heard, may still be applied
            { guard: 'certainlyFailed', target: 'boot', actions: 'fail' },
            { target: 'reading', actions: 'get' },
          ],
          TIMEOUT: { target: 'reading', actions: 'get' },
          GOT: {},
        },
      },
    },
  },
})
const { START, GOT, WRITTEN, TIMEOUT } = metadataOperationChart.code

export class MetadataOperation extends fields({
  st: 'int',
  /** Its number, by which messages name it; 0: free. */
  number: 'int',
  /** Requests so far. */
  requests: 'int',
  writes: 'int',
  /** The version that was read last. */
  version: 'int',
}) {
  command: MetadataCommand = { kind: 'read', epoch: 0 }
  #answer: MetadataAnswer = REFUSED
  readonly #host: OperationHost
  readonly #chart: CompiledChart<MetadataOperation>

  constructor(host: OperationHost, mutation: Mutation) {
    super()
    this.#host = host
    this.#chart = compiled(metadataOperationChart, mutation)
  }
  clear(): void {
    this.st = this.#chart.initialLeaf
    this.number = 0
  }
  get free(): boolean {
    return this.st === this.#chart.initialLeaf
  }
  /** What has become of the job, as far as this operation has seen. */
  get result(): Metadata['result'] {
    return this.version < 0 ? JOB_GOES_ON : this.#read.result
  }
  get #read(): Metadata {
    return this.version < 0 ? NO_METADATA : this.#host.read(this.version)
  }
  start(number: number, command: MetadataCommand, event: ChartEvent): void {
    this.number = number
    this.command = command
    this.requests = 0
    this.writes = 0
    this.version = -1
    this.#send(START, event)
  }
  got(event: ChartEvent): void {
    this.version = event.a
    this.#send(GOT, event)
  }
  written(event: ChartEvent): void {
    this.#send(WRITTEN, event)
  }
  /** @param event a: the request that was not answered in time */
  timeout(event: ChartEvent): void {
    if (event.a === this.requests) this.#send(TIMEOUT, event)
  }
  #send(code: number, event: ChartEvent): void {
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `operation ${this.number}: ${metadataOperationChart.events[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }

  // guards
  /** Nothing has to be written: it is refused, was applied before, or only asks. */
  settled(e: ChartEvent): boolean {
    const read = this.#host.read(e.a)
    return applyCommand(read, this.command).metadata === read
  }
  applied(e: ChartEvent): boolean {
    return e.a === WRITTEN_OK
  }
  certainlyFailed(e: ChartEvent): boolean {
    return e.a !== CONFLICT && this.writes === 1
  }

  /** It has written before, and reads what it wants to write. */
  meetsItself(e: ChartEvent): boolean {
    return this.#chart.matches(this, 'reading') && this.writes > 0 && this.settled(e)
  }

  // actions
  get(_e: ChartEvent): void {
    this.requests += 1
    this.#host.get(this)
  }
  put(e: ChartEvent): void {
    this.requests += 1
    this.writes += 1
    this.#answer = applyCommand(this.#read, this.command).answer
    this.#host.put(this, e.a)
  }
  /** After a write that was applied, what was read before tells the answer; else what has been read now. */
  answer(_e: ChartEvent): void {
    this.#host.answer(this, this.#outcome())
  }
  #outcome(): MetadataAnswer {
    const read = this.#read
    const { command } = this
    const now = applyCommand(read, command)
    if (now.metadata !== read) return this.#answer
    // what is not there any more has been removed by a write of its own that it did not hear of
    return command.kind === 'remove' && this.writes > 0 && !isFenced(read, command) ? DONE : now.answer
  }
  fail(_e: ChartEvent): void {
    this.#host.answer(this, REFUSED)
  }
}
const DONE: MetadataAnswer = { ...REFUSED, ok: true }
