import type { CheckpointFailureReason } from '../../../src/model/index.ts'
import { ALIGNED, ALIGNED_WITH_TIMEOUT, UNALIGNED } from '../../../src/protocols/alignment-type.ts'
import { SubtaskCheckpointCoordinator } from '../../../src/protocols/subtask-checkpoint-coordinator.ts'
import { RecordingSubtaskHost } from '../recording-subtask-host.ts'
import type { Asked } from '../recording-task-host.ts'
import { type Replayer, replaySteps } from '../replay-steps.ts'
import type { Outcome, Suite } from '../suite.ts'

/** data/vectors/SCHEMA.md, section 11. */
export interface SubtaskCase {
  readonly id: string
  readonly maxRemembered: number
  readonly steps: readonly SubtaskStep[]
}
interface SubtaskStep {
  readonly ev:
    | readonly ['init' | 'trigger', checkpoint: number, kind: 'a' | 't' | 'u']
    | readonly ['abortBarrier', checkpoint: number, reason: CheckpointFailureReason]
    | readonly ['notifyAbort' | 'notifyComplete' | 'notifySubsumed' | 'async', checkpoint: number]
    | readonly ['fireTimer' | 'syncFail' | 'asyncFail' | 'notRunning']
  readonly acts?: readonly Asked[]
  readonly throws?: string
  /** Asynchronous parts that have not ended. */
  readonly inFlight: number
  /** Aborts that are remembered. */
  readonly remembered: number
}
const ALIGNMENT = { a: ALIGNED, t: ALIGNED_WITH_TIMEOUT, u: UNALIGNED } as const
/** More than any case has at once: the pool of the vectors has no end. */
const ASYNC_PARTS = 64
const FILE = 0

/** Flink: SubtaskCheckpointCoordinatorImpl and AsyncCheckpointRunnable. */
export const subtask: Suite = {
  name: 'subtask',
  replay: (line) => replaySubtask(line as SubtaskCase),
}

export function replaySubtask({ maxRemembered, steps }: SubtaskCase): Outcome {
  return replaySteps(steps, () => new SubtaskReplayer(maxRemembered))
}

class SubtaskReplayer implements Replayer<SubtaskStep> {
  readonly #host = new RecordingSubtaskHost()
  readonly #subtask: SubtaskCheckpointCoordinator
  /** The next snapshot fails in this part. */
  #syncFails = false
  #asyncFails = false
  /** Checkpoints whose asynchronous part fails. */
  readonly #failing = new Set<number>()
  constructor(maxRemembered: number) {
    const host = this.#host
    const options = { channelState: host, listener: host, maxRemembered, asyncParts: ASYNC_PARTS }
    this.#subtask = new SubtaskCheckpointCoordinator(host, 'task', {}, options)
    this.#subtask.reset(0)
  }
  expected({ acts = [], throws, inFlight, remembered }: SubtaskStep): object {
    return { acts, ...(throws === undefined ? {} : { throws }), inFlight, remembered }
  }
  feed({ ev }: SubtaskStep): object {
    const threw = this.#feed(ev)
    const { inFlight, aborted } = this.#subtask
    return {
      acts: this.#host.take(),
      ...(threw ? { throws: 'RuntimeException' } : {}),
      inFlight,
      remembered: aborted.length,
    }
  }
  /** True if the task hears an exception. */
  #feed(ev: SubtaskStep['ev']): boolean {
    const subtask = this.#subtask
    switch (ev[0]) {
      case 'init':
        subtask.initInputs(ev[1], ALIGNMENT[ev[2]])
        return false
      case 'trigger':
        subtask.trigger(ev[1], ALIGNMENT[ev[2]])
        return subtask.taking && this.#snapshot(ev[1])
      case 'abortBarrier':
        subtask.abortOnBarrier(ev[1], ev[2])
        return false
      case 'notifyAbort':
        subtask.notifyAborted(ev[1])
        return false
      case 'notifyComplete':
        subtask.notifyComplete(ev[1])
        return false
      case 'notifySubsumed':
        subtask.notifySubsumed(ev[1])
        return false
      case 'async':
        this.#runAsync(ev[1])
        return false
      case 'fireTimer':
        subtask.outputTimeout(subtask.timedCheckpoint)
        return false
      case 'syncFail':
        this.#syncFails = true
        return false
      case 'asyncFail':
        this.#asyncFails = true
        return false
      default:
        this.#host.running = false
        return false
    }
  }
  #snapshot(checkpoint: number): boolean {
    this.#subtask.prepared(checkpoint)
    if (this.#syncFails) {
      this.#syncFails = false
      this.#subtask.notTaken(checkpoint)
      return true
    }
    if (this.#asyncFails) this.#failing.add(checkpoint)
    this.#asyncFails = false
    this.#subtask.taken(checkpoint)
    return false
  }
  #runAsync(checkpoint: number): void {
    const host = this.#host
    this.#subtask.serialized(checkpoint)
    if (host.uploading !== checkpoint) return
    host.uploading = 0
    if (this.#failing.has(checkpoint)) this.#subtask.notStored(checkpoint, FILE)
    else this.#subtask.stored(checkpoint, FILE)
  }
  states(): Readonly<Record<string, string>> {
    return { 'subtask-checkpoint-coordinator': this.#subtask.describe(), ...this.#subtask.describeAsyncs() }
  }
}
