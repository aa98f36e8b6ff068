import type { PersistedChannel } from '../../../src/model/index.ts'
import { ChannelStatePersister } from '../../../src/protocols/channel-state-persister.ts'
import { type Replayer, replaySteps } from '../replay-steps.ts'
import type { Suite } from '../suite.ts'

/** data/vectors/SCHEMA.md, section 5. */
interface PersisterCase {
  readonly id: string
  readonly steps: readonly PersisterStep[]
}
interface PersisterStep {
  readonly ev: readonly [what: string, idOrBuffer?: number, buffers?: readonly number[]]
  /** Checkpoint and buffers of each write. */
  readonly persist?: readonly (readonly [checkpoint: number, buffers: readonly number[]])[]
  readonly ret?: number | null
  readonly throws?: string
  readonly recv: boolean
  readonly seen: number
  readonly st: string
}
const STATES: Readonly<Record<string, string>> = { completed: 'C', pending: 'P', received: 'R' }

/** Flink: ChannelStatePersister. */
export const channelStatePersister: Suite = {
  name: 'channel_state_persister',
  replay(line) {
    return replaySteps((line as PersisterCase).steps, () => new PersisterReplayer())
  },
}

class PersisterReplayer implements Replayer<PersisterStep>, PersistedChannel {
  readonly #persister = new ChannelStatePersister(this, {})
  /** Buffers of the event that is being fed. */
  #buffers: readonly number[] = []
  #persisted: (readonly [number, readonly number[]])[] = []
  constructor() {
    this.#persister.reset()
  }
  forgetOlderBarrier(): void {
    // where barriers lie is the channel's business
  }
  persistQueued(checkpoint: number): void {
    if (this.#buffers.length > 0) this.#persisted.push([checkpoint, this.#buffers])
  }
  persistArrived(checkpoint: number): void {
    this.#persisted.push([checkpoint, this.#buffers])
  }
  expected({ ev: _, persist = [], ...rest }: PersisterStep): object {
    return { persist, ...rest }
  }
  feed({ ev }: PersisterStep): object {
    this.#persisted = []
    const answer = this.#event(ev)
    return {
      persist: this.#persisted,
      ...answer,
      recv: this.#persister.received,
      seen: this.#persister.seen,
      st: STATES[this.#persister.describe()],
    }
  }
  #event([what, id = 0, buffers = []]: PersisterStep['ev']): object {
    const counts = (accepted: boolean): object => ({ ret: accepted ? id : null })
    switch (what) {
      case 'start':
        this.#buffers = buffers
        return this.#persister.start(id) ? {} : { throws: 'CHECKPOINT_SUBSUMED' }
      case 'data':
        this.#buffers = [id]
        this.#persister.dataArrived()
        return {}
      case 'barrier':
        return counts(this.#persister.barrierArrived(id))
      case 'announce':
        return counts(this.#persister.announcementArrived(id))
      case 'checkData':
        return counts(false)
      case 'stop':
        this.#persister.stop(id)
        return {}
      default:
        return {} // events other than barriers are not its business
    }
  }
  states(): Readonly<Record<string, string>> {
    return { 'channel-state-persister': this.#persister.describe() }
  }
}
