/** What a job manager reaches the versioned object through: it lives in the same process, and dies and pauses with it. */
import { type Entity, type EntityId, fields, type KernelEvent } from '../../kernel/index.ts'
import type { ClusterContext } from '../cluster-context.ts'
import type { EntryRefs } from '../entry-refs.ts'
import type { Metadata, MetadataAnswer, MetadataCommand } from '../metadata.ts'
import type { MetadataAnswers } from '../metadata-answers.ts'
import type { MetadataStoreHost } from '../metadata-store.ts'
import type { Network } from '../network.ts'
import { requestedCommand } from '../requested-command.ts'
import { X, Y } from './messages.ts'
import { MetadataOperation, type OperationHost } from './metadata-operation.ts'
import { type VersionedObject, watchLag } from './versioned-object.ts'

/** Requests that are on their way at once; more of them wait. */
const OPERATIONS = 8
/** After which nobody waits for an answer any more, in the plan's time units: a write that nothing happens to takes less. */
const PATIENCE = 130

export class ObjectClient extends fields({ incarnation: 'int', operations: 'int' }) implements Entity, OperationHost {
  readonly name: string
  id: EntityId = -1
  readonly #context: ClusterContext
  readonly #network: Network
  readonly #answers: MetadataAnswers
  readonly #refs: EntryRefs
  readonly #standbys: boolean
  readonly #object: VersionedObject
  readonly #operations: readonly MetadataOperation[]
  #queue: MetadataCommand[] = []

  constructor(host: MetadataStoreHost, object: VersionedObject, group: number) {
    super()
    this.name = `store client ${group}`
    this.#context = host.context
    this.#network = host.network
    this.#answers = host.localAnswers
    this.#refs = host.refs
    this.#standbys = host.highAvailability.jobManagers > 1
    this.#object = object
    this.#operations = Array.from({ length: OPERATIONS }, () => new MetadataOperation(this, host.context.mutation))
  }
  /** The process starts: whatever was on its way is nobody's any more. */
  start(incarnation: number): void {
    this.incarnation = incarnation
    this.operations = 0
    this.#queue = []
    for (const operation of this.#operations) operation.clear()
  }
  receive(code: number, event: KernelEvent): void {
    if (code === Y.GOT) this.#operation(event.b)?.got(event)
    else if (code === Y.WRITTEN) this.#operation(event.b)?.written(event)
    else if (code === Y.TIMEOUT) this.#operation(event.b)?.timeout(event)
    else this.#queue.push(requestedCommand(code, event, this.#refs, this.#standbys))
    this.#begin(event)
  }
  #operation(number: number): MetadataOperation | undefined {
    return this.#operations.find((operation) => !operation.free && operation.number === number)
  }
  #begin(event: KernelEvent): void {
    while (this.#queue.length > 0) {
      const operation = this.#operations.find(({ free }) => free)
      if (operation === undefined) return
      this.operations += 1
      operation.start(this.operations, this.#queue.shift()!, event)
    }
  }

  // what an operation asks for
  read(version: number): Metadata {
    return this.#object.read(version)
  }
  get(operation: MetadataOperation): void {
    this.#request(operation, X.GET, this.incarnation, 0)
  }
  put(operation: MetadataOperation, version: number): void {
    this.#request(operation, X.PUT, version, this.#object.refer(operation.command))
  }
  /** What is sent while it is cut off is lost. */
  #request({ number, requests }: MetadataOperation, code: number, a: number, ref: number): void {
    const { kernel, plan } = this.#context
    if (this.#context.cutForUs(this.incarnation) === 0) this.#network.service(this.#object.id, code, a, number, ref)
    kernel.schedule(plan.timing.unitUs * PATIENCE, this.id, Y.TIMEOUT, requests, number)
  }
  answer({ command, number, result }: MetadataOperation, answer: MetadataAnswer): void {
    // that it leads no more, it hears as late as of anything that it watches
    const lag = command.kind === 'check-session' ? watchLag(this.#context, this.incarnation, number) : 0
    this.#answers.send(command, answer, result, lag)
  }
}
