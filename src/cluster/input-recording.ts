/**
 * Inputs that are recorded as they are read: what of them is in flight in the cut of a checkpoint is what its receiver reads
 * between its own snapshot and the marker that the sender has put behind what it sent before its snapshot.
 *
 * ```
 *   receiver   ...read...| snapshot |...read, and recorded...| marker read |...read...
 *   sender     ......sent......| snapshot, marker |......sent......
 * ```
 *
 * Several checkpoints may record the same input at once, each for itself.
 */
import type { Attempt, ChannelState, ChannelStateHost, LayoutVertex, RecordedInputs } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import { hasPayload } from './element.ts'
import { SavedChannels, type SavingTask } from './saved-channels.ts'

export class InputRecording implements ChannelStateHost, RecordedInputs {
  readonly saved: SavedChannels
  readonly #vertex: LayoutVertex
  /** By input: checkpoints that record it. */
  readonly #recording: number[][]
  /** How many of them there are, over all inputs. */
  #open = 0

  constructor(context: ClusterContext, vertex: LayoutVertex, task: SavingTask) {
    this.#vertex = vertex
    this.saved = new SavedChannels(context, vertex, task)
    this.#recording = vertex.inputs.map(() => [])
  }
  clear(): void {
    this.saved.clear()
    this.#stopAll()
  }
  drop(): void {
    this.saved.drop()
    this.#stopAll()
  }
  #stopAll(): void {
    for (const checkpoints of this.#recording) checkpoints.length = 0
    this.#open = 0
  }

  /** An element has been taken out of its channel, and is going to be handed over. */
  read(input: number, item: number): void {
    if (this.#open === 0 || !hasPayload(item)) return
    for (const checkpoint of this.#recording[input]!) this.saved.persistInput(input, checkpoint, item, true)
  }

  // what the protocol asks for
  start(checkpoint: number): void {
    this.saved.recorder.start(checkpoint)
    this.saved.recorder.openInputs(checkpoint)
  }
  recordInput(checkpoint: number, input: number): void {
    this.#recording[input]!.push(checkpoint)
    this.#open += 1
  }
  stopRecording(checkpoint: number, input: number): void {
    const checkpoints = this.#recording[input]!
    const at = checkpoints.indexOf(checkpoint)
    if (at < 0) return
    checkpoints.splice(at, 1)
    this.#open -= 1
  }
  closeRecording(checkpoint: number): void {
    for (let input = 0; input < this.#recording.length; input += 1) this.stopRecording(checkpoint, input)
    this.saved.recorder.closeInputs(checkpoint)
    this.saved.settle(checkpoint)
  }
  abort(checkpoint: number): void {
    this.saved.abort(checkpoint)
  }
  persistInputs(): void {
    // what lies in the inputs is recorded when it is read
  }
  finishInputs(): void {
    // they are finished with their last marker
  }
  finishOutputs(): void {
    // what has been emitted is in flight until its receiver reads it
  }
  takeResult(): void {
    // the bytes are made once all of it is there
  }
  armOutputTimer(): void {
    // no barrier overtakes
  }
  disarmOutputTimer(): void {
    // none is armed
  }
  timeOutOutputs(): void {
    // none is armed
  }
  abortOutputs(): void {
    // the marker goes out where it stands
  }

  // restore
  restore({ inputs }: ChannelState, attempt: Attempt): void {
    this.saved.restoreInputs(inputs, attempt)
  }
  contents(): ChannelState {
    return { inputs: this.saved.contentsOf(this.saved.recovered, this.#vertex.inputs), outputs: new Map() }
  }
}
