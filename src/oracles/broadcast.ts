/**
 * Broadcast state is the same in every subtask of every completed checkpoint: all of them have seen the same broadcast elements
 * up to the cut. Without aligned barriers they need not have, so the contract must promise exactly-once state; where some copies of
 * an element may be in flight in a cut, those subtasks count to which none is.
 */
import { type CompletedCheckpoint, type Contract, digestOfBroadcasts, subtaskName } from '../model/index.ts'
import { finding, type Reporter, shapeOfCut, type World } from './world.ts'

export class BroadcastOracle {
  readonly #world: World
  readonly #reporter: Reporter
  /** Vertices of the job graph that are sent broadcast elements, and have more than one subtask. */
  readonly #specs: readonly number[]
  readonly #splits: boolean
  constructor(world: World, reporter: Reporter, contract: Contract) {
    this.#splits = contract.splitsBroadcasts === true
    this.#world = world
    this.#reporter = reporter
    const { edges } = world.graph
    this.#specs = [...new Set(edges.filter((e) => e.partitioner === 'broadcast').map((e) => e.to))].filter(
      (spec) => world.layout.bySpec[spec]!.length > 1,
    )
  }
  entryDurable(entry: CompletedCheckpoint): void {
    const { bySpec } = shapeOfCut(this.#world, entry)
    for (const spec of this.#specs) {
      const subtasks = this.#splits
        ? bySpec[spec]!.filter((vertex) => !this.#awaitsBroadcast(entry, vertex))
        : bySpec[spec]!
      const digests = subtasks.map((vertex) => this.#digest(entry.files[vertex]!))
      const other = digests.findIndex((digest) => digest !== digests[0])
      if (other < 0) continue
      const [a, b] = [subtasks[0]!, subtasks[other]!].map((vertex) => subtaskName(this.#world.layout.vertices[vertex]!))
      this.#reporter.report(
        finding(
          'state',
          'broadcast-differs',
          `In checkpoint ${entry.id}, the broadcast state of ${a} and of ${b} differ, although both have seen the same broadcast elements.`,
          { part: 'broadcast', expected: digests[0], actual: digests[other] },
        ),
      )
      return
    }
  }
  /** True if a broadcast element is in flight to a subtask. */
  #awaitsBroadcast(entry: CompletedCheckpoint, vertex: number): boolean {
    const { channels } = this.#world.layout
    const inFlight = this.#world.file(entry.files[vertex]!).content?.channels?.inputs
    for (const [channel, elements] of inFlight ?? [])
      if (channels[channel]!.partitioner === 'broadcast' && elements.some(({ kind }) => kind === 'record')) return true
    return false
  }
  #digest(file: number): number {
    const { content } = this.#world.file(file)
    return content === null ? 0 : digestOfBroadcasts(content.broadcasts)
  }
}
