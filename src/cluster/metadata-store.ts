/**
 * The metadata store as a job manager sees it: an entity that answers the messages of STORE_MESSAGES. Behind it stands one of
 * several ways to agree on the order of commands; all of them apply the same state machine (metadata.ts).
 *
 * ```
 *   job manager, coordinator --CAMPAIGN, DRAW_ID, ADD, …--> store: agreement on a command
 *                                                             |  MetadataJournal.decide, once per command, in the order agreed on
 *                            <--GRANTED, ID, STORED, …------- MetadataAnswers.send
 * ```
 *
 * For whoever writes another store: register its entities in the factory, decide each command at the moment from which on it
 * cannot be lost any more (oracles take it for durable then), and answer the incarnation that has asked.
 */
import type { Entity, EntityId, ProcessId } from '../kernel/index.ts'
import type { HighAvailability, QuorumControl } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { EntryRefs } from './entry-refs.ts'
import type { MetadataAnswers } from './metadata-answers.ts'
import type { MetadataJournal } from './metadata-journal.ts'
import type { Network } from './network.ts'

export interface MetadataStore {
  /** True if that is in the job manager's own process, and is reached at once. */
  readonly inProcess?: true
  /** Whom the job manager of a group sends its requests to: a node of its own, or one for all. @param group from 0 */
  address(group: number): EntityId
  /**
   * The session of a job manager's incarnation ends after a time, because it has died or nothing is heard of it: this is where
   * heartbeats would be.
   * @param afterUs microseconds
   */
  endSession(group: number, incarnation: number, afterUs: number): void
  /** What faults can do to the nodes of the store, if it has some. */
  readonly quorum?: QuorumControl
  /** A run starts: the store is empty, all its nodes are up. */
  start(): void
  /** A job manager's process starts anew, and whatever the store has put into it with it: before anybody there asks for anything. */
  groupStarted?(group: number, incarnation: number): void
}

/** What a store is made of. */
export interface MetadataStoreHost {
  readonly context: ClusterContext
  readonly network: Network
  readonly highAvailability: HighAvailability
  readonly journal: MetadataJournal
  readonly answers: MetadataAnswers
  /** The same from within the process of whoever has asked. */
  readonly localAnswers: MetadataAnswers
  readonly refs: EntryRefs
  register(entity: Entity, process: ProcessId): EntityId
  /** A process that never fails. */
  readonly outside: ProcessId
  /** The process of a job manager: what is registered there crashes and pauses with it. */
  groupProcess(group: number): ProcessId
}
export type MetadataStoreFactory = (host: MetadataStoreHost) => MetadataStore
