/** What has been decided, in its order, and who has to hear of it. One for each cluster, whatever stands behind the store. */
import { P } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import {
  applyCommand,
  JOB_FINISHED,
  type Metadata,
  type MetadataAnswer,
  type MetadataCommand,
  NO_METADATA,
} from './metadata.ts'

export class MetadataJournal {
  readonly #context: ClusterContext
  #metadata = NO_METADATA
  constructor(context: ClusterContext) {
    this.#context = context
  }
  reset(): void {
    this.#metadata = NO_METADATA
  }
  /** As of the last decision. Entities of the store may look at it where they are the ones that decide; oracles may always. */
  get metadata(): Metadata {
    return this.#metadata
  }
  /** The next command, at the moment from which on it cannot be lost: oracles hear of it now. */
  decide(command: MetadataCommand): MetadataAnswer {
    const { observer } = this.#context
    const before = this.#metadata
    const { metadata, answer } = applyCommand(before, command)
    this.#metadata = metadata
    if (metadata === before) return answer
    if (answer.elected > 0) observer.phase(P['leader-elected'])
    switch (command.kind) {
      case 'add':
        observer.phase(P['metadata-applied'])
        observer.entryDurable(command.entry, metadata.epoch)
        break
      case 'remove':
        observer.phase(P['entry-removed'])
        observer.entryRemoved(before.entries.find(({ id }) => id === command.checkpoint)!)
        break
      case 'end-job':
        if (command.result === JOB_FINISHED) observer.finished()
        else observer.jobFailed()
    }
    return answer
  }
  /** All entries go at once. */
  clear(): void {
    const removed = this.#metadata.entries
    this.#metadata = { ...this.#metadata, entries: [] }
    for (const entry of removed) this.#context.observer.entryRemoved(entry)
  }
}
