/** What reports/fidelity.md is made of; its figures are measured. Source of the rows: issue 6, facts/flink-behaviour.md. */
import type { Chapter, Evidence } from './feature.ts'

const ofSteps = (line: unknown): readonly { readonly ev?: unknown; readonly trig?: unknown; readonly nc?: unknown }[] =>
  (line as { readonly steps?: [] }).steps ?? []
/** Codes of everything that is fed in a case, bursts of deliveries included. */
const fedIn = (line: unknown): ReadonlySet<unknown> =>
  new Set(
    ofSteps(line).flatMap(({ ev }) =>
      Array.isArray(ev) ? (ev[0] === 'burst' ? ev.slice(1).map((one: unknown[]) => one[0]) : [ev[0]]) : [],
    ),
  )
const whole = (suite: string): Evidence => ({ suite })
/** Cases in which one of these events is fed. */
const feeding = (suite: string, what: string, ...codes: readonly string[]): Evidence => ({
  suite,
  of: {
    what,
    holds: (line) => {
      const fed = fedIn(line)
      return codes.some((code) => fed.has(code))
    },
  },
})
/** Cases in which what is written down contains this text. */
const saying = (suite: string, what: string, text: string): Evidence => ({
  suite,
  of: { what, holds: (line) => JSON.stringify(line).includes(text) },
})
const those = (suite: string, what: string, holds: (line: never) => boolean): Evidence => ({
  suite,
  of: { what, holds: holds as (line: unknown) => boolean },
})
/** Programs with one of these operators. */
const using = (what: string, ...ops: readonly string[]): Evidence =>
  those('dataflow', what, ({ program }: { program: { nodes: readonly { op: string }[] } }) =>
    program.nodes.some(({ op }) => ops.includes(op)),
  )
const STAYS = 'in a check every task stays until a checkpoint after its last record is complete (not FLIP-147)'

