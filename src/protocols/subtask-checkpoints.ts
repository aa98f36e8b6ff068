import { cells, fields } from '../kernel/index.ts'

/** Abort notices remembered for checkpoints that have not been seen. Flink: maxRecordAbortedCheckpoints. */
const REMEMBERED = 8

/**
 * What a task knows of checkpoints besides its barriers: which are behind it, which were aborted before they came, which are
 * complete. Flink: SubtaskCheckpointCoordinatorImpl.
 */
export class SubtaskCheckpoints extends fields({
  /** The newest checkpoint snapshotted or given up; Flink: lastCheckpointId. */
  last: 'int',
  /** The newest checkpoint known as complete; Flink: latestReportCheckpointId, which starts at the restored one. */
  confirmed: 'int',
  aborted: cells(REMEMBERED),
  nextAborted: 'int',
}) {
  reset(restored: number): void {
    this.last = restored
    this.confirmed = 0
    this.aborted.fill(0)
    this.nextAborted = 0
  }
  /** An abort notice. Returns true if the checkpoint was taken here, so that its asynchronous part is to be stopped. */
  noticeAbort(checkpoint: number): boolean {
    if (checkpoint <= this.last) return true
    this.aborted.set(this.nextAborted, checkpoint)
    this.nextAborted = (this.nextAborted + 1) % REMEMBERED
    return false
  }
  /** A completion notice. Returns true if it is news: each checkpoint once, in rising order. */
  noticeComplete(checkpoint: number): boolean {
    if (checkpoint <= this.confirmed) return false
    this.confirmed = checkpoint
    return true
  }
  isOutOfOrder(checkpoint: number): boolean {
    return checkpoint <= this.last
  }
  /** True if its abort was noticed before its barriers came. */
  isAborted(checkpoint: number): boolean {
    for (let i = 0; i < REMEMBERED; i += 1) if (this.aborted.at(i) === checkpoint) return true
    return false
  }
  /** Its snapshot is taken now. */
  take(checkpoint: number): void {
    this.last = checkpoint
  }
  /** This checkpoint is given up here, and every older one with it. */
  giveUp(checkpoint: number): void {
    if (checkpoint > this.last) this.last = checkpoint
  }
}
