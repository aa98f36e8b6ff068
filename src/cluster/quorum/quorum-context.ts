/** What the nodes of one quorum share: the kernel, the network between them, who listens, and what they are told of the run. */
import type { EntityId, Kernel } from '../../kernel/index.ts'
import type { FaultSource, Mutation, Observer, QuorumObserver, Timing } from '../../model/index.ts'
import type { AcceptorDisk } from './acceptor-disk.ts'
import type { DriftingClock } from './drifting-clock.ts'
import type { ReplicatedMachine } from './replicated-machine.ts'

/** A command of a client: what goes into a slot of the log. Numbered by their order in {@link QuorumContext.commands}. */
export interface Command {
  /** Entity of the client. */
  readonly client: EntityId
  /** The client's own number of its life and of the command: by these two a command that comes twice is known again. */
  readonly session: number
  readonly sequence: number
  readonly operation: unknown
}
/** The number of the command that does nothing: what fills gaps of the log. */
export const NO_COMMAND = 0

export interface QuorumNode {
  readonly acceptor: EntityId
  readonly proposer: EntityId
  readonly disk: AcceptorDisk
  readonly clock: DriftingClock
  readonly machine: ReplicatedMachine
}
export interface QuorumContext {
  readonly kernel: Kernel
  readonly mutation: Mutation
  readonly nodes: readonly QuorumNode[]
  /** How many nodes are more than half of them. */
  readonly majority: number
  // of the run
  readonly plan: { readonly timing: Pick<Timing, 'unitUs'> }
  readonly observer: Pick<Observer, 'phase'>
  readonly ghosts: QuorumObserver
  readonly faults: FaultSource
  /** All commands of the run. */
  readonly commands: Command[]
  /** What messages refer to that does not fit into their operands. */
  readonly mail: unknown[]
  /** Sends a message to another node of the quorum, or by hand to the own one. */
  toAcceptor(effect: number, from: number, to: number, code: number, a: number, b: number, ref: number): void
  toProposer(effect: number, from: number, to: number, code: number, a: number, b: number, ref: number): void
  toClient(effect: number, from: number, client: EntityId, code: number, a: number, b: number, ref: number): void
  fromClient(effect: number, client: EntityId, to: number, code: number, a: number, b: number, ref: number): void
  /** The power of a node fails while its disk writes. */
  tear(node: number, delayUs: number): void
}
/** Puts something into the mail. @returns its number */
export function post({ mail }: QuorumContext, what: unknown): number {
  mail.push(what)
  return mail.length - 1
}
