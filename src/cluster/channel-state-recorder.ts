/**
 * What checkpoints of one task hold of its channels, while it is being written. It is complete once the inputs have their last
 * barriers and no barrier waits in an output that could still overtake what lies before it. Flink: ChannelStateWriterImpl, and the
 * futures of timeoutable barriers in PipelinedSubpartition.
 */
import type { ChannelState, InFlightElement } from '../model/index.ts'
import type { ClusterParts } from './parts.ts'

interface Written {
  readonly inputs: Map<number, InFlightElement[]>
  /** By input channel: how many of its elements lay in it when the checkpoint began. */
  readonly queued: Map<number, number>
  readonly outputs: Map<number, InFlightElement[]>
  /** True from the begin of the checkpoint on the inputs to their last barrier. */
  inputsOpen: boolean
  /** Outputs in which its barrier waits and may still overtake. */
  waiting: number
  /** What was written is of no use: the checkpoint is given up. */
  failed: boolean
}
const NOTHING: Written['inputs'] = new Map()

export class ChannelStateRecorder {
  readonly #written = new Map<number, Written>()
  readonly #placeOf: ClusterParts['placeInChannelState']

  constructor({ placeInChannelState }: Pick<ClusterParts, 'placeInChannelState'>) {
    this.#placeOf = placeInChannelState
  }

  clear(): void {
    this.#written.clear()
  }
  start(checkpoint: number): void {
    this.#written.set(checkpoint, {
      inputs: new Map(),
      queued: new Map(),
      outputs: new Map(),
      inputsOpen: false,
      waiting: 0,
      failed: false,
    })
  }
  openInputs(checkpoint: number): void {
    const written = this.#written.get(checkpoint)
    if (written !== undefined) written.inputsOpen = true
  }
  /** What comes from now on lies behind the barriers of the checkpoint, and of all older ones. */
  closeInputs(checkpoint: number): void {
    const written = this.#written.get(checkpoint)
    if (written !== undefined) written.inputsOpen = false
  }
  barrierWaits(checkpoint: number): void {
    const written = this.#written.get(checkpoint)
    if (written !== undefined) written.waiting += 1
  }
  /** It has been sent behind what lay before it, or has overtaken that. */
  barrierGone(checkpoint: number): void {
    const written = this.#written.get(checkpoint)
    if (written !== undefined && written.waiting > 0) written.waiting -= 1
  }
  /** @param arriving true if it arrives just now, false if it lay in the channel when the checkpoint began */
  persistInput(channel: number, checkpoint: number, element: InFlightElement, arriving: boolean): void {
    const written = this.#written.get(checkpoint)
    if (written === undefined) return
    const queued = written.queued.get(channel) ?? 0
    if (!arriving) written.queued.set(channel, queued + 1)
    const elements = elementsOf(written.inputs, channel)
    elements.splice(this.#placeOf(arriving, queued, elements.length), 0, element)
  }
  persistOutput(channel: number, checkpoint: number, element: InFlightElement): void {
    const written = this.#written.get(checkpoint)
    if (written !== undefined) elementsOf(written.outputs, channel).push(element)
  }
  /** True if nothing is missing any more, also if nothing was ever begun. */
  isSettled(checkpoint: number): boolean {
    const written = this.#written.get(checkpoint)
    return written === undefined || written.failed || (!written.inputsOpen && written.waiting === 0)
  }
  hasFailed(checkpoint: number): boolean {
    return this.#written.get(checkpoint)?.failed === true
  }
  /** @param asked true if somebody will still ask for it */
  abort(checkpoint: number, asked: boolean): void {
    const written = this.#written.get(checkpoint)
    if (written === undefined) return
    written.failed = true
    if (!asked) this.#written.delete(checkpoint)
  }
  forget(checkpoint: number): void {
    this.#written.delete(checkpoint)
  }
  /** What was written, and nobody asks again; null if nothing was in flight. */
  take(checkpoint: number): ChannelState | null {
    const { inputs = NOTHING, outputs = NOTHING } = this.#written.get(checkpoint) ?? {}
    this.#written.delete(checkpoint)
    return inputs.size === 0 && outputs.size === 0 ? null : { inputs, outputs }
  }
}
function elementsOf(channels: Map<number, InFlightElement[]>, channel: number): InFlightElement[] {
  let elements = channels.get(channel)
  if (elements === undefined) {
    elements = []
    channels.set(channel, elements)
  }
  return elements
}
