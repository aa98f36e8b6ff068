/**
 * What reports/fidelity.md is made of; its figures are measured. Source of the rows: issue 6, and facts/flink-behaviour.md, each
 * item of which belongs to a row.
 */
import {
  aborting,
  configured,
  doing,
  ending,
  failing,
  fedIn,
  feeding,
  operatorState,
  readIn,
  stepping,
  those,
  using,
  whole,
  windowed,
} from './evidence.ts'
import type { Chapter, LeftOut } from './feature.ts'

const HANDLERS = ['aligned', 'at_least_once', 'unaligned', 'alternating'] as const
const GATES = ['unaligned', 'alternating'] as const
const STAYS =
  'in a check every task stays until a checkpoint after its last record is complete, so that no input ends before its job does'

export const chapters: readonly Chapter[] = [
  {
    title: 'Barriers',
    features: [
      {
        feature: 'Aligned, exactly once: inputs block, the task is triggered before they resume',
        flink: 'SingleCheckpointBarrierHandler.aligned',
        where: ['src/protocols/aligned-task.chart.ts', 'src/protocols/aligned-task.ts'],
        evidence: [whole('aligned')],
        bugs: ['snapshot-on-first-barrier', 'alignment-does-not-block', 'records-before-snapshot'],
        simplified: 'nothing but metrics, see the end',
      },
      {
        feature: 'An obsolete barrier resumes its channel',
        flink: 'SingleCheckpointBarrierHandler',
        where: ['src/protocols/aligned-task.ts'],
        evidence: [
          stepping('aligned', 'with an obsolete barrier', ({ ev: [what, channel], acts = [] }) => {
            const did = (act: string) =>
              acts.some(([name, on]) => name === act && (on === channel || act === 'trigger'))
            return what === 'b' && did('resume') && !did('block') && !did('trigger')
          }),
        ],
        facts: [1],
        simplified: 'nothing',
      },
      {
        feature: 'A newer barrier subsumes the pending checkpoint',
        flink: 'CHECKPOINT_DECLINED_SUBSUMED',
        where: ['src/protocols/aligned-task.ts', 'src/protocols/unaligned-task.ts'],
        evidence: ['aligned', ...GATES].map((suite) =>
          aborting(suite, 'with a subsumed one', 'CHECKPOINT_DECLINED_SUBSUMED'),
        ),
        simplified: 'nothing',
      },
      {
        feature: 'Cancellation: what it aborts, what it drops without notice, when it does not count',
        flink: 'CancelCheckpointMarker',
        where: ['src/protocols/aligned-task.chart.ts', 'src/protocols/unaligned-task.chart.ts'],
        evidence: [
          ...HANDLERS.map((suite) => feeding(suite, 'with a cancellation', 'c')),
          stepping(
            'aligned',
            'of a newer one than is pending',
            ({ ev }, before) => ev[0] === 'c' && before?.p === 1 && (ev[2] as number) > before.cur!,
          ),
          stepping(
            'alternating',
            'of one that is only announced, ignored',
            ({ acts = [], cur, p }) =>
              p === 1 &&
              acts.some(([, what, , id]) => what === 'c' && id === cur) &&
              acts.every(([what]) => what !== 'abort'),
          ),
        ],
        bugs: ['no-cancel-marker'],
        facts: [2, 3],
        simplified: 'nothing',
      },
      {
        feature: 'End of partition: a barrier, or an abort where finished tasks are not supported',
        flink: 'EndOfPartitionEvent',
        where: ['src/protocols/aligned-task.chart.ts', 'src/protocols/unaligned-task.chart.ts'],
        evidence: HANDLERS.flatMap((suite) => [
          ending(suite, 'ends count as barriers', true),
          ending(suite, 'ends abort', false),
        ]),
        facts: [4],
        simplified: STAYS,
      },
      {
        feature:
          'At least once: barriers are counted, nothing blocks; 50 pending ids at most; fast path of one channel',
        flink: 'CheckpointBarrierTracker',
        where: ['src/protocols/at-least-once-task.chart.ts', 'src/protocols/barrier-counts.ts'],
        evidence: [
          whole('at_least_once'),
          stepping('at_least_once', 'with 50 pending', ({ pend = [] }) => pend.length === 50),
          stepping(
            'at_least_once',
            'an aborted one stays in the queue',
            ({ acts = [], p }) => p === 1 && acts.some(([act]) => act === 'abort'),
          ),
        ],
        bugs: ['tracker-triggers-on-first-barrier', 'barriers-counted-across-checkpoints'],
        facts: [13, 14, 15, 16],
        simplified: 'nothing but metrics, see the end',
      },
      {
        feature: 'Unaligned: barriers overtake; a start is refused if a channel has a newer barrier',
        flink: 'SingleCheckpointBarrierHandler.unaligned',
        where: ['src/protocols/unaligned-task.chart.ts', 'src/protocols/unaligned-task.ts'],
        evidence: [
          whole('unaligned'),
          ...GATES.map((suite) => aborting(suite, 'with a refused start', 'CHECKPOINT_SUBSUMED')),
        ],
        bugs: ['older-checkpoint-overwrites-newer'],
        facts: [10],
        simplified:
          'a record is one buffer; which of several inputs is read next is given by the case, while a check has an order of its own',
      },
      {
        feature: 'Aligned with timeout: announcements, timer, barriers moved to the front',
        flink: 'SingleCheckpointBarrierHandler.alternating',
        where: ['src/protocols/unaligned-task.chart.ts', 'src/cluster/receive-queue.ts'],
        evidence: [
          whole('alternating'),
          doing('alternating', 'the timer fires', ([act]) => act === 'fire'),
          doing('alternating', 'a barrier moves to the front', ([act]) => act === 'toPriority'),
          stepping('alternating', 'an announcement aborts an older one', ({ acts = [] }) =>
            readIn(acts).some(([[, what], ...did]) => what === 'ann' && did.some(([act]) => act === 'abort')),
          ),
          stepping('alternating', 'an end of partition switches', ({ acts = [] }) =>
            readIn(acts).some(
              ([[, what], ...did]) => what === 'e' && did.some(([act, , kind]) => act === 'init' && kind === 'u'),
            ),
          ),
        ],
        facts: [5, 6, 7, 8, 9],
        simplified: 'the timeout is drawn for each run',
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
        evidence: [
          whole('channel_state_persister'),
          stepping('channel_state_persister', 'a start is refused', (step) => 'throws' in step),
        ],
        bugs: ['obsolete-barrier-taken-for-boundary', 'older-checkpoint-overwrites-newer'],
        facts: [31],
        simplified: 'written with the state of the task, not into files that tasks share',
      },
      {
        feature: 'Records before the barrier are persisted, and on arrival those whose channel has no barrier yet',
        flink: 'RemoteInputChannel',
        where: ['src/cluster/receive-queue.ts', 'src/cluster/in-flight.ts'],
        evidence: [
          ...GATES.map((suite) => doing(suite, 'with channel state', ([act]) => act === 'persist')),
          ...GATES.map((suite) =>
            stepping(
              suite,
              'of records that arrive late',
              ({ ev, acts = [] }) => ev[0] === 'r' && acts.some(([act]) => act === 'persist'),
            ),
          ),
        ],
        bugs: ['in-flight-out-of-order'],
        facts: [11],
        simplified: 'nothing',
      },
      {
        feature: 'A barrier overtakes what an output holds, and that becomes channel state',
        flink: 'PipelinedSubpartition',
        where: ['src/cluster/in-flight.ts', 'src/protocols/subtask-checkpoint-coordinator.ts'],
        evidence: [
          doing('subtask', 'a priority barrier goes out', ([act, , prio]) => act === 'sendBarrier' && prio === 1),
          doing('subtask', 'an output times out', ([act]) => act === 'outTimeout'),
        ],
        tests: ['properties/oracles/in-flight.test.ts'],
        simplified: 'an output is a queue of elements for each channel, without buffers and their sizes',
      },
      {
        feature: 'Restore: what was in flight comes back in order, before anything new',
        flink: 'RecoveredInputChannel',
        where: ['src/cluster/in-flight.ts', 'src/cluster/redistribute-channels.ts'],
        evidence: [],
        tests: [
          'properties/oracles/in-flight.test.ts',
          'properties/oracles/in-flight-watermarks.test.ts',
          'properties/check/rescale.test.ts',
        ],
        bugs: ['in-flight-out-of-order', 'older-checkpoint-overwrites-newer'],
        simplified: 'at another parallelism, watermarks that were in flight are made anew',
      },
      {
        feature: 'Forced alignment: nothing is overtaken where an edge is pointwise or a broadcast',
        flink: 'StreamGraphGenerator',
        where: ['src/cluster/overtakable-edges.ts'],
        evidence: [],
        tests: ['properties/oracles/in-flight.test.ts'],
        bugs: ['barriers-overtake-broadcast'],
        simplified: 'nothing',
      },
      {
        feature: 'Savepoint barriers never overtake',
        flink: 'CheckpointOptions.AlignmentType',
        where: ['src/protocols/alignment-type.ts'],
        evidence: GATES.map((suite) =>
          stepping(suite, 'with an aligned barrier', ({ ev }) =>
            fedIn(ev).some(([what, , , kind]) => what === 'b' && kind === 'a'),
          ),
        ),
        tests: ['properties/check/savepoint.test.ts'],
        bugs: ['savepoint-barrier-overtakes'],
        simplified: 'nothing; savepoints are asked for where `--faults` or the scenario names them',
      },
    ],
  },
  {
    title: 'Checkpoint coordinator',
    features: [
      {
        feature: 'Which request is next, which waits, which is dropped; several at once',
        flink: 'CheckpointRequestDecider',
        where: ['src/protocols/checkpoint-request-decider.ts', 'src/protocols/checkpoint-trigger.chart.ts'],
        evidence: [
          whole('coordinator'),
          stepping('coordinator', 'requests wait', ({ q = 0 }) => q > 0),
          configured('with several at once', ({ maxConcurrent }) => maxConcurrent > 1),
        ],
        tests: ['properties/protocols/checkpoint-request-decider.test.ts'],
        bugs: ['trigger-outlives-checkpoint'],
        facts: [18],
        simplified: 'nothing',
      },
      {
        feature: 'Minimum pause, from the last completion',
        flink: 'CheckpointRequestDecider',
        where: ['src/protocols/checkpoint-request-decider.ts', 'src/protocols/checkpoint-schedule.ts'],
        evidence: [configured('with a pause', ({ minPause }) => minPause > 0)],
        bugs: ['pause-from-trigger'],
        facts: [17],
        simplified: 'nothing',
      },
      {
        feature: 'Schedule at a fixed rate, first delay, start and stop; what is due at one time',
        flink: 'CheckpointCoordinator.startCheckpointScheduler',
        where: ['src/protocols/checkpoint-schedule.ts', 'src/protocols/checkpoint-coordinator.chart.ts'],
        evidence: [feeding('coordinator', 'with a start', 'start'), feeding('coordinator', 'with a stop', 'stop')],
        tests: ['properties/protocols/checkpoint-schedule.test.ts'],
        bugs: ['schedule-stops-after-failover'],
        facts: [19, 30],
        simplified: 'the first delay is a decision of the run, within the bounds that Flink draws from',
      },
      {
        feature: 'A backlog of the sources changes the interval',
        flink: 'CheckpointCoordinator.setIsProcessingBacklog',
        where: ['src/protocols/checkpoint-schedule.ts'],
        evidence: [feeding('coordinator', 'with a backlog', 'backlog')],
        facts: [28],
        simplified: 'no source reports a backlog in a check',
      },
      {
        feature: 'Acknowledgements: first, duplicate, late, of another attempt',
        flink: 'PendingCheckpoint',
        where: ['src/protocols/pending-checkpoint.chart.ts', 'src/protocols/pending-checkpoint.ts'],
        evidence: [
          feeding('coordinator', 'with an acknowledgement', 'ack', 'ackFin', 'ackOld'),
          feeding('coordinator', 'of an old attempt', 'ackOld'),
          stepping('coordinator', 'refused', ({ ret }) => ret === false),
        ],
        bugs: ['duplicate-ack-deletes-file'],
        facts: [21],
        simplified: 'nothing',
      },
      {
        feature: 'Timeout',
        flink: 'CheckpointCoordinator.CheckpointCanceller',
        where: ['src/protocols/pending-checkpoint.chart.ts'],
        evidence: [failing('with an expiry', 'CHECKPOINT_EXPIRED')],
        simplified: 'nothing',
      },
      {
        feature: 'Decline, of any attempt; aborts of all that is pending',
        flink: 'CheckpointCoordinator.receiveDeclineMessage',
        where: ['src/protocols/checkpoint-coordinator.ts', 'src/protocols/pending-checkpoint.ts'],
        evidence: [
          feeding('coordinator', 'with a decline', 'dec', 'decOld'),
          failing(
            'pending ones suspended, or aborted by a failover',
            'CHECKPOINT_COORDINATOR_SUSPEND',
            'JOB_FAILOVER_REGION',
          ),
          feeding('coordinator', 'aborted from outside', 'abortAll'),
        ],
        facts: [22],
        simplified: 'nothing',
      },
      {
        feature: 'Subsumption by a newer completion; retained checkpoints',
        flink: 'CheckpointSubsumeHelper, StandaloneCompletedCheckpointStore',
        where: ['src/protocols/completed-checkpoint-queue.ts', 'src/cluster/completed-checkpoint-store.ts'],
        evidence: [
          failing('pending ones subsumed', 'CHECKPOINT_SUBSUMED'),
          stepping('coordinator', 'completed ones subsumed', ({ nc = [] }) => nc.some(([, subsumed]) => subsumed > 0)),
          configured('more than one is retained', ({ retained }) => retained > 1),
        ],
        tests: ['properties/protocols/completed-checkpoint-queue.test.ts'],
        simplified: 'nothing',
      },
      {
        feature: 'A failure to store, or to trigger',
        flink: 'CheckpointCoordinator.completePendingCheckpoint',
        where: ['src/protocols/checkpoint-coordinator.ts', 'src/protocols/checkpoint-trigger.chart.ts'],
        evidence: [
          failing('the store fails', 'FINALIZE_CHECKPOINT_FAILURE'),
          failing('triggering fails', 'TRIGGER_CHECKPOINT_FAILURE', 'IO_EXCEPTION'),
        ],
        tests: ['properties/protocols/coordinator.test.ts'],
        bugs: ['completed-before-stored', 'ambiguous-write-then-delete'],
        facts: [29],
        simplified: 'nothing',
      },
      {
        feature: 'Notices of completion and abort: to whom, with which ids',
        flink: 'CheckpointCoordinator.sendAcknowledgeMessages, sendAbortedMessages',
        where: ['src/protocols/checkpoint-coordinator.ts'],
        evidence: [
          stepping('coordinator', 'of completion', ({ nc = [] }) => nc.length > 0),
          stepping('coordinator', 'of aborts', ({ na = [] }) => na.length > 0),
        ],
        bugs: ['stale-completion'],
        facts: [23],
        simplified: 'nothing',
      },
      {
        feature: 'Savepoints, asynchronous and synchronous: queue, slots, never subsumed',
        flink: 'CheckpointCoordinator.triggerSavepoint',
        where: ['src/protocols/checkpoint-request.ts', 'src/protocols/checkpoint-request-decider.ts'],
        evidence: [
          feeding('coordinator', 'with a savepoint', 'sp', 'ssp'),
          feeding('coordinator', 'with a synchronous one', 'ssp'),
        ],
        bugs: ['savepoint-subsumes-checkpoint', 'savepoint-announced-not-kept'],
        facts: [20],
        simplified:
          'asked for where `--faults` or the scenario names them; none ends the job; nobody restores from one',
      },
      {
        feature: 'Failure manager: which reasons count, against what tolerance',
        flink: 'CheckpointFailureManager',
        where: ['src/protocols/checkpoint-failure-manager.ts'],
        evidence: [
          whole('failure_manager'),
          stepping('failure_manager', 'the job fails', ({ job }) => job !== undefined),
          stepping('coordinator', 'the job fails', ({ job }) => job !== undefined),
        ],
        tests: ['properties/protocols/checkpoint-failure-manager.test.ts'],
        facts: [24],
        simplified: 'nothing',
      },
      {
        feature: 'Checkpoints after some or all tasks have finished (FLIP-147)',
        flink: 'DefaultCheckpointPlanCalculator',
        where: ['src/protocols/checkpoint-plan.ts'],
        evidence: [feeding('coordinator', 'with a finished task', 'fin')],
        tests: ['properties/protocols/checkpoint-plan.test.ts'],
        facts: [25, 26, 27],
        simplified: STAYS,
      },
      {
        feature: 'Restore of the newest checkpoint',
        flink: 'CheckpointCoordinator.restoreLatestCheckpointedStateToAll',
        where: ['src/protocols/checkpoint-coordinator.ts', 'src/protocols/recover-newest.ts'],
        evidence: [stepping('coordinator', 'with a failover', ({ restored }) => restored !== undefined)],
        tests: ['properties/protocols/coordinator.test.ts'],
        bugs: [
          'restart-from-empty',
          'restart-from-older-checkpoint',
          'restart-without-restored-state',
          'restart-ignores-write-in-flight',
        ],
        simplified: 'nothing',
      },
      {
        feature: 'A new leader reads the store; the old one is fenced',
        flink: 'DefaultCompletedCheckpointStoreUtils, CheckpointIDCounter',
        where: ['src/protocols/recover-newest.ts', 'src/cluster/completed-checkpoint-store.ts'],
        evidence: [],
        tests: ['properties/cluster/cluster.test.ts', 'properties/oracles/judge.test.ts'],
        bugs: [
          'unreadable-checkpoint-skipped',
          'unreadable-checkpoints-deleted',
          'old-leader-writes',
          'store-cleared-with-leadership',
          'suspension-taken-for-end',
          'id-counter-stays-suspended',
        ],
        simplified: 'one linearizable store; sessions and quorums are not modelled',
      },
    ],
  },
  {
    title: 'Tasks',
    features: [
      {
        feature: 'A snapshot: preparation, barrier, channel state, copy, asynchronous part, acknowledgement',
        flink: 'SubtaskCheckpointCoordinatorImpl, AsyncCheckpointRunnable',
        where: ['src/protocols/subtask-checkpoint-coordinator.chart.ts', 'src/protocols/async-checkpoint.chart.ts'],
        evidence: [whole('subtask')],
        bugs: ['snapshot-aliases-state', 'ack-before-durable'],
        facts: [36],
        simplified: 'no threads: an asynchronous part ends after a drawn time, and 16 at most are under way',
      },
      {
        feature: 'Failures of either part: exception, or decline',
        flink: 'AsyncCheckpointRunnable',
        where: ['src/protocols/async-checkpoint.chart.ts', 'src/protocols/async-checkpoint.ts'],
        evidence: [
          feeding('subtask', 'the synchronous part fails', 'syncFail'),
          feeding('subtask', 'the asynchronous part fails', 'asyncFail'),
        ],
        simplified: 'nothing',
      },
      {
        feature: 'Aborts before the barrier are remembered, within a bound; later ones cancel the asynchronous part',
        flink: 'SubtaskCheckpointCoordinatorImpl.notifyCheckpointAborted',
        where: ['src/protocols/subtask-checkpoint-coordinator.ts'],
        evidence: [
          feeding('subtask', 'with a notice', 'notifyAbort'),
          those<{ readonly maxRemembered: number; readonly steps: readonly { readonly remembered: number }[] }>(
            'subtask',
            'the bound is reached',
            ({ maxRemembered, steps }) => steps.some(({ remembered }) => remembered >= maxRemembered),
          ),
          doing('subtask', 'a part is cancelled', ([act]) => act === 'incomplete'),
        ],
        bugs: ['no-cancel-marker'],
        simplified: 'nothing',
      },
      {
        feature: 'Notices to operators, with attempt ids',
        flink: 'CheckpointListener, StreamTask.notifyCheckpointCompleteAsync',
        where: ['src/protocols/subtask-listener.ts', 'src/cluster/task.ts'],
        evidence: [
          doing('subtask', 'of completion', ([act]) => act === 'opComplete'),
          doing('subtask', 'of aborts', ([act]) => act === 'opAborted'),
          doing('subtask', 'of subsumption', ([act]) => act === 'opSubsumed'),
        ],
        bugs: ['stale-completion'],
        simplified: 'in a check operators hear of completion only; there is no local state',
      },
    ],
  },
  {
    title: 'Failover, and state at another parallelism',
    features: [
      {
        feature: 'Restart strategies: fixed delay, failure rate, exponential delay',
        flink: 'RestartBackoffTimeStrategy',
        where: ['src/cluster/restart-strategy/restart-backoff-of.ts'],
        evidence: [whole('restart_strategies')],
        tests: ['properties/cluster/restart-strategy/restart-backoff.test.ts'],
        facts: [34],
        simplified:
          'the delay begins when the last task has ended, not with the failure; no overflow from the 92nd restart in a row on',
      },
      {
        feature: 'Who restarts with whom',
        flink: 'RestartPipelinedRegionFailoverStrategy',
        where: ['src/cluster/failover-region.ts'],
        evidence: [whole('failover_region')],
        facts: [35],
        simplified: 'the cases pass, but a check restarts the whole job',
      },
      {
        feature: 'Failures are those of an attempt',
        flink: 'ExecutionAttemptID',
        where: ['src/cluster/job-manager.chart.ts', 'src/cluster/job-manager.ts'],
        evidence: [],
        tests: ['properties/cluster/cluster.test.ts'],
        bugs: ['late-failure-of-old-attempt'],
        simplified: 'nothing',
      },
      {
        feature: 'Hashes of keys, key groups and their ranges',
        flink: 'KeyGroupRangeAssignment',
        where: ['src/model/key-group.ts'],
        evidence: [
          those<{ readonly kind: string }>('key_groups', 'of hashes', ({ kind }) => kind === 'hash'),
          those<{ readonly kind: string }>('key_groups', 'of ranges', ({ kind }) => kind === 'ranges'),
        ],
        facts: [33],
        simplified: 'nothing',
      },
      {
        feature: 'Keyed state by key groups',
        flink: 'StateAssignmentOperation',
        where: ['src/cluster/keyed-state-assignment.ts'],
        evidence: [those<{ readonly kind: string }>('key_groups', 'of keyed state', ({ kind }) => kind === 'keyed')],
        tests: ['properties/cluster/keyed-state-assignment.test.ts', 'properties/cluster/redistribute-state.test.ts'],
        bugs: ['states-restored-crosswise'],
        simplified: 'nothing',
      },
      {
        feature: 'List, union and broadcast state',
        flink: 'RoundRobinOperatorStateRepartitioner',
        where: ['src/cluster/operator-state-repartitioner.ts'],
        evidence: [
          operatorState('of list state', 'S'),
          operatorState('of union state', 'U'),
          operatorState('of broadcast state', 'B'),
        ],
        tests: ['properties/cluster/operator-state-repartitioner.test.ts'],
        bugs: ['operator-state-restored-empty', 'broadcast-state-differs'],
        facts: [32],
        simplified: 'jobs have no union state',
      },
    ],
  },
  {
    title: 'A whole cluster',
    features: [
      {
        feature: 'Checkpoint events of real runs are accepted, damaged ones refused',
        flink: 'DEBUG logs of a cluster of 2.3.0',
        where: ['src/flink/trace/conform-trace.ts', 'reports/trace-damages.md'],
        evidence: [whole('traces')],
        simplified: 'settings and wiring of the job are inferred from the trace',
      },
      {
        feature: 'Sources: splits, an enumerator, readers (FLIP-27)',
        flink: 'SourceCoordinator',
        where: ['src/cluster/split-enumerator.ts', 'src/cluster/source-runtime.ts'],
        evidence: [],
        tests: ['properties/oracles/judge.test.ts'],
        bugs: [
          'split-assigned-twice',
          'assignment-overtakes-snapshot',
          'assignment-in-flight-at-snapshot',
          'source-restored-too-far',
          'source-restored-too-short',
        ],
        simplified: 'no splits that are discovered later, no watermark alignment',
      },
      {
        feature: 'Sinks: two-phase commit (FLIP-143), files, upserts',
        flink: 'SinkWriterOperator, CommitterOperator',
        where: ['src/cluster/sink-runtime.ts', 'src/cluster/transactional-log.ts', 'src/cluster/simulated-objects.ts'],
        evidence: [],
        tests: ['properties/cluster/transactional-log.test.ts', 'properties/cluster/own-sink-runtime.test.ts'],
        bugs: [
          'commit-at-snapshot',
          'last-transaction-never-committed',
          'send-error-swallowed',
          'file-renamed-early',
          'upsert-stale-version',
        ],
        simplified: 'writer and committer are one task; no global committer, no compaction',
      },
    ],
  },
  {
    title: 'What programs compute',
    features: [
      {
        feature: 'DataStream programs: every row, every watermark',
        flink: 'DataStream API',
        where: ['src/dataflow/index.ts', 'docs/what-is-modelled.md'],
        evidence: [whole('dataflow')],
        simplified: 'six named rules deviate where Flink loses data or a hash set decides',
      },
      {
        feature: 'Watermarks: strategies, merging, idleness',
        flink: 'WatermarkStrategy, StatusWatermarkValve',
        where: [
          'src/dataflow/watermark-strategy.ts',
          'src/cluster/watermark-valve.ts',
          'src/cluster/input-watermarks.ts',
        ],
        evidence: [
          using('several inputs', 'union', 'intervalJoin', 'windowJoin', 'coGroup', 'coScript', 'coMap', 'broadcast'),
          using('watermarks assigned in the middle', 'assign'),
          those<{ readonly input: readonly object[] }>('dataflow', 'an input is idle', ({ input }) =>
            input.some((entry) => 'idle' in entry),
          ),
        ],
        tests: ['properties/cluster/idle-source.test.ts'],
        simplified: 'periodic watermarks come with every third element, not by the clock',
      },
      {
        feature: 'Windows: time, session, global, count',
        flink: 'WindowOperator',
        where: ['src/dataflow/windowing/window-operator.ts', 'src/dataflow/windowing/merging-windows.ts'],
        evidence: [using('with a window', 'window', 'windowAll', 'countWindow')],
        bugs: ['window-state-leaks'],
        simplified: 'nothing but the named rules',
      },
      {
        feature: 'Triggers, evictors, lateness',
        flink: 'Trigger, EvictingWindowOperator',
        where: ['src/dataflow/windowing/window-operator.ts'],
        evidence: [
          windowed('with a trigger', 'trigger'),
          windowed('with an evictor', 'evictor'),
          windowed('with allowed lateness', 'lateness'),
          windowed('with a late side output', 'late'),
        ],
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
        evidence: [
          using('with an interval join', 'intervalJoin'),
          using('with a window join', 'windowJoin'),
          using('with a co-group', 'coGroup'),
        ],
        bugs: ['interval-join-cleaned-early'],
        simplified: 'nothing',
      },
      {
        feature: 'Keyed state and timers; rolling aggregations',
        flink: 'KeyedProcessOperator, InternalTimerServiceImpl',
        where: ['src/dataflow/process-operator.ts', 'src/cluster/state-backend.ts', 'src/cluster/timer-queue.ts'],
        evidence: [
          using('with a script of state and timers', 'script', 'coScript', 'sorter'),
          using('rolling', 'agg', 'reduce'),
        ],
        tests: ['properties/cluster/timer-queue.test.ts'],
        bugs: [
          'restored-timer-lost',
          'restored-timer-waits-for-end',
          'deleted-timer-fires',
          'restore-aliases-snapshot',
        ],
        simplified: 'timers of one time fire in the order of key and namespace',
      },
      {
        feature: 'State with a time to live',
        flink: 'StateTtlConfig',
        where: ['src/dataflow/state-ttl.ts', 'src/dataflow/state-access.ts'],
        evidence: [],
        tests: ['properties/dataflow/state-access.test.ts'],
        bugs: ['ttl-applied-twice'],
        simplified: 'what has expired goes when it is met; nothing cleans up in the background',
      },
      {
        feature: 'Connected and broadcast streams',
        flink: 'KeyedCoProcessOperator, CoBroadcastWithKeyedOperator',
        where: ['src/dataflow/connected-streams.ts', 'src/dataflow/broadcast-stream.ts'],
        evidence: [using('connected', 'coScript', 'coMap'), using('with a broadcast stream', 'broadcast')],
        bugs: ['co-process-input-skipped', 'broadcast-state-differs'],
        simplified: 'broadcast state is read in the order of its encoded keys',
      },
    ],
  },
]

export const leftOut: readonly LeftOut[] = [
  {
    what: 'The metrics of a checkpoint that a barrier handler hands over: duration of the alignment, bytes read meanwhile, start delay. The suites do not compare them.',
    facts: [12],
  },
  {
    what: 'In a check: savepoints and stop with savepoint, the restart of a region, tasks that leave before their job does, a backlog of sources. The rules are there and agree with Flink, see above.',
  },
  {
    what: 'In a check, at another parallelism: sinks of the user.',
  },
  { what: 'State backends on disk, incremental and changelog state, local recovery, serializers.' },
  { what: 'Buffers: their sizes and timeouts, debloating, records that span two of them.' },
]
