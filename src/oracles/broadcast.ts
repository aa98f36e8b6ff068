/**
 * Broadcast state is the same in every subtask of every completed checkpoint: all of them have seen the same broadcast elements
 * up to the cut. Without aligned barriers they need not have, so the contract must promise exactly-once state.
 */
import { type CompletedCheckpoint, digestOfBroadcasts } from '../model/index.ts'
import { finding, type Reporter, shapeOfCut, type World } from './world.ts'

export class BroadcastOracle {
  readonly #world: World
  readonly #reporter: Reporter
  /** Vertices of the job graph that are sent broadcast elements, and have more than one subtask. */
  readonly #specs: readonly number[]
  constructor(world: World, reporter: Reporter) {
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
      const subtasks = bySpec[spec]!
      const digests = subtasks.map((vertex) => this.#digest(entry.files[vertex]!))
      const other = digests.findIndex((digest) => digest !== digests[0])
      if (other < 0) continue
      const { uid } = this.#world.layout.vertices[subtasks[0]!]!
      this.#reporter.report(
        finding(
          'state',
          'broadcast-differs',
          `In checkpoint ${entry.id}, the broadcast state of ${uid}[0] and of ${uid}[${other}] differ, although both have seen the same broadcast elements.`,
          { part: 'broadcast', expected: digests[0], actual: digests[other] },
        ),
      )
      return
    }
  }
  #digest(file: number): number {
    const { content } = this.#world.file(file)
    return content === null ? 0 : digestOfBroadcasts(content.broadcasts)
  }
}
