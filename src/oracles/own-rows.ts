/**
 * Rows that sinks of users show, in logs and in visible objects. A row is shown only when the newest durable cut of its history
 * holds all records that the sink had been called with when it handed the row over; no record's rows are shown more often than
 * the record came; when all is quiet, every record's rows are there. What rows a record makes, the job says apart from its sink.
 */
import type { OwnSinkSpec } from '../dataflow/index.ts'
import { hashValue } from '../kernel/index.ts'
import { type CompletedCheckpoint, type ExternalChange, isVisibleName, subtaskName } from '../model/index.ts'
import type { Branch, Ledger } from './ledger.ts'
import type { SinkHistory } from './sink-history.ts'
import { finding, type Reporter, type World } from './world.ts'

/** A transaction or an object: what was put into it, and by whom. */
interface Ghost {
  readonly vertex: number
  readonly branch: Branch
  /** Records that the sink had been called with at the last call that added something. */
  upTo: number
  readonly rows: unknown[]
}

export class OwnRows {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  readonly #history: SinkHistory
  readonly #specOf: (vertex: number) => OwnSinkSpec
  readonly #transactions = new Map<string, Ghost>()
  readonly #objects = new Map<string, { readonly path: string; readonly ghost: Ghost }>()
  /** Per vertex: how often each row is shown, by hash. */
  readonly #shown = new Map<number, Map<number, number>>()
  /** Per vertex: records that what is shown reaches to. */
  readonly #shownUpTo = new Map<number, number>()
  /** By branch and vertex: how often each row is due, by hash. */
  readonly #due: Map<number, Map<number, number>>[] = []
  #timedOut = 0

