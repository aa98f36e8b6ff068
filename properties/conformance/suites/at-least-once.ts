import { BARRIER, CANCEL } from '../../../src/model/index.ts'
import { AtLeastOnceTask } from '../../../src/protocols/at-least-once-task.ts'
import { type Asked, RecordingTaskHost, takeAndStoreDue } from '../recording-task-host.ts'
import { type Replayer, replaySteps } from '../replay-steps.ts'
import type { Outcome, Suite } from '../suite.ts'

/** data/vectors/SCHEMA.md, section 2. */
export interface AtLeastOnceCase {
  readonly id: string
  readonly n: number
  /** An ended channel counts as having delivered its barrier. */
  readonly fin: boolean
  readonly steps: readonly AtLeastOnceStep[]
}
interface AtLeastOnceStep {
  readonly ev: readonly [what: 'b' | 'c' | 'e' | 'r' | 't', channelOrMs: number, idOrBytes?: number]
  readonly acts?: readonly Asked[]
  /** Checkpoints that are being counted, oldest first. */
  readonly pend?: readonly number[]
  readonly cur: number
  readonly p: number
}

/** Flink: CheckpointBarrierTracker. The metrics of a trigger are left out: the task keeps none. */
export const atLeastOnce: Suite = {
  name: 'at_least_once',
  replay: (line) => replayAtLeastOnce(line as AtLeastOnceCase),
}

function replayAtLeastOnce({ n, fin, steps }: AtLeastOnceCase): Outcome {
  return replaySteps(steps, () => new AtLeastOnceReplayer(n, fin))
}

class AtLeastOnceReplayer implements Replayer<AtLeastOnceStep> {
  readonly #host: RecordingTaskHost
  readonly #task: AtLeastOnceTask
  constructor(inputs: number, endsCount: boolean) {
    this.#host = new RecordingTaskHost(inputs)
    this.#task = new AtLeastOnceTask(this.#host, 'task', {}, endsCount)
    this.#task.reset(0)
  }
  expected({ acts = [], pend = [], cur, p }: AtLeastOnceStep): object {
    return {
      acts: acts.map(([what, of, ...rest]) => (what === 'trigger' ? [what, of] : [what, of, ...rest])),
      pend,
      cur,
      p,
    }
  }
  feed({ ev: [what, channel, checkpoint] }: AtLeastOnceStep): object {
    if (what === 'b') this.#task.onControl(channel, BARRIER, checkpoint!)
    if (what === 'c') this.#task.onControl(channel, CANCEL, checkpoint!)
    if (what === 'e') this.#task.onEndOfInput(channel)
    this.#settle()
    const { pending } = this.#task
    return {
      // what goes downstream is the task's business, not the barrier handler's
      acts: this.#host.take().filter(([act]) => act === 'trigger' || act === 'abort'),
      pend: Array.from({ length: pending.length }, (_, place) => pending.ids.at(place)),
      cur: pending.newest,
      p: pending.length > 0 ? 1 : 0,
    }
  }
  /** The mailbox gets its turn. The tracker triggers; whether the task then takes the snapshot is not its business. */
  #settle(): void {
    for (const id of this.#host.due.splice(0)) {
      this.#host.log.push(['trigger', id])
      takeAndStoreDue(this.#task, id)
    }
  }
  states(): Readonly<Record<string, string>> {
    return { 'at-least-once-task': this.#task.describe() }
  }
}
