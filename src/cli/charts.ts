/** The charts of everything that takes part, by name. */
import {
  acceptorChart,
  completedCheckpointStoreChart,
  jobManagerChart,
  metadataOperationChart,
  proposerChart,
  quorumClientChart,
  snapshotStorageChart,
  splitEnumeratorChart,
  taskChart,
  taskManagerChart,
  versionedObjectChart,
} from '../cluster/index.ts'
import {
  alignedTaskChart,
  asyncCheckpointChart,
  atLeastOnceTaskChart,
  barriersCyclicTaskChart,
  chandyLamportTaskChart,
  channelStatePersisterChart,
  checkpointCoordinatorChart,
  checkpointTriggerChart,
  pendingCheckpointChart,
  subtaskCheckpointCoordinatorChart,
  unalignedTaskChart,
} from '../protocols/index.ts'
import { mermaid } from '../statechart/index.ts'
import { unknownName } from './did-you-mean.ts'

const CHARTS = [
  jobManagerChart,
  checkpointCoordinatorChart,
  checkpointTriggerChart,
  pendingCheckpointChart,
  taskManagerChart,
  taskChart,
  alignedTaskChart,
  atLeastOnceTaskChart,
  unalignedTaskChart,
  chandyLamportTaskChart,
  barriersCyclicTaskChart,
  channelStatePersisterChart,
  subtaskCheckpointCoordinatorChart,
  asyncCheckpointChart,
  splitEnumeratorChart,
  snapshotStorageChart,
  completedCheckpointStoreChart,
  versionedObjectChart,
  metadataOperationChart,
  quorumClientChart,
  proposerChart,
  acceptorChart,
]
export const CHART_NAMES: readonly string[] = CHARTS.map((chart) => chart.name)

/** The chart as a Mermaid picture. @throws UsageError with the nearest name */
export function chartPicture(name: string): { readonly name: string; readonly mermaid: string } {
  const found = CHARTS.find((chart) => chart.name === name.toLowerCase())
  if (found === undefined) throw unknownName('chart', name, CHART_NAMES)
  return { name: found.name, mermaid: mermaid(found) }
}