export const chapters: readonly Chapter[] = [
  {
    title: 'Barriers',
    features: [
      {
        feature: 'Aligned barriers, exactly once: blocking, obsolete barriers resume, newer ones subsume',
        flink: 'SingleCheckpointBarrierHandler',
        where: ['src/protocols/aligned-task.chart.ts', 'src/protocols/aligned-task.ts'],
        evidence: [whole('aligned')],
        bugs: ['snapshot-on-first-barrier', 'alignment-does-not-block', 'records-before-snapshot'],
        simplified: 'nothing',
      },
      {
        feature: 'At least once: counting without blocking, 50 pending ids at most',
        flink: 'CheckpointBarrierTracker',
        where: ['src/protocols/at-least-once-task.chart.ts', 'src/protocols/barrier-counts.ts'],
        evidence: [whole('at_least_once')],
        bugs: ['tracker-triggers-on-first-barrier', 'barriers-counted-across-checkpoints'],
        simplified: 'nothing',
      },
      {
        feature: 'Unaligned barriers: overtaking, channel state, starts that are refused as subsumed',
        flink: 'SingleCheckpointBarrierHandler, AlternatingWaitingForFirstBarrierUnaligned',
        where: ['src/protocols/unaligned-task.chart.ts', 'src/cluster/in-flight.ts'],
        evidence: [whole('unaligned')],
        bugs: ['obsolete-barrier-taken-for-boundary', 'older-checkpoint-overwrites-newer'],
        simplified: 'records are taken out of a channel whole: none spans two buffers',
      },
      {
        feature: 'Aligned with timeout: announcements, the timer, barriers moved to the front',
        flink: 'AlternatingWaitingForFirstBarrier, AlternatingCollectingBarriers',
        where: ['src/protocols/unaligned-task.chart.ts', 'src/cluster/receive-queue.ts'],
        evidence: [whole('alternating')],
        simplified: 'the timeout is drawn for each run, not set by the job',
      },
      {
        feature: 'Cancellation markers',
        flink: 'CancelCheckpointMarker',
        where: ['src/protocols/aligned-task.chart.ts', 'src/protocols/unaligned-task.chart.ts'],
        evidence: ['aligned', 'at_least_once', 'unaligned', 'alternating'].map((suite) =>
          feeding(suite, 'with a cancellation', 'c'),
        ),
        bugs: ['no-cancel-marker'],
        simplified: 'nothing',
      },
      {
        feature: 'End of partition: counts as a barrier, or aborts where finished tasks are not supported',
        flink: 'EndOfPartitionEvent',
        where: ['src/protocols/aligned-task.chart.ts', 'src/protocols/unaligned-task.chart.ts'],
        evidence: ['aligned', 'at_least_once', 'unaligned', 'alternating'].map((suite) =>
          feeding(suite, 'with an end of partition', 'e'),
        ),
        simplified: STAYS,
      },
    ],
  },
  {
    title: 'Channel state',
    features: [
      {
        feature: 'What a channel persists, and until when',
        flink: 'ChannelStatePersister',
        where: ['src/protocols/channel-state-persister.chart.ts', 'src/cluster/channel-state-recorder.ts'],
        evidence: [whole('channel_state_persister')],
        bugs: ['obsolete-barrier-taken-for-boundary'],
        simplified: 'written with the state of the task, not into files that tasks share',
      },
      {
        feature:
          'Records on arrival, and those that lie before the barrier; barriers on outputs go past what was emitted',
        flink: 'RemoteInputChannel, PipelinedSubpartition',
        where: ['src/cluster/receive-queue.ts', 'src/cluster/in-flight.ts'],
        evidence: [feeding('unaligned', 'with records', 'r'), feeding('alternating', 'with records', 'r')],
        tests: ['properties/oracles/in-flight.test.ts'],
        bugs: ['in-flight-out-of-order'],
        simplified: 'what an output holds is one queue of records for each channel, without buffers and their sizes',
      },
      {
        feature: 'Restore: what was in flight comes back in order, before anything new',
        flink: 'StreamTask.restoreInternal, RecoveredInputChannel',
        where: ['src/cluster/in-flight.ts', 'src/oracles/in-flight.ts'],
        evidence: [],
        tests: ['properties/oracles/in-flight.test.ts'],
        bugs: ['in-flight-out-of-order', 'older-checkpoint-overwrites-newer'],
        simplified: 'at the same parallelism only',
      },
      {
        feature: 'Edges on which barriers never overtake: forward, broadcast; savepoints',
        flink: 'StreamGraph (forced alignment), CheckpointOptions.AlignmentType',
        where: ['src/cluster/overtakable-edges.ts', 'src/protocols/alignment-type.ts'],
        evidence: [feeding('subtask', 'of the three kinds of alignment', 'trigger')],
        bugs: ['barriers-overtake-broadcast', 'savepoint-barrier-overtakes'],
        simplified: 'nothing',
      },
    ],
  },
  {
    title: 'Checkpoint coordinator',
    features: [
      {
        feature: 'Triggering: request queue, concurrent checkpoints, minimum pause from completion',
        flink: 'CheckpointCoordinator, CheckpointRequestDecider',
        where: ['src/protocols/checkpoint-request-decider.ts', 'src/protocols/checkpoint-trigger.chart.ts'],
        evidence: [
          whole('coordinator'),
          those(
            'coordinator',
            'with a minimum pause',
            ({ cfg }: { cfg?: { minPause?: number } }) => (cfg?.minPause ?? 0) > 0,
          ),
          those(
            'coordinator',
            'with several at once',
            ({ cfg }: { cfg?: { maxConcurrent?: number } }) => (cfg?.maxConcurrent ?? 1) > 1,
          ),
        ],
        bugs: ['pause-from-trigger'],
        simplified: 'a backlog of sources does not change the interval',
      },
      {
        feature: 'The schedule at a fixed rate; its first delay is random',
        flink: 'CheckpointCoordinator.startCheckpointScheduler',
        where: ['src/protocols/checkpoint-schedule.ts', 'src/protocols/checkpoint-coordinator.chart.ts'],
        evidence: [feeding('coordinator', 'with a start', 'start')],
        bugs: ['schedule-stops-after-failover'],
        simplified: 'the first delay is a decision of the run, between minimum pause and interval',
      },
      {
        feature: 'Acknowledgements: first, duplicate, late, of another attempt',
        flink: 'PendingCheckpoint, CheckpointCoordinator.receiveAcknowledgeMessage',
        where: ['src/protocols/pending-checkpoint.chart.ts', 'src/protocols/pending-checkpoint.ts'],
        evidence: [
          feeding('coordinator', 'with an acknowledgement', 'ack'),
          feeding('coordinator', 'of an old attempt', 'ackOld'),
        ],
        bugs: ['duplicate-ack-deletes-file', 'ack-before-durable'],
        simplified: 'nothing',
      },
      {
        feature: 'Decline, timeout, abort: who is told, what is discarded',
        flink: 'CheckpointCoordinator.abortPendingCheckpoint',
        where: ['src/protocols/pending-checkpoint.chart.ts', 'src/protocols/checkpoint-coordinator.ts'],
        evidence: [
          feeding('coordinator', 'with a decline', 'dec', 'decOld'),
          feeding('coordinator', 'aborted from outside', 'abortAll'),
          saying('coordinator', 'with an expiry', 'CHECKPOINT_EXPIRED'),
        ],
        bugs: ['trigger-outlives-checkpoint'],
        simplified: 'nothing',
      },
      {
        feature: 'Completion: store, subsumption, retained checkpoints, notices',
        flink: 'StandaloneCompletedCheckpointStore, CheckpointSubsumeHelper',
        where: ['src/protocols/completed-checkpoint-queue.ts', 'src/cluster/completed-checkpoint-store.ts'],
        evidence: [
          saying('coordinator', 'with a completion', '"succ"'),
          feeding('coordinator', 'with a store that fails', 'storefail'),
        ],
        bugs: ['completed-before-stored', 'stale-completion', 'ambiguous-write-then-delete'],
        simplified: 'operators are not told which checkpoint has been subsumed',
      },
      {
        feature: 'Savepoints, asynchronous and with stop',
        flink: 'CheckpointCoordinator.triggerSavepoint, triggerSynchronousSavepoint',
        where: ['src/protocols/checkpoint-request.ts', 'src/protocols/checkpoint-request-decider.ts'],
        evidence: [feeding('coordinator', 'with a savepoint', 'sp', 'ssp')],
        bugs: ['savepoint-subsumes-checkpoint', 'savepoint-announced-not-kept'],
        simplified: 'nobody asks for a savepoint in a check, but for bugs of them',
      },
      {
        feature: 'Failure manager: which reasons count, against what tolerance',
        flink: 'CheckpointFailureManager',
        where: ['src/protocols/checkpoint-failure-manager.ts'],
        evidence: [whole('failure_manager')],
        simplified: 'nothing',
      },
      {
        feature: 'Checkpoints after some tasks have finished',
        flink: 'DefaultCheckpointPlanCalculator',
        where: ['src/protocols/checkpoint-plan.ts'],
        evidence: [feeding('coordinator', 'with a finished task', 'fin')],
        simplified: STAYS,
      },
      {
        feature: 'Recovery of the newest checkpoint by a new leader; fenced writes',
        flink: 'DefaultCompletedCheckpointStore, DefaultCompletedCheckpointStoreUtils',
        where: ['src/protocols/recover-newest.ts', 'src/cluster/completed-checkpoint-store.ts'],
        evidence: [],
        tests: ['properties/oracles/judge.test.ts'],
        bugs: ['unreadable-checkpoint-skipped', 'unreadable-checkpoints-deleted', 'old-leader-writes'],
        simplified: 'one linearizable store; sessions and quorums are not modelled',
      },
    ],
  },
  {
    title: 'Tasks',
    features: [
      {
        feature:
          'A snapshot on the task: before the barrier, barrier, channel state, copy, asynchronous part, acknowledgement',
        flink: 'SubtaskCheckpointCoordinatorImpl, AsyncCheckpointRunnable',
        where: ['src/protocols/subtask-checkpoint-coordinator.chart.ts', 'src/protocols/async-checkpoint.chart.ts'],
        evidence: [whole('subtask')],
        bugs: ['snapshot-aliases-state', 'ack-before-durable', 'send-error-swallowed'],
        simplified: 'there are no threads: an asynchronous part ends after a drawn time',
      },
      {
        feature: 'Aborts that come before the barrier are remembered, within a bound',
        flink: 'SubtaskCheckpointCoordinatorImpl.abortedCheckpointIds',
        where: ['src/protocols/subtask-checkpoint-coordinator.ts'],
        evidence: [feeding('subtask', 'with an abort', 'notifyAbort')],
        bugs: ['no-cancel-marker'],
        simplified: 'nothing',
      },
    ],
  },
  {
    title: 'Failover and state at another parallelism',
    features: [
      {
        feature: 'Restart strategies: fixed delay, failure rate, exponential delay, none',
        flink: 'RestartBackoffTimeStrategy',
        where: ['src/cluster/restart-strategy/restart-backoff-of.ts'],
        evidence: [whole('restart_strategies')],
        simplified: 'the delay begins when the last task has ended, not with the failure',
      },
      {
        feature: 'Who restarts with whom',
        flink: 'RestartPipelinedRegionFailoverStrategy',
        where: ['src/cluster/failover-region.ts'],
        evidence: [whole('failover_region')],
        bugs: ['late-failure-of-old-attempt'],
        simplified: 'a check restarts the whole job, as Flink does wherever a shuffle joins all tasks',
      },
      {
        feature: 'Keys, key groups and their ranges',
        flink: 'KeyGroupRangeAssignment',
        where: ['src/model/key-group.ts'],
        evidence: [
          those(
            'key_groups',
            'of hashes and ranges',
            ({ kind }: { kind: string }) => kind === 'hash' || kind === 'ranges',
          ),
        ],
        bugs: ['states-restored-crosswise'],
        simplified: 'nothing',
      },
      {
        feature: 'Keyed state at another parallelism',
        flink: 'StateAssignmentOperation',
        where: ['src/cluster/keyed-state-assignment.ts'],
        evidence: [those('key_groups', 'of keyed state', ({ kind }: { kind: string }) => kind === 'keyed')],
        simplified: 'the parallelism of a check does not change',
      },
      {
        feature: 'List, union and broadcast state at another parallelism',
        flink: 'RoundRobinOperatorStateRepartitioner',
        where: ['src/cluster/operator-state-repartitioner.ts'],
        evidence: [those('key_groups', 'of operator state', ({ kind }: { kind: string }) => kind === 'opstate')],
        simplified: 'the parallelism of a check does not change',
      },
    ],
  },
  {
    title: 'A whole cluster, and what programs compute',
    features: [
      {
        feature: 'Checkpoint events of a real cluster, accepted by the machines above; damaged ones refused',
        flink: 'DEBUG logs of a cluster of 2.3.0',
        where: ['src/flink/trace/conform-trace.ts', 'reports/trace-damages.md'],
        evidence: [whole('traces')],
        simplified: 'settings and wiring of the job are inferred from the trace',
      },
      {
        feature: 'DataStream programs: every row and every watermark',
        flink: 'the DataStream API',
        where: ['src/dataflow/index.ts', 'docs/what-is-modelled.md'],
        evidence: [whole('dataflow')],
        simplified: 'six named rules deviate where Flink loses data or a hash set decides',
      },
      {
        feature: 'Windows of all kinds, triggers, evictors, lateness',
        flink: 'WindowOperator, EvictingWindowOperator',
        where: ['src/dataflow/windowing/window-operator.ts', 'src/dataflow/windowing/merging-windows.ts'],
        evidence: [using('with a window', 'window', 'windowAll', 'countWindow')],
        bugs: ['window-state-leaks'],
        simplified: 'an evictor returns what stays, where that of Flink removes',
      },
      {
        feature: 'Interval join, window join, co-group',
        flink: 'IntervalJoinOperator, CoGroupedStreams',
        where: [
          'src/dataflow/interval-join.ts',
          'src/dataflow/joined-streams.ts',
          'src/dataflow/co-grouped-streams.ts',
        ],
        evidence: [using('with a join', 'intervalJoin', 'windowJoin', 'coGroup')],
        bugs: ['interval-join-cleaned-early'],
        simplified: 'nothing',
      },
      {
        feature: 'Keyed processing with state, timers and time to live; connected and broadcast streams',
        flink: 'KeyedProcessOperator, CoProcessOperator, CoBroadcastWithKeyedOperator',
        where: ['src/dataflow/operator.ts', 'src/dataflow/connected-streams.ts', 'src/cluster/state-backend.ts'],
        evidence: [using('with a script, or two inputs', 'script', 'coScript', 'coMap', 'broadcast')],
        bugs: ['restored-timer-lost', 'deleted-timer-fires', 'ttl-applied-twice', 'co-process-input-skipped'],
        simplified: 'timers of one time fire in the order of key and namespace',
      },
    ],
  },
]
