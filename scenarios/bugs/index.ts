/** The museum: bugs that are planted on purpose, most of them real ones, to prove that the oracles find them. */

import type { BugDefinition } from '../../src/check/index.ts'
import { acceptorForgetsPromise } from './acceptor-forgets-promise.ts'
import { ackBeforeDurable } from './ack-before-durable.ts'
import { alignmentDoesNotBlock } from './alignment-does-not-block.ts'
import { ambiguousWriteThenDelete } from './ambiguous-write-then-delete.ts'
import { arrivedDuringConversion } from './arrived-during-conversion.ts'
import { assignmentInFlightAtSnapshot } from './assignment-in-flight-at-snapshot.ts'
import { assignmentOvertakesSnapshot } from './assignment-overtakes-snapshot.ts'
import { backEdgeAligned } from './back-edge-aligned.ts'
import { barriersCountedAcrossCheckpoints } from './barriers-counted-across-checkpoints.ts'
import { barriersOvertakeBroadcast } from './barriers-overtake-broadcast.ts'
import { broadcastStateDiffers } from './broadcast-state-differs.ts'
import { channelRecordedFromWrongSide } from './channel-recorded-from-wrong-side.ts'
import { coProcessInputSkipped } from './co-process-input-skipped.ts'
import { commitAtSnapshot } from './commit-at-snapshot.ts'
import { completedBeforeStored } from './completed-before-stored.ts'
import { counterWrittenWithoutVersion } from './counter-written-without-version.ts'
import { deletedTimerFires } from './deleted-timer-fires.ts'
import { dropsOneEmissionIn64 } from './drops-one-emission-in-64.ts'
import { duplicateAckDeletesFile } from './duplicate-ack-deletes-file.ts'
import { fieldOutsideState } from './field-outside-state.ts'
import { fileRenamedEarly } from './file-renamed-early.ts'
import { highestAcceptedIgnored } from './highest-accepted-ignored.ts'
import { idCounterStaysSuspended } from './id-counter-stays-suspended.ts'
import { inFlightOutOfOrder } from './in-flight-out-of-order.ts'
import { intervalJoinCleanedEarly } from './interval-join-cleaned-early.ts'
import { lastTransactionNeverCommitted } from './last-transaction-never-committed.ts'
import { lateFailureOfOldAttempt } from './late-failure-of-old-attempt.ts'
import { leaseTrustedAcrossDrift } from './lease-trusted-across-drift.ts'
import { logBeginsLate } from './log-begins-late.ts'
import { logEndsAtFirstBarrier } from './log-ends-at-first-barrier.ts'
import { majorityOfDuplicates } from './majority-of-duplicates.ts'
import { markerAfterNextRecord } from './marker-after-next-record.ts'
import { noCancelMarker } from './no-cancel-marker.ts'
import { obsoleteBarrierTakenForBoundary } from './obsolete-barrier-taken-for-boundary.ts'
import { oldLeaderWrites } from './old-leader-writes.ts'
import { olderCheckpointOverwritesNewer } from './older-checkpoint-overwrites-newer.ts'
import { operatorStateRestoredEmpty } from './operator-state-restored-empty.ts'
import { ordersOfOldLeaderTaken } from './orders-of-old-leader-taken.ts'
import { ownSinkBroken } from './own-sink-broken.ts'
import { pauseFromTrigger } from './pause-from-trigger.ts'
import { recordingStoppedByAnotherMarker } from './recording-stopped-by-another-marker.ts'
import { recordsBeforeSnapshot } from './records-before-snapshot.ts'
import { restartFromEmpty } from './restart-from-empty.ts'
import { restartFromOlderCheckpoint } from './restart-from-older-checkpoint.ts'
import { restartIgnoresWriteInFlight } from './restart-ignores-write-in-flight.ts'
import { restartWithoutRestoredState } from './restart-without-restored-state.ts'
import { restoreAliasesSnapshot } from './restore-aliases-snapshot.ts'
import { restoredTimerLost } from './restored-timer-lost.ts'
import { restoredTimerWaitsForEnd } from './restored-timer-waits-for-end.ts'
import { retriedWriteTakenForConflict } from './retried-write-taken-for-conflict.ts'
import { savepointAnnouncedNotKept } from './savepoint-announced-not-kept.ts'
import { savepointBarrierOvertakes } from './savepoint-barrier-overtakes.ts'
import { savepointSubsumesCheckpoint } from './savepoint-subsumes-checkpoint.ts'
import { scheduleStopsAfterFailover } from './schedule-stops-after-failover.ts'
import { sendErrorSwallowed } from './send-error-swallowed.ts'
import { snapshotAliasesState } from './snapshot-aliases-state.ts'
import { snapshotOnFirstBarrier } from './snapshot-on-first-barrier.ts'
import { sourceRestoredTooFar } from './source-restored-too-far.ts'
import { sourceRestoredTooShort } from './source-restored-too-short.ts'
import { splitAssignedTwice } from './split-assigned-twice.ts'
import { staleCompletion } from './stale-completion.ts'
import { stateMutatedInPlace } from './state-mutated-in-place.ts'
import { statesRestoredCrosswise } from './states-restored-crosswise.ts'
import { storeClearedWithLeadership } from './store-cleared-with-leadership.ts'
import { suspendedWhileRestarting } from './suspended-while-restarting.ts'
import { suspensionTakenForEnd } from './suspension-taken-for-end.ts'
import { trackerTriggersOnFirstBarrier } from './tracker-triggers-on-first-barrier.ts'
import { triggerOutlivesCheckpoint } from './trigger-outlives-checkpoint.ts'
import { ttlAppliedTwice } from './ttl-applied-twice.ts'
import { unreadableCheckpointSkipped } from './unreadable-checkpoint-skipped.ts'
import { unreadableCheckpointsDeleted } from './unreadable-checkpoints-deleted.ts'
import { upsertStaleVersion } from './upsert-stale-version.ts'
import { windowStateLeaks } from './window-state-leaks.ts'
/** All of them: in the plumbing, which a careless oracle cannot see; in the protocol; in sinks and user code. */
export const bugs: readonly BugDefinition[] = [
  // in the plumbing, which a careless oracle cannot see
  sourceRestoredTooFar,
  sourceRestoredTooShort,
  operatorStateRestoredEmpty,
  restoreAliasesSnapshot,
  snapshotAliasesState,
  restartFromEmpty,
  restartFromOlderCheckpoint,
  dropsOneEmissionIn64,
  splitAssignedTwice,
  restoredTimerLost,
  restoredTimerWaitsForEnd,
  restartWithoutRestoredState,
  statesRestoredCrosswise,
  assignmentInFlightAtSnapshot,
  assignmentOvertakesSnapshot,
  storeClearedWithLeadership,
  oldLeaderWrites,
  // in the protocol
  snapshotOnFirstBarrier,
  trackerTriggersOnFirstBarrier,
  barriersCountedAcrossCheckpoints,
  alignmentDoesNotBlock,
  recordsBeforeSnapshot,
  olderCheckpointOverwritesNewer,
  obsoleteBarrierTakenForBoundary,
  inFlightOutOfOrder,
  savepointBarrierOvertakes,
  barriersOvertakeBroadcast,
  arrivedDuringConversion,
  channelRecordedFromWrongSide,
  markerAfterNextRecord,
  recordingStoppedByAnotherMarker,
  backEdgeAligned,
  logBeginsLate,
  logEndsAtFirstBarrier,
  noCancelMarker,
  staleCompletion,
  lateFailureOfOldAttempt,
  ackBeforeDurable,
  completedBeforeStored,
  ambiguousWriteThenDelete,
  duplicateAckDeletesFile,
  restartIgnoresWriteInFlight,
  savepointAnnouncedNotKept,
  retriedWriteTakenForConflict,
  counterWrittenWithoutVersion,
  acceptorForgetsPromise,
  highestAcceptedIgnored,
  majorityOfDuplicates,
  leaseTrustedAcrossDrift,
  suspensionTakenForEnd,
  suspendedWhileRestarting,
  ordersOfOldLeaderTaken,
  unreadableCheckpointSkipped,
  unreadableCheckpointsDeleted,
  savepointSubsumesCheckpoint,
  triggerOutlivesCheckpoint,
  idCounterStaysSuspended,
  scheduleStopsAfterFailover,
  pauseFromTrigger,
  // in operators
  deletedTimerFires,
  intervalJoinCleanedEarly,
  coProcessInputSkipped,
  ttlAppliedTwice,
  broadcastStateDiffers,
  windowStateLeaks,
  // in sinks and user code
  commitAtSnapshot,
  lastTransactionNeverCommitted,
  sendErrorSwallowed,
  fieldOutsideState,
  stateMutatedInPlace,
  ownSinkBroken,
  upsertStaleVersion,
  fileRenamedEarly,
]
