/** What sinks of users do to external systems, against the records that they were called with. */
import type { OwnSinkSpec } from '../dataflow/index.ts'
import type { Attempt, CompletedCheckpoint, ExternalChange } from '../model/index.ts'
import type { Branch, Ledger } from './ledger.ts'
import { OwnRows } from './own-rows.ts'
import { OwnUpserts } from './own-upserts.ts'
import { SinkHistory } from './sink-history.ts'
import { finding, type Reporter, type World } from './world.ts'

export class OwnOutput {
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  readonly #history: SinkHistory
  readonly #rows: OwnRows
  readonly #upserts: OwnUpserts
  /** Specs of the sinks of users, by vertex of the layout. */
  readonly #specs = new Map<number, OwnSinkSpec>()
  /** Records that the sink had been called with, by number of the call. */
  readonly #calls: number[] = []

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
  calling(attempt: Attempt, call: number): void {
    this.#calls[call] = this.#ledger.branchOf(attempt).invocations[attempt.vertex]!
  }
  changed(attempt: Attempt, call: number, change: ExternalChange): void {
    const upTo = this.#calls[call]!
    if (change.what !== 'set') this.#rows.changed(attempt.vertex, this.#ledger.branchOf(attempt), upTo, change)
    else if (this.#specs.get(attempt.vertex)?.shows.kind === 'upserts')
      this.#upserts.set(attempt, call, upTo, change.key, change.value)
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
