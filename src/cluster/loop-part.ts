/**
 * What a subtask does as part of a loop.
 *
 * A feedback edge never makes its sender wait: what finds no room in the channel is kept here, without a limit. Otherwise a loop
 * whose channels are full would wait for itself for ever. Flink: the queue between StreamIterationTail and StreamIterationHead.
 */
import type { LayoutChannel, LayoutVertex } from '../model/index.ts'
import { kindOf, RECORD } from './element.ts'
import { ElementQueue } from './element-queue.ts'
import { LoopRounds } from './loop-rounds.ts'
import type { Emissions } from './outbox.ts'

export class LoopPart implements Emissions {
  readonly rounds: LoopRounds
  /** Inputs that come from outside of the loop. */
  readonly outside: number
  /** What waits to be sent on feedback edges, by output; those before them are not here. */
  readonly queues: readonly ElementQueue[]
  /** Outputs before the feedback edges, and their channels. */
  readonly forward: number
  /** By output: whether it leads to a subtask of the loop. */
  readonly inLoop: readonly boolean[]
  readonly isHead: boolean
  readonly #others: Emissions

  /** @param others takes what leaves on other edges */
  constructor({ inputs, outputs }: LayoutVertex, channels: readonly LayoutChannel[], others: Emissions) {
    const own = inputs.filter((c) => channels[c]!.loop === true)
    this.isHead = own.some((c) => channels[c]!.feedback === true)
    this.outside = inputs.length - own.length
    this.rounds = new LoopRounds(inputs.length, own.length, this.isHead)
    this.inLoop = outputs.map((c) => channels[c]!.loop === true)
    const back = outputs.filter((c) => channels[c]!.feedback === true)
    this.forward = outputs.length - back.length
    this.queues = back.map(() => new ElementQueue())
    this.#others = others
  }
  /** A new attempt begins. */
  reset(): void {
    for (const queue of this.queues) queue.clear()
    this.rounds.reset()
  }
  push(output: number, item: number): void {
    if (kindOf(item) === RECORD && this.inLoop[output]!) this.rounds.recordSent()
    if (output < this.forward) this.#others.push(output, item)
    else this.queues[output - this.forward]!.push(item)
  }
  /** True if nothing waits to be sent on a feedback edge. */
  get sent(): boolean {
    for (let i = 0; i < this.queues.length; i += 1) if (this.queues[i]!.length > 0) return false
    return true
  }
}
