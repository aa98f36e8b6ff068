/**
 * What the metadata of a job (its leader, its checkpoint ids, its completed checkpoints) are entrusted to, and how many job
 * managers stand ready to take it over.
 */

/**
 * How a metadata store comes to a decision: `single` is one process that never fails; `compare-and-set` writes versions under
 * sessions, as ZooKeeper and a Kubernetes ConfigMap do; `paxos` asks a quorum of nodes.
 */
export const METADATA_STORES = ['single', 'compare-and-set', 'paxos'] as const
export type MetadataStoreName = (typeof METADATA_STORES)[number]

/** Flink: high-availability.type, and the number of job managers that are started. */
export interface HighAvailability {
  readonly store: MetadataStoreName
  /** Job managers, 1 or more: one leads, the others stand by. */
  readonly jobManagers: number
  /** Nodes of the quorum, 3 or 5; `paxos` alone has some. */
  readonly quorum: number
}

/** One job manager that is started again when it has died, and a store that never fails: what a job has that asks for nothing. */
export const NO_HIGH_AVAILABILITY: HighAvailability = { store: 'single', jobManagers: 1, quorum: 3 }
