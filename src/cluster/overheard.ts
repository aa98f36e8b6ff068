/** Where what the metadata store is asked and answers can be heard: as it leaves the job manager, and as it comes to it. */
import type { Entity, KernelEvent } from '../kernel/index.ts'
import { C, J, type MetadataHistory, type MetadataRequest, OK, UNKNOWN, V } from '../model/index.ts'
import type { EntryRefs } from './entry-refs.ts'

const REQUESTS: ReadonlyMap<number, MetadataRequest> = new Map([
  [V.CAMPAIGN, 'lead'],
  [V.DRAW_ID, 'draw-id'],
  [V.ADD, 'add'],
  [V.REMOVE, 'remove'],
  [V.READ, 'read'],
  [V.READ_BACK, 'look'],
])
/** @param b as in STORE_MESSAGES: the checkpoint, where the request is about one */
export function tellRequest(history: MetadataHistory, incarnation: number, code: number, b: number): void {
  const request = REQUESTS.get(code)
  if (request === undefined) return
  history.asked(incarnation, request, request === 'add' || request === 'remove' || request === 'look' ? b : 0)
}

export type AnswerListener = (
  history: MetadataHistory,
  incarnation: number,
  code: number,
  event: KernelEvent,
  refs: EntryRefs,
) => void

export const hearJobManager: AnswerListener = (history, incarnation, code) => {
  if (code === J.GRANTED) history.leads(incarnation)
}
export const hearCoordinator: AnswerListener = (history, incarnation, code, { a, b, ref }, refs) => {
  if (code === C.ID) history.drawn(incarnation, a)
  else if (code === C.STORED) history.added(incarnation, b, a === UNKNOWN ? undefined : a === OK)
  else if (code === C.RESOLVED) history.looked(incarnation, b, a === OK)
  else if (code === C.REMOVED) history.removed(incarnation, a)
  else if (code === C.LOADED) history.found(incarnation, refs.list(ref))
}

/** An entity whose answers from the store somebody hears just before it gets them. */
export class Overheard implements Entity {
  readonly name: string
  readonly #entity: Entity
  readonly #history: () => MetadataHistory | null
  readonly #group: { readonly incarnation: number }
  readonly #refs: EntryRefs
  readonly #hear: AnswerListener
  constructor(
    entity: Entity,
    history: () => MetadataHistory | null,
    group: { readonly incarnation: number },
    refs: EntryRefs,
    hear: AnswerListener,
  ) {
    this.name = entity.name
    this.#entity = entity
    this.#history = history
    this.#group = group
    this.#refs = refs
    this.#hear = hear
  }
  receive(code: number, event: KernelEvent): void {
    const history = this.#history()
    if (history !== null) this.#hear(history, this.#group.incarnation, code, event, this.#refs)
    this.#entity.receive(code, event)
  }
}
