export { MAX_CREDIT } from './channel.ts'
export { Cluster } from './cluster.ts'
export {
  type MetadataOperation,
  metadataOperationChart,
  type VersionedObject,
  versionedObjectChart,
} from './compare-and-set/index.ts'
export { type CompletedCheckpointStore, completedCheckpointStoreChart } from './completed-checkpoint-store.ts'
export { verticesToRestart } from './failover-region.ts'
export { jobManagerChart } from './job-manager.chart.ts'
export type { JobManager } from './job-manager.ts'
export { layoutOf } from './layout.ts'
export {
  applyCommand,
  type Metadata,
  type MetadataCommand,
  NO_METADATA,
} from './metadata.ts'
export { type ClusterParts, clusterParts } from './parts.ts'
export * from './quorum/index.ts'
export { snapshotStorageChart } from './snapshot-storage.ts'
export { type SplitEnumerator, splitEnumeratorChart } from './split-enumerator.ts'
export { taskChart } from './task.chart.ts'
export type { Task } from './task.ts'
export { type TaskManager, taskManagerChart } from './task-manager.ts'
