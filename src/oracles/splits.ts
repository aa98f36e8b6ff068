/** Each split is a sequence of positions with exactly one owner at each moment, read from its start to its end. */
import { type Attempt, subtaskName } from '../model/index.ts'
import { describeOwner, ENUMERATOR, FINISHED, inFlight, type Ledger, reader, type SplitGhost } from './ledger.ts'
import { finding, type Reporter, type World } from './world.ts'

export class SplitsOracle {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  constructor(world: World, ledger: Ledger, reporter: Reporter) {
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
  }
  #report(kind: string, message: string): void {
    this.#reporter.report(finding('splits', kind, message))
  }
  #name(attempt: Attempt): string {
    return subtaskName(this.#world.layout.vertices[attempt.vertex]!)
  }
  #ghost(attempt: Attempt, split: number): SplitGhost {
    return this.#ledger.branchOf(attempt).splits.get(this.#world.layout.vertices[attempt.vertex]!.spec)![split]!
  }
  assigned(branch: number, source: number, split: number, subtask: number): void {
    const ghost = this.#ledger.branches[branch]!.splits.get(source)![split]!
    if (ghost.owner !== ENUMERATOR)
      this.#report(
        'assigned-while-owned',
        `Split ${split} was assigned to reader ${subtask} while it belonged to ${describeOwner(ghost.owner)}.`,
      )
    ghost.owner = inFlight(subtask)
  }
  added(attempt: Attempt, split: number): void {
    const { subtask } = this.#world.layout.vertices[attempt.vertex]!
    const ghost = this.#ghost(attempt, split)
    if (ghost.owner !== inFlight(subtask))
      this.#report(
        'added-without-assignment',
        `${this.#name(attempt)} took split ${split}, which belonged to ${describeOwner(ghost.owner)}.`,
      )
    ghost.owner = reader(subtask)
    ghost.position = 0
  }
  read(attempt: Attempt, split: number, position: number): void {
    const { subtask } = this.#world.layout.vertices[attempt.vertex]!
    const ghost = this.#ghost(attempt, split)
    if (ghost.owner !== reader(subtask))
      this.#report(
        'read-by-non-owner',
        `${this.#name(attempt)} read split ${split}, which belongs to ${describeOwner(ghost.owner)}.`,
      )
    else if (position !== ghost.position)
      this.#reporter.report(
        finding(
          'splits',
          position > ghost.position ? 'gap' : 'repeat',
          `${this.#name(attempt)} read position ${position} of split ${split}, but position ${ghost.position} is the next one of this history.`,
          { expected: ghost.position, actual: position },
        ),
      )
    ghost.position = position + 1
  }
  finished(attempt: Attempt, split: number): void {
    const { spec, subtask } = this.#world.layout.vertices[attempt.vertex]!
    const ghost = this.#ghost(attempt, split)
    const length = this.#world.splitLengths(spec)[split]!
    if (ghost.position !== length)
      this.#report(
        'finished-early',
        `${this.#name(attempt)} finished split ${split} at position ${ghost.position} of ${length}.`,
      )
    ghost.owner = FINISHED
    ghost.finishedBy = subtask
  }
  /** The reset has to give back exactly the splits that no reader of the restored cut owns or has finished. */
  reset(branch: number, source: number, unassigned: readonly number[]): void {
    const ghosts = this.#ledger.branches[branch]!.splits.get(source)!
    const seen = new Set<number>()
    for (const split of unassigned) {
      if (ghosts[split]!.owner !== ENUMERATOR || seen.has(split)) {
        this.#report(
          'owned-twice-after-reset',
          `After the restore, the enumerator has split ${split}, which belongs to ${seen.has(split) ? 'it already' : describeOwner(ghosts[split]!.owner)}.`,
        )
        return
      }
      seen.add(split)
    }
    ghosts.forEach((ghost, split) => {
      if (ghost.owner === ENUMERATOR && !seen.has(split))
        this.#report('lost-after-reset', `After the restore, split ${split} belongs to nobody.`)
    })
  }
  quiet(): void {
    for (const [source, ghosts] of this.#ledger.live.splits)
      ghosts.forEach((ghost, split) => {
        const length = this.#world.splitLengths(source)[split]!
        if (ghost.owner !== FINISHED || ghost.position !== length)
          this.#report(
            'not-read-to-the-end',
            `The job finished, but split ${split} was read up to ${ghost.position} of ${length} and belongs to ${describeOwner(ghost.owner)}.`,
          )
      })
  }
}
