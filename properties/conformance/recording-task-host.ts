import {
  type BARRIER,
  CANCEL,
  type CheckpointFailureReason,
  type TaskHost,
  type TaskProtocol,
} from '../../src/model/index.ts'

/** What a task's protocol asked for, in order. */
export type Asked = readonly [what: string, ...of: (number | string | readonly number[])[]]

/** A host that writes down what it is asked for, with senders that stop by themselves behind a barrier, as Flink's do. */
export class RecordingTaskHost implements TaskHost {
  log: Asked[] = []
  readonly phases: number[] = []
  /** Inputs whose sender waits to be resumed. */
  readonly stopped = new Set<number>()
  /** Snapshots that the mailbox has to take, in order. */
  readonly due: number[] = []
  running = true
  readonly inputs: number
  constructor(inputs: number) {
    this.inputs = inputs
  }
  block(input: number): void {
    this.stopped.add(input)
    this.log.push(['block', input])
  }
  unblock(input: number): void {
    this.stopped.delete(input)
    this.log.push(['resume', input])
  }
  broadcast(kind: typeof BARRIER | typeof CANCEL, checkpoint: number, _priority: boolean): void {
    this.log.push([kind === CANCEL ? 'cancel' : 'barrier', checkpoint])
  }
  requestSnapshot(checkpoint: number): void {
    this.due.push(checkpoint)
  }
  decline(checkpoint: number, reason: CheckpointFailureReason): void {
    this.log.push(['abort', checkpoint, reason])
  }
  prepareSnapshot(): void {
    // what operators do before a barrier is not what these tests are about
  }
  takeSnapshot(checkpoint: number): void {
    this.log.push(['snapshot', checkpoint])
  }
  startAsync(): void {
    // the test says when its bytes are ready
  }
  upload(checkpoint: number): void {
    this.log.push(['upload', checkpoint])
  }
  acknowledge(checkpoint: number): void {
    this.log.push(['ack', checkpoint])
  }
  discard(file: number): void {
    this.log.push(['discard', file])
  }
  checkpointComplete(checkpoint: number): void {
    this.log.push(['complete', checkpoint])
  }
  timer(delayUs: number, code: number, a: number): void {
    this.log.push(['timer', delayUs, code, a])
  }
  phase(code: number): void {
    this.phases.push(code)
  }
  /** What has been asked for since the last look. */
  take(): readonly Asked[] {
    const log = this.log
    this.log = []
    return log
  }
}

/** The mailbox comes to a snapshot that is due. @returns true if the task takes it */
export function takeDue(task: TaskProtocol, checkpoint: number): boolean {
  if (!task.onSnapshotDue(checkpoint)) return false
  task.subtask.prepared(checkpoint)
  task.onSnapshotTaken(checkpoint)
  return true
}
/** The same, and its asynchronous part ends well. */
export function takeAndStoreDue(task: TaskProtocol, checkpoint: number): boolean {
  if (!takeDue(task, checkpoint)) return false
  task.subtask.serialized(checkpoint)
  task.subtask.stored(checkpoint, 0)
  return true
}

/** Flink iterates a hash set when it resumes channels: a run of resumes has no order. */
export function withResumesSorted(asked: readonly Asked[]): readonly Asked[] {
  const sorted: Asked[] = []
  let run: Asked[] = []
  const endRun = () => {
    sorted.push(...run.sort((a, b) => Number(a[1]) - Number(b[1])))
    run = []
  }
  for (const one of asked) {
    if (one[0] === 'resume') run.push(one)
    else {
      endRun()
      sorted.push(one)
    }
  }
  endRun()
  return sorted
}
