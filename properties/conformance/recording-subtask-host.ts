import {
  type BARRIER,
  CANCEL,
  type ChannelStateHost,
  type CheckpointFailureReason,
  type SubtaskHost,
} from '../../src/model/index.ts'
import type { SubtaskListener } from '../../src/protocols/subtask-listener.ts'
import type { Asked } from './recording-task-host.ts'

/** Writes down what a subtask's checkpoints ask for, by the names that the vectors have for it. */
export class RecordingSubtaskHost implements SubtaskHost, ChannelStateHost, SubtaskListener {
  running = true
  /** Checkpoint whose bytes are to be stored, 0: none. */
  uploading = 0
  #log: Asked[] = []

  /** What has been asked for since the last look. */
  take(): readonly Asked[] {
    const log = this.#log
    this.#log = []
    return log
  }
  #put(...asked: Asked): void {
    this.#log.push(asked)
  }

  prepareSnapshot(checkpoint: number): void {
    this.#put('preBarrier', checkpoint)
  }
  broadcast(kind: typeof BARRIER | typeof CANCEL, checkpoint: number, priority: boolean): void {
    this.#put(kind === CANCEL ? 'sendCancel' : 'sendBarrier', checkpoint, priority ? 1 : 0)
  }
  takeSnapshot(checkpoint: number): void {
    this.#put('snapshot', checkpoint)
  }
  startAsync(): void {
    // its thread runs when the case says so
  }
  upload(checkpoint: number): void {
    this.uploading = checkpoint
  }
  acknowledge(checkpoint: number): void {
    this.#put('ack', checkpoint)
  }
  discard(file: number): void {
    this.#put('discard', file)
  }
  decline(checkpoint: number, reason: CheckpointFailureReason): void {
    this.#put('decline', checkpoint, reason)
  }
  checkpointComplete(checkpoint: number): void {
    this.#put('opComplete', checkpoint)
  }

  start(checkpoint: number): void {
    this.#put('csStart', checkpoint)
  }
  persistInputs(checkpoint: number): void {
    this.#put('inputSnapshot', checkpoint)
  }
  finishInputs(checkpoint: number): void {
    this.#put('csFinishInput', checkpoint)
  }
  finishOutputs(checkpoint: number): void {
    this.#put('csFinishOutput', checkpoint)
  }
  takeResult(checkpoint: number): void {
    this.#put('csResult', checkpoint)
  }
  abort(checkpoint: number, cleanup: boolean): void {
    this.#put('csAbort', checkpoint, cleanup ? 1 : 0)
  }
  armOutputTimer(): void {
    this.#put('timer')
  }
  disarmOutputTimer(): void {
    this.#put('untimer')
  }
  timeOutOutputs(checkpoint: number): void {
    this.#put('outTimeout', checkpoint)
  }
  abortOutputs(checkpoint: number): void {
    this.#put('outAbort', checkpoint)
  }

  operatorsAborted(checkpoint: number): void {
    this.#put('opAborted', checkpoint)
  }
  operatorsSubsumed(checkpoint: number): void {
    this.#put('opSubsumed', checkpoint)
  }
  localComplete(checkpoint: number): void {
    this.#put('localComplete', checkpoint)
  }
  localAborted(checkpoint: number): void {
    this.#put('localAborted', checkpoint)
  }
  incomplete(checkpoint: number): void {
    this.#put('incomplete', checkpoint)
  }
}
