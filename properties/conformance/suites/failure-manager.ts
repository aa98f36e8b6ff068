import {
  CHECKPOINT,
  type CheckpointFailureReason,
  REASON,
  SAVEPOINT,
  SYNC_SAVEPOINT,
} from '../../../src/model/index.ts'
import {
  CheckpointFailureManager,
  FAIL_JOB,
  FAIL_TASK,
  NO_TASK,
} from '../../../src/protocols/checkpoint-failure-manager.ts'
import { type Replayer, replaySteps } from '../replay-steps.ts'
import type { Outcome, Suite } from '../suite.ts'

/** data/vectors/SCHEMA.md, section 7. */
export interface FailureManagerCase {
  readonly id: string
  readonly tolerable: number
  readonly steps: readonly FailureManagerStep[]
}
interface FailureManagerStep {
  readonly ev:
    | readonly ['ok', checkpoint: number]
    | readonly ['fail', checkpoint: number, reason: CheckpointFailureReason, kind: 'cp' | 'sp' | 'ssp', byTask: boolean]
  readonly count: number
  readonly job?: 'job' | 'task'
}
const KIND = { cp: CHECKPOINT, sp: SAVEPOINT, ssp: SYNC_SAVEPOINT } as const
const SOME_ATTEMPT = 7

/** Flink: CheckpointFailureManager. */
export const failureManager: Suite = {
  name: 'failure_manager',
  replay: (line) => replayFailureManager(line as FailureManagerCase),
}

export function replayFailureManager({ tolerable, steps }: FailureManagerCase): Outcome {
  return replaySteps(steps, () => new FailureManagerReplayer(tolerable))
}

class FailureManagerReplayer implements Replayer<FailureManagerStep> {
  readonly #tolerable: number
  readonly #manager = new CheckpointFailureManager()
  constructor(tolerable: number) {
    this.#tolerable = tolerable
    this.#manager.reset()
  }
  expected({ count, job }: FailureManagerStep): object {
    return { count, ...(job === undefined ? {} : { job }) }
  }
  feed({ ev }: FailureManagerStep): object {
    if (ev[0] === 'ok') this.#manager.succeeded(ev[1])
    else {
      const [, checkpoint, reason, kind, byTask] = ev
      const blamed = byTask ? SOME_ATTEMPT : NO_TASK
      const verdict = this.#manager.failed(checkpoint, REASON[reason], KIND[kind], blamed, this.#tolerable)
      const job = verdict === FAIL_JOB ? 'job' : verdict === FAIL_TASK ? 'task' : undefined
      if (job !== undefined) return { count: this.#manager.continuous, job }
    }
    return { count: this.#manager.continuous }
  }
  states(): Readonly<Record<string, string>> {
    return {}
  }
}
