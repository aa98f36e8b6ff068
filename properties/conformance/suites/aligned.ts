import { BARRIER, CANCEL } from '../../../src/model/index.ts'
import { AlignedTask } from '../../../src/protocols/aligned-task.ts'
import { type Asked, RecordingTaskHost, takeAndStoreDue, withResumesSorted } from '../recording-task-host.ts'
import { type Replayer, replaySteps } from '../replay-steps.ts'
import type { Suite } from '../suite.ts'

/** data/vectors/SCHEMA.md, section 1. */
export interface AlignedCase {
  readonly id: string
  readonly n: number
  /** An ended channel counts as having delivered its barrier. */
  readonly fin: boolean
  readonly steps: readonly AlignedStep[]
}
interface AlignedStep {
  readonly ev: readonly [what: 'b' | 'c' | 'e' | 'r' | 't', channelOrMs: number, idOrBytes?: number]
  readonly acts?: readonly Asked[]
  /** Inputs whose sender is stopped. */
  readonly blocked?: readonly number[]
  readonly cur: number
  readonly p: number
  /** The class of what was thrown; the case ends there. */
  readonly throws?: string
}

/** Flink: SingleCheckpointBarrierHandler.aligned. The metrics of a trigger are left out: the task keeps none. */
export const aligned: Suite = {
  name: 'aligned',
  replay(line) {
    const { n, fin, steps } = line as AlignedCase
    return replaySteps(steps, () => new AlignedReplayer(n, fin))
  },
}

class AlignedReplayer implements Replayer<AlignedStep> {
  readonly #host: RecordingTaskHost
  readonly #task: AlignedTask
  constructor(inputs: number, endsAlign: boolean) {
    this.#host = new RecordingTaskHost(inputs)
    this.#task = new AlignedTask(this.#host, 'task', {}, endsAlign)
    this.#task.reset(0)
  }
  expected({ acts = [], blocked = [], cur, p, throws }: AlignedStep): object {
    if (throws !== undefined) return { throws }
    return {
      acts: acts.map(([what, of, ...rest]) => (what === 'trigger' ? [what, of] : [what, of, ...rest])),
      blocked,
      cur,
      p,
    }
  }
  feed({ ev: [what, channel, checkpoint] }: AlignedStep): object {
    if (what === 'b') {
      this.#host.stopped.add(channel)
      this.#task.onControl(channel, BARRIER, checkpoint!)
    }
    if (what === 'c') this.#task.onControl(channel, CANCEL, checkpoint!)
    if (what === 'e') this.#task.onEndOfInput(channel)
    this.#settle()
    return {
      acts: withResumesSorted(this.#host.take().flatMap(ofTheHandler)),
      blocked: [...this.#host.stopped].sort((a, b) => a - b),
      cur: this.#task.current || -1,
      p: this.#task.arrived > 0 ? 1 : 0,
    }
  }
  /** The mailbox gets its turn: a snapshot that is due is taken. */
  #settle(): void {
    for (const id of this.#host.due.splice(0)) takeAndStoreDue(this.#task, id)
  }
  states(): Readonly<Record<string, string>> {
    return { 'aligned-task': this.#task.describe() }
  }
}

const OTHERS = ['barrier', 'cancel', 'upload', 'ack']
/** What goes downstream, and what becomes of the snapshot, is not the barrier handler's business. */
function ofTheHandler([act, ...of]: Asked): Asked[] {
  if (OTHERS.includes(act)) return []
  return [[act === 'snapshot' ? 'trigger' : act, ...of]]
}