  constructor(
    world: World,
    ledger: Ledger,
    reporter: Reporter,
    history: SinkHistory,
    specOf: (vertex: number) => OwnSinkSpec,
  ) {
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
    this.#history = history
    this.#specOf = specOf
  }
  reset(): void {
    this.#transactions.clear()
    this.#objects.clear()
    this.#shown.clear()
    this.#shownUpTo.clear()
    this.#due.length = 0
    this.#timedOut = 0
  }
  #name(vertex: number): string {
    return subtaskName(this.#world.layout.vertices[vertex]!)
  }
  #rowsOf(vertex: number, value: unknown): readonly unknown[] {
    const { shows } = this.#specOf(vertex)
    return shows.kind === 'rows' ? shows.of(value as never) : []
  }
  #dueOn(branch: Branch, vertex: number): Map<number, number> {
    let byVertex = this.#due[branch.id]
    if (byVertex === undefined) {
      byVertex = new Map()
      this.#due[branch.id] = byVertex
    }
    let due = byVertex.get(vertex)
    if (due === undefined) {
      due = new Map()
      for (const value of this.#history.values(branch, vertex))
        for (const row of this.#rowsOf(vertex, value)) add(due, hashValue(row), 1)
      byVertex.set(vertex, due)
    }
    return due
  }
  /** Before the history has it. */
  received(branch: Branch, vertex: number, value: unknown): void {
    const due = this.#dueOn(branch, vertex)
    for (const row of this.#rowsOf(vertex, value)) add(due, hashValue(row), 1)
  }

  /** @param upTo records that the sink had been called with when it made the call */
  changed(vertex: number, branch: Branch, upTo: number, change: ExternalChange): void {
    switch (change.what) {
      case 'appended': {
        const name = `${change.system} ${change.transaction}`
        const ghost = this.#transactions.get(name)
        if (ghost === undefined) this.#transactions.set(name, { vertex, branch, upTo, rows: [change.row] })
        else {
          ghost.rows.push(change.row)
          ghost.upTo = upTo
        }
        return
      }
      case 'committed': {
        const ghost = this.#transactions.get(`${change.system} ${change.transaction}`)
        if (ghost !== undefined) this.#show(ghost)
        return
      }
      case 'lost':
        this.#lost(vertex, change.system, change.transaction, change.timedOut)
        return
      case 'stored': {
        const rows = Array.isArray(change.content) ? change.content : [change.content]
        this.#remove(change.system, change.path)
        this.#place(change.system, change.path, { vertex, branch, upTo, rows })
        return
      }
      case 'renamed': {
        const ghost = this.#remove(change.system, change.path)
        if (ghost !== undefined) this.#place(change.system, change.to, ghost)
        return
      }
      case 'deleted':
        this.#remove(change.system, change.path)
        return
      default:
    }
  }
  #place(system: string, path: string, ghost: Ghost): void {
    this.#objects.set(`${system} ${path}`, { path, ghost })
    if (isVisibleName(path)) this.#show(ghost)
  }
  #remove(system: string, path: string): Ghost | undefined {
    const name = `${system} ${path}`
    const ghost = this.#objects.get(name)?.ghost
    this.#objects.delete(name)
    if (ghost !== undefined && isVisibleName(path))
      for (const row of ghost.rows) add(this.#shownBy(ghost.vertex), hashValue(row), -1)
    return ghost
  }
  #shownBy(vertex: number): Map<number, number> {
    let shown = this.#shown.get(vertex)
    if (shown === undefined) {
      shown = new Map()
      this.#shown.set(vertex, shown)
    }
    return shown
  }
  #lost(vertex: number, system: string, transaction: string, timedOut: boolean): void {
    if (timedOut) {
      this.#timedOut += 1
      this.#reporter.assumption('transaction-timeout-over-outage')
      return
    }
    const rows = this.#transactions.get(`${system} ${transaction}`)?.rows.length ?? 0
    if (rows > 0 && this.#specOf(vertex).guarantee === 'exactly-once')
      this.#report(
        'commit-of-aborted',
        `${this.#name(vertex)} tried to commit ${transaction}, which was aborted: its ${rows} rows are lost`,
      )
  }
  #show(ghost: Ghost): void {
    const { vertex, branch, rows, upTo } = ghost
    if (rows.length === 0) return
    const { guarantee, shows } = this.#specOf(vertex)
    const shown = this.#shownBy(vertex)
    for (const row of rows) add(shown, hashValue(row), 1)
    if (guarantee === 'at-least-once') return
    this.#shownUpTo.set(vertex, Math.max(this.#shownUpTo.get(vertex) ?? 0, upTo))
    this.#requireCover(vertex, branch, upTo)
    if (shows.kind !== 'rows') return
    const due = this.#dueOn(branch, vertex)
    const dueNow = this.#dueOn(this.#ledger.live, vertex)
    for (const row of rows) {
      const hash = hashValue(row)
      const most = Math.max(due.get(hash) ?? 0, dueNow.get(hash) ?? 0)
      const times = shown.get(hash)!
      if (times <= most) continue
      this.#report(
        most === 0 ? 'foreign-row' : 'row-shown-again',
        most === 0
          ? `${this.#name(vertex)} shows ${inWords(row)}, which is the row of no record that it was called with`
          : `${this.#name(vertex)} shows ${inWords(row)} ${times} times, but was called with ${most} such records`,
        { expected: most, actual: times },
      )
      return
    }
  }
  #requireCover(vertex: number, branch: Branch, upTo: number): void {
    const entries = this.#world.entries()
    const newest = entries[entries.length - 1]
    const sync = newest === undefined ? null : this.#ledger.syncOfFile(newest.files[vertex]!)
    const held = sync === null ? -1 : this.#history.heldBy(sync, branch, vertex)
    if (held >= upTo) return
    this.#report(
      'shown-before-durable-cut',
      `${this.#name(vertex)} shows rows of its ${first(upTo)}, but ${
        sync === null
          ? 'no checkpoint is complete'
          : `the newest complete checkpoint holds only ${Math.max(held, 0)} of this history`
      }: after a crash now they would be produced again`,
      { expected: upTo, actual: Math.max(held, 0) },
    )
  }

  fork(branch: Branch): void {
    for (const [vertex, upTo] of this.#shownUpTo) {
      const cut = branch.invocations[vertex]!
      if (upTo <= cut) continue
      this.#report(
        'committed-beyond-restored-cut',
        `${this.#name(vertex)} has shown rows of its ${first(upTo)}, and the job goes on from a cut at ${cut}: the rest will be shown again`,
        { expected: cut, actual: upTo },
      )
      return
    }
  }
  /** Nothing is shown that lies beyond the cut that a recovery would go back to. */
  committedWithin(newest: CompletedCheckpoint, kind: string): void {
    for (const [vertex, upTo] of this.#shownUpTo) {
      const sync = this.#ledger.syncOfFile(newest.files[vertex]!)
      if (sync === null || upTo <= sync.invocations) continue
      this.#report(
        kind,
        `${this.#name(vertex)} has shown rows of its ${first(upTo)}, a recovery now would go back to ${sync.invocations}`,
        { expected: sync.invocations, actual: upTo },
      )
      return
    }
  }
  quiet(vertices: readonly number[]): void {
    for (const vertex of vertices) if (this.#specOf(vertex).shows.kind === 'rows') this.#settle(vertex)
    let hidden = 0
    for (const { path } of this.#objects.values()) if (!isVisibleName(path)) hidden += 1
    if (hidden > 0) this.#reporter.permit('orphan-file', hidden)
  }
  #settle(vertex: number): void {
    const left = new Map(this.#shownBy(vertex))
    const values = this.#history.values(this.#ledger.live, vertex)
    const missing: number[] = []
    values.forEach((value, i) => {
      const rows = this.#rowsOf(vertex, value)
      if (!rows.every((row) => (left.get(hashValue(row)) ?? 0) > 0)) missing.push(i)
      else for (const row of rows) add(left, hashValue(row), -1)
    })
    const again = [...left.values()].reduce((sum, n) => sum + Math.max(n, 0), 0)
    if (again > 0 && this.#specOf(vertex).guarantee === 'at-least-once')
      this.#reporter.permit('rewind-duplicate', again)
    if (missing.length === 0 || this.#timedOut > 0) return // a timeout is a broken assumption, which is counted
    const tail = missing[missing.length - 1] === values.length - 1
    const middle = missing.length > 1 || !tail
    this.#report(
      'committed-not-effective',
      `The job finished, but rows of ${missing.length} of the ${values.length} records of ${this.#name(vertex)} are not shown; the first is record ${missing[0]}, ${inWords(values[missing[0]!])}`,
      {
        part: `${tail ? 'tail' : ''}${middle ? 'middle' : ''}`,
        expected: values.length,
        actual: values.length - missing.length,
      },
    )
  }
  #report(kind: string, what: string, extra: { part?: string; expected?: unknown; actual?: unknown } = {}): void {
    this.#reporter.report(finding('output', kind, `${what}.`, extra))
  }
}

function add(counts: Map<number, number>, hash: number, n: number): void {
  counts.set(hash, (counts.get(hash) ?? 0) + n)
}
/** A row for a sentence. */
export function inWords(row: unknown): string {
  const text = JSON.stringify(row, (_, held: unknown) => (typeof held === 'bigint' ? `${held}n` : held)) ?? String(row)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

const first = (records: number): string => (records === 1 ? 'first record' : `first ${records} records`)
