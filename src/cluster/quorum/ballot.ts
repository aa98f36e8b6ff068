/** Ballots: numbers that only one node uses. 0 is below all of them. */

/** Ballots of one round: at least as many as a quorum may have nodes. */
const NODES = 8

/** The node that a ballot belongs to. */
export const nodeOf = (ballot: number): number => ballot % NODES

/** The least ballot of a node that is above another one. */
export const ballotAbove = (other: number, node: number): number => (Math.floor(other / NODES) + 1) * NODES + node
