/**
 * What the metadata store is asked and answers, as job managers see it: a request when it is sent, an answer when it arrives.
 * Requests and answers of an incarnation are told apart by what they are about; whoever dies gets no answer.
 */
import type { CompletedCheckpoint } from './state.ts'

export type MetadataRequest = 'lead' | 'draw-id' | 'add' | 'remove' | 'read' | 'look'

export interface MetadataHistory {
  /** @param checkpoint that it is about, 0: none; `look` asks whether its entry is there */
  asked(incarnation: number, request: MetadataRequest, checkpoint: number): void
  leads(incarnation: number): void
  drawn(incarnation: number, id: number): void
  /** @param stored whether it is there now; undefined: nobody knows */
  added(incarnation: number, checkpoint: number, stored: boolean | undefined): void
  removed(incarnation: number, checkpoint: number): void
  found(incarnation: number, entries: readonly CompletedCheckpoint[]): void
  looked(incarnation: number, checkpoint: number, there: boolean): void
}
