/**
 * What happens in the metadata quorum, as ghosts hear of it: what becomes durable on each acceptor's disk, what each node applies,
 * what clients ask and are told. Whoever implements it shares no code with the callers.
 */

/** What an acceptor has accepted in a slot. Commands are numbered; 0 is the one that does nothing. */
export interface Acceptance {
  readonly slot: number
  readonly ballot: number
  readonly command: number
}
export interface QuorumObserver {
  /** A client sends a command for the first time. @param reads true if it changes nothing */
  commandSent(command: number, reads: boolean): void
  /** A client has its answer. @param applied commands and gaps that the answer takes into account: a prefix of the log */
  commandAnswered(command: number, applied: number): void
  /** A client that waited for an answer is gone. */
  commandAbandoned(command: number): void
  /** An acceptor has a promise on its disk. */
  promised(node: number, ballot: number): void
  /** An acceptor has an acceptance on its disk. */
  accepted(node: number, acceptance: Acceptance): void
  /** A node starts, for the first time or after a crash: it has applied nothing yet. */
  nodeStarted(node: number): void
  nodeStopped(node: number): void
  /** An acceptor has lost what was on its disk. */
  diskLost(node: number): void
  /** An acceptor without a memory votes again: this is on its disk now. */
  rejoined(node: number, promised: number, accepted: readonly Acceptance[]): void
  /** A node has applied the next slot of the log. */
  applied(node: number, slot: number, command: number): void
}
