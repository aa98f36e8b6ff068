/** What faults can do to the nodes of the metadata quorum. */

/** A node by number (modulo their number), or whichever leads when the fault strikes. */
export type QuorumNodeRole = number | 'leader'

/**
 * Which messages a partition loses: those between the node and the others both ways, those that it sends them, those that they send
 * it, or all, those of clients included.
 */
export const QUORUM_LINKS = ['peers', 'out', 'in', 'all'] as const satisfies readonly QuorumLink[]
export type QuorumLink = 'peers' | 'out' | 'in' | 'all'

/** Each returns false if there was nothing to hit. */
export interface QuorumControl {
  /** It comes back after a while, with what is on its disk. */
  crashNode(node: QuorumNodeRole): boolean
  pauseNode(node: QuorumNodeRole, forUs: number): boolean
  partitionNode(node: QuorumNodeRole, link: QuorumLink, forUs: number): boolean
  /** Its clock runs as fast or as slow as the contract allows, until the next such fault. */
  driftClock(node: QuorumNodeRole): boolean
  /** It crashes, and comes back with an empty disk. Hits nothing while a minority of the disks is lost: that is assumed. */
  loseDisk(node: QuorumNodeRole): boolean
}
