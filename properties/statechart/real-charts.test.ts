/** The charts of the simulator themselves, against the actor of XState and by the rules of DESIGN.md, section 3. */
import { describe, expect, it } from 'vitest'
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
} from '../../src/cluster/index.ts'
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
} from '../../src/protocols/index.ts'
import { type Chart, compileChart, type DecisionTree, mermaid } from '../../src/statechart/index.ts'
import { differential } from './differential.ts'

const charts = [
  alignedTaskChart,
  asyncCheckpointChart,
  atLeastOnceTaskChart,
  channelStatePersisterChart,
  chandyLamportTaskChart,
  barriersCyclicTaskChart,
  checkpointCoordinatorChart,
  checkpointTriggerChart,
  pendingCheckpointChart,
  subtaskCheckpointCoordinatorChart,
  unalignedTaskChart,
  taskChart,
  taskManagerChart,
  jobManagerChart,
  splitEnumeratorChart,
  snapshotStorageChart,
  completedCheckpointStoreChart,
  metadataOperationChart,
  versionedObjectChart,
  quorumClientChart,
  proposerChart,
  acceptorChart,
] as unknown as readonly Chart<unknown, string>[]

/** The leaves in which a tree can come to rest, and the actions on its ways. */
function endsOf(tree: DecisionTree | null, leaves: Set<number>, actions: Set<string>): void {
  if (tree === null) return
  for (const operation of tree.operations) if (operation.kind === 'action') actions.add(operation.name)
  if ('leaf' in tree) leaves.add(tree.leaf)
  else for (const answer of [tree.yes, tree.no]) endsOf(answer, leaves, actions)
}

describe.each(charts.map((chart) => [chart.name, chart] as const))('%s', (_, chart) => {
  const compiled = compileChart(chart)

  it('does step for step what the actor of XState does', () => {
    const compared = differential(chart, { runs: 120, steps: 50 })
    expect(compared.events).toBe(6000)
    expect(compared.unexpected).toBeLessThan(compared.events)
    expect(compared.actions).toBeGreaterThan(200)
    if (chart.guards.length > 0) expect(compared.questions).toBeGreaterThan(100)
  })

  it('comes to every leaf and to every action, from boot and by START alone at first', () => {
    const reached = new Set([compiled.initialLeaf])
    const actions = new Set<string>()
    for (const leaf of reached)
      compiled.events.forEach((_, code) => void endsOf(compiled.tree(leaf, code), reached, actions))
    expect([...reached].map((leaf) => compiled.leaves[leaf]).sort()).toEqual([...compiled.leaves].sort())
    expect([...actions].sort()).toEqual([...chart.actions].sort())
    expect(compiled.leaves[compiled.initialLeaf]).toBe('boot')
  })

  it('has a picture with all of its states', () => {
    const picture = mermaid(chart)
    for (const path of compiled.leaves) expect(picture).toContain(path.split('.').at(-1))
  })
})

describe('the charts', () => {
  it('have these sizes: leaves and events', () => {
    const sizes = charts.map((chart) => `${chart.name} ${compileChart(chart).leaves.length} ${chart.events.length}`)
    expect(sizes).toMatchInlineSnapshot(`
      [
        "aligned-task 6 8",
        "async-checkpoint 5 5",
        "at-least-once-task 5 7",
        "channel-state-persister 4 6",
        "chandy-lamport-task 6 8",
        "barriers-cyclic-task 6 9",
        "checkpoint-coordinator 6 24",
        "checkpoint-trigger 5 6",
        "pending-checkpoint 5 8",
        "subtask-checkpoint-coordinator 4 11",
        "unaligned-task 11 10",
        "task 7 16",
        "task-manager 4 6",
        "job-manager 12 14",
        "split-enumerator 3 7",
        "snapshot-storage 2 5",
        "completed-checkpoint-store 2 12",
        "metadata-operation 3 4",
        "versioned-object 2 5",
        "quorum-client 3 6",
        "proposer 5 18",
        "acceptor 6 12",
      ]
    `)
  })
})
