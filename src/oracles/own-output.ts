/** What sinks of users do to external systems, against the records that they were called with. */
import type { OwnSinkSpec } from '../dataflow/index.ts'
import type { Attempt, CompletedCheckpoint, ExternalChange } from '../model/index.ts'
import type { Branch, Ledger } from './ledger.ts'
import { OwnRows } from './own-rows.ts'
import { OwnUpserts } from './own-upserts.ts'
import { SinkHistory } from './sink-history.ts'
import { finding, type Reporter, type World } from './world.ts'

/** A part of a history: the first `upTo` records that a sink was called with on a branch. */
interface Extent {
  readonly branch: Branch
  readonly upTo: number
}

export class OwnOutput {
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  readonly #history: SinkHistory
  readonly #rows: OwnRows
  readonly #upserts: OwnUpserts
  /** Specs of the sinks of users, by vertex of the layout. */
  readonly #specs = new Map<number, OwnSinkSpec>()
  /** What each call hands over, by its number. */
  readonly #calls: Extent[] = []
  /** What committables stand for, by branch, vertex and checkpoint. */
  readonly #prepared = new Map<string, Extent>()

  constructor(world: World, ledger: Ledger, reporter: Reporter) {
    this.#ledger = ledger
    this.#reporter = reporter
    for (const { id, spec } of world.layout.vertices) {
      const { sink } = world.graph.vertices[spec]!
      if (sink?.kind === 'own') this.#specs.set(id, this.#asked(sink, world.graph.vertices[spec]!.uid))
    }
    const specOf = (vertex: number): OwnSinkSpec => this.#specs.get(vertex)!
    this.#history = new SinkHistory(ledger)
    this.#rows = new OwnRows(world, ledger, reporter, this.#history, specOf)
    this.#upserts = new OwnUpserts(world, ledger, reporter, this.#history, specOf)
  }
  reset(): void {
    this.#calls.length = 0
    this.#prepared.clear()
    this.#history.reset()
    this.#rows.reset()
    this.#upserts.reset()
  }
  judges(vertex: number): boolean {
    return this.#specs.has(vertex)
  }
  /** A sink is about to be called with a record. */
  received(branch: Branch, vertex: number, value: unknown): void {
    this.#rows.received(branch, vertex, value)
    this.#history.received(branch, vertex, value)
  }
  committablesMade(attempt: Attempt, checkpoint: number): void {
    this.#prepared.set(keyOf(attempt.branch, attempt.vertex, checkpoint), this.#now(attempt))
  }
  /** What a committer hands over, its writer had been called with when it made the committables, perhaps long ago. */
  calling(attempt: Attempt, call: number, committing: number): void {
    this.#calls[call] = (committing > 0 ? this.#made(attempt, committing) : undefined) ?? this.#now(attempt)
  }
  #made(attempt: Attempt, checkpoint: number): Extent | undefined {
    for (let b: Branch | null = this.#ledger.branchOf(attempt); b !== null; b = b.parent) {
      const made = this.#prepared.get(keyOf(b.id, attempt.vertex, checkpoint))
      if (made !== undefined) return made
    }
    return undefined
  }
  #now(attempt: Attempt): Extent {
    const branch = this.#ledger.branchOf(attempt)
    return { branch, upTo: branch.invocations[attempt.vertex]! }
  }
  changed(attempt: Attempt, call: number, change: ExternalChange): void {
    const { branch, upTo } = this.#calls[call]!
    if (change.what !== 'set') this.#rows.changed(attempt.vertex, branch, upTo, change)
    else if (this.#specs.get(attempt.vertex)?.shows.kind === 'upserts')
      this.#upserts.set({ attempt, branch, call, upTo }, change.key, change.value)
  }
  fork(branch: Branch): void {
    this.#rows.fork(branch)
  }
  committedWithin(newest: CompletedCheckpoint, kind: string): void {
    this.#rows.committedWithin(newest, kind)
  }
  quiet(): void {
    const vertices = [...this.#specs.keys()]
    this.#rows.quiet(vertices)
    this.#upserts.quiet(vertices)
  }
  /** The spec with a user's function that is called under guard: its errors are findings, and a record that it fails on shows nothing. */
  #asked(sink: OwnSinkSpec, uid: string): OwnSinkSpec {
    const { shows } = sink
    const guarded = <T>(body: () => T, nothing: T): T => {
      try {
        return body()
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error)
        this.#reporter.report(
          finding('user', 'threw', `The function that says what ${uid} shows of a record failed: ${what}.`, {
            class: 'user',
            part: uid,
          }),
        )
        return nothing
      }
    }
    switch (shows.kind) {
      case 'rows':
        return { ...sink, shows: { kind: 'rows', of: (value) => guarded(() => shows.of(value), []) } }
      case 'upserts':
        return { ...sink, shows: { kind: 'upserts', of: (value) => guarded(() => shows.of(value), ['', undefined]) } }
      default:
        return sink
    }
  }
}

const keyOf = (branch: number, vertex: number, checkpoint: number): string => `${branch} ${vertex} ${checkpoint}`
