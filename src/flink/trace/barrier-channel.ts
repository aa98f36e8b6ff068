import { BARRIER, CANCEL } from '../../model/index.ts'

/** A barrier of one of the kinds of model/, or a cancellation. */
export interface Control {
  readonly kind: number
  readonly checkpoint: number
}
const isBarrier = ({ kind }: Control): boolean => kind !== CANCEL

/** The barriers and cancellations on their way from one task to another, in order. Records are not traced. */
export class BarrierChannel {
  #queue: Control[] = []

  clear(): void {
    this.#queue = []
  }
  send(control: Control): void {
    this.#queue.push(control)
  }
  /** Place of the next barrier, if it is that of this checkpoint; -1 if not. Cancellations may lie before it. */
  barrierAt(checkpoint: number): number {
    const at = this.#queue.findIndex(isBarrier)
    return this.#queue[at]?.checkpoint === checkpoint ? at : -1
  }
  /** Place of the cancellation of this checkpoint, unless a barrier lies before it; -1 if there is none. */
  cancellationAt(checkpoint: number): number {
    const at = this.#queue.findIndex((control) => isBarrier(control) || control.checkpoint === checkpoint)
    return at < 0 || isBarrier(this.#queue[at]!) ? -1 : at
  }
  /** Takes out what is at a place, and what has to be read before it: a barrier that may overtake leaves cancellations behind. */
  take(place: number): readonly Control[] {
    const { kind } = this.#queue[place]!
    const alone = kind !== BARRIER && kind !== CANCEL
    return alone ? this.#queue.splice(place, 1) : this.#queue.splice(0, place + 1)
  }
  /** What may be read next, for people. */
  describe(): readonly string[] {
    const [first] = this.#queue
    if (first === undefined) return []
    const barrier = this.#queue.find(isBarrier)
    return [
      ...(isBarrier(first) ? [] : [`cancel_barrier ${first.checkpoint}`]),
      ...(barrier === undefined ? [] : [`barrier ${barrier.checkpoint}`]),
    ]
  }
}
