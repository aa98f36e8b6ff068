/** What a store's answers become on their way back: messages to the incarnation that has asked, lost if that is gone. */
import type { EntityId } from '../kernel/index.ts'
import { C, FAILED, J, OK, UNKNOWN } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { EntryRefs } from './entry-refs.ts'
import type { JobResult, MetadataAnswer, MetadataCommand } from './metadata.ts'
import type { Network } from './network.ts'

export class MetadataAnswers {
  readonly #context: ClusterContext
  readonly #network: Network
  readonly #refs: EntryRefs
  readonly #local: boolean
  /** @param local whether whoever answers lives in the process of the one who has asked */
  constructor(context: ClusterContext, network: Network, refs: EntryRefs, local = false) {
    this.#local = local
    this.#context = context
    this.#network = network
    this.#refs = refs
  }
  /**
   * @param result what has become of the job: a new leader has to know
   * @param lagUs how much later whoever is elected or leads no more hears of it, microseconds
   */
  send(command: MetadataCommand, answer: MetadataAnswer, result: JobResult, lagUs = 0): void {
    const { epoch, kind } = command
    const outcome = answer.ok ? OK : FAILED
    switch (kind) {
      case 'campaign':
      case 'expire':
        if (answer.elected > 0) this.#toJobManager(answer.elected, J.GRANTED, answer.elected, result, lagUs)
        else if (!answer.ok) this.revoked(epoch, lagUs)
        break
      case 'check-session':
        if (!answer.ok) this.revoked(epoch, lagUs)
        break
      case 'draw-id':
        this.#toCoordinator(epoch, C.ID, answer.id, 0)
        break
      case 'add':
        this.#toCoordinator(epoch, C.STORED, outcome, command.entry.id)
        break
      case 'remove':
        if (answer.ok) this.#toCoordinator(epoch, C.REMOVED, command.checkpoint, 0)
        break
      case 'read':
        this.#toCoordinator(epoch, C.LOADED, 0, 0, this.#refs.put([...answer.entries]))
        break
      case 'read-back':
        this.#toCoordinator(epoch, C.RESOLVED, outcome, command.checkpoint)
    }
  }
  /** Whoever has sent a write cannot know what has become of it. */
  unknown(epoch: number, checkpoint: number): void {
    this.#toCoordinator(epoch, C.STORED, UNKNOWN, checkpoint)
  }
  /** The session of an incarnation is gone, or it will never lead. */
  revoked(epoch: number, lagUs = 0): void {
    this.#toJobManager(epoch, J.REVOKED, 0, 0, lagUs)
  }
  #toJobManager(epoch: number, code: number, a: number, b: number, lagUs: number): void {
    this.#send(epoch, this.#context.addresses.leader(epoch).jobManager, code, a, b, 0, lagUs)
  }
  #toCoordinator(epoch: number, code: number, a: number, b: number, ref = 0): void {
    this.#send(epoch, this.#context.addresses.leader(epoch).coordinator, code, a, b, ref, 0)
  }
  #send(epoch: number, to: EntityId, code: number, a: number, b: number, ref: number, lagUs: number): void {
    const { kernel } = this.#context
    // within a process, a message is there at once
    if (this.#local) kernel.schedule(lagUs, to, code, a, b, ref, epoch)
    else this.#network.service(to, code, a, b, ref, epoch, lagUs + this.#context.cutForUs(epoch))
  }
}
