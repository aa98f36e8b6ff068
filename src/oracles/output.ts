/**
 * A transaction is the sink's invocations from its begin to its prepare. When it is committed, its content is exactly these, the
 * newest durable cut of its lineage reaches its end, and no other commit on any branch overlaps it. When all is quiet, what was
 * committed is what was effective.
 */
import { hashValue, mix2 } from '../kernel/index.ts'
import { type Attempt, type CompletedCheckpoint, type ExternalChange, subtaskName } from '../model/index.ts'
import { records, were } from './counted.ts'
import type { Branch, Ledger } from './ledger.ts'
import { OwnOutput } from './own-output.ts'
import { finding, type Reporter, type World } from './world.ts'

interface TransactionGhost {
  readonly attempt: Attempt
  readonly branch: Branch
  readonly from: number
  /** One past the last invocation; -1 while open. */
  to: number
  /** What the sink was called with, and what reached the log. */
  calledHash: number
  called: number
  writtenHash: number
  written: number
}
interface Committed {
  readonly vertex: number
  readonly from: number
  readonly to: number
}

export class OutputOracle {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  readonly #transactions: TransactionGhost[] = []
  readonly #committed: Committed[] = []
  /** Open transaction of each attempt. */
  readonly #open = new Map<number, TransactionGhost>()
  readonly #appended = new Map<number, number>()
  #timedOut = 0
  /** The record that a sink was called with last. */
  #lastValue: unknown
  #lastHash = 0
  commits = 0
  readonly #own: OwnOutput
  constructor(world: World, ledger: Ledger, reporter: Reporter) {
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
    this.#own = new OwnOutput(world, ledger, reporter)
  }
  reset(): void {
    this.#transactions.length = 0
    this.#committed.length = 0
    this.#open.clear()
    this.#appended.clear()
    this.#timedOut = 0
    this.commits = 0
    this.#own.reset()
  }
  #name(vertex: number): string {
    return subtaskName(this.#world.layout.vertices[vertex]!)
  }
  #isSink(vertex: number): boolean {
    return this.#world.layout.vertices[vertex]!.kind === 'sink'
  }
  #isTransactional(vertex: number): boolean {
    return this.#world.graph.vertices[this.#world.layout.vertices[vertex]!.spec]!.sink!.kind === 'transactional-log'
  }
  fork(branch: Branch): void {
    this.#own.fork(branch)
    for (const { vertex, to } of this.#committed) {
      const cut = branch.invocations[vertex]!
      if (to <= cut) continue
      this.#reporter.report(
        finding(
          'output',
          'committed-beyond-restored-cut',
          `${this.#name(vertex)} has committed its records up to ${to}, and the job goes on from a cut at ${cut}: the rest will be committed again.`,
          { expected: cut, actual: to },
        ),
      )
      return
    }
    // an append log shows records at once, so that those after the cut come again
    for (const vertex of this.#world.layout.vertices) {
      if (vertex.kind !== 'sink' || this.#isTransactional(vertex.id) || this.#own.judges(vertex.id)) continue
      const before =
        branch.parent?.invocations[vertex.id] ?? this.#ledger.branches[branch.id - 1]?.invocations[vertex.id] ?? 0
      const again = before - branch.invocations[vertex.id]!
      if (again > 0) this.#reporter.permit('rewind-duplicate', again)
      this.#appended.set(vertex.id, branch.invocations[vertex.id]!)
    }
  }
  opened(attempt: Attempt, transaction: number): void {
    const branch = this.#ledger.branchOf(attempt)
    const ghost: TransactionGhost = {
      attempt,
      branch,
      from: branch.invocations[attempt.vertex]!,
      to: -1,
      calledHash: 0,
      called: 0,
      writtenHash: 0,
      written: 0,
    }
    this.#transactions[transaction] = ghost
    this.#open.set(attempt.id, ghost)
  }
  /** A sink is about to be called with a record. */
  received(attempt: Attempt, value: unknown, hash: number): void {
    if (!this.#isSink(attempt.vertex)) return
    this.#lastValue = value
    this.#lastHash = hash
    const branch = this.#ledger.branchOf(attempt)
    branch.invocations[attempt.vertex]! += 1
    if (this.#own.judges(attempt.vertex)) {
      this.#own.received(branch, attempt.vertex, value)
      return
    }
    const ghost = this.#open.get(attempt.id)
    if (ghost === undefined) return
    ghost.calledHash = mix2(ghost.calledHash, hash)
    ghost.called += 1
  }
  committablesMade(attempt: Attempt, checkpoint: number): void {
    this.#own.committablesMade(attempt, checkpoint)
  }
  calling(attempt: Attempt, call: number, committing: number): void {
    this.#own.calling(attempt, call, committing)
  }
  external(attempt: Attempt, call: number, change: ExternalChange): void {
    this.#own.changed(attempt, call, change)
  }
  written(transaction: number, value: unknown, accepted: boolean): void {
    if (!accepted) return
    const ghost = this.#transactions[transaction]!
    // the record in hand is deep-frozen: the same object has the same content
    ghost.writtenHash = mix2(ghost.writtenHash, value === this.#lastValue ? this.#lastHash : hashValue(value))
    ghost.written += 1
  }
  appended(attempt: Attempt): void {
    if (this.#ledger.isLive(attempt)) this.#appended.set(attempt.vertex, (this.#appended.get(attempt.vertex) ?? 0) + 1)
  }
  prepared(attempt: Attempt, transaction: number): void {
    const ghost = this.#transactions[transaction]!
    ghost.to = ghost.branch.invocations[attempt.vertex]!
    this.#open.delete(attempt.id)
  }
  committed(transaction: number): void {
    this.commits += 1
    const ghost = this.#transactions[transaction]!
    const { vertex } = ghost.attempt
    const to = ghost.to < 0 ? ghost.branch.invocations[vertex]! : ghost.to
    if (ghost.called !== ghost.written || ghost.calledHash !== ghost.writtenHash)
      this.#reporter.report(
        finding(
          'output',
          'content-differs-from-slice',
          `${this.#name(vertex)} committed a transaction of ${records(ghost.written)}, but was called with ${ghost.called}.`,
          { expected: ghost.called, actual: ghost.written },
        ),
      )
    if (to === ghost.from) return // an empty transaction has no effect
    const entries = this.#world.entries()
    const newest = entries[entries.length - 1]
    const sync = newest === undefined ? null : this.#ledger.reachOf(newest, vertex)
    if (sync === null || sync.invocations < to || !this.#ledger.onLineage(ghost.branch, sync.branch))
      this.#reporter.report(
        finding(
          'output',
          'commit-not-covered-by-durable-cut',
          `${this.#name(vertex)} committed its records ${ghost.from} to ${to - 1}, but ${
            sync === null
              ? 'no checkpoint is complete'
              : `the newest complete checkpoint reaches only to ${sync.invocations} of this history`
          }: after a crash now they would be produced again.`,
          { expected: to, actual: sync?.invocations ?? 0 },
        ),
      )
    for (const other of this.#committed)
      if (other.vertex === vertex && other.from < to && ghost.from < other.to) {
        this.#reporter.report(
          finding(
            'output',
            'overlapping-commits',
            `${this.#name(vertex)} committed its records ${ghost.from} to ${to - 1} although ${other.from} to ${other.to - 1} are committed.`,
          ),
        )
        break
      }
    this.#committed.push({ vertex, from: ghost.from, to })
  }
  commitLost(transaction: number, timedOut: boolean): void {
    const ghost = this.#transactions[transaction]!
    if (timedOut) {
      this.#timedOut += 1
      this.#reporter.assumption('transaction-timeout-over-outage')
    } else if (ghost.called > 0)
      this.#reporter.report(
        finding(
          'output',
          'commit-of-aborted',
          `${this.#name(ghost.attempt.vertex)} tried to commit a transaction that was aborted: its ${records(ghost.called)} ${ghost.called === 1 ? 'is' : 'are'} lost.`,
        ),
      )
  }
  /** Nothing that is committed lies beyond the cut that a recovery would go back to. */
  committedWithin(newest: CompletedCheckpoint, kind: string): void {
    this.#own.committedWithin(newest, kind)
    for (const { vertex, to } of this.#committed) {
      const sync = this.#ledger.reachOf(newest, vertex)
      if (sync === null || to <= sync.invocations) continue
      this.#reporter.report(
        finding(
          'output',
          kind,
          `${this.#name(vertex)} has committed up to ${to}, a recovery now would go back to ${sync.invocations}.`,
          { expected: sync.invocations, actual: to },
        ),
      )
      return
    }
  }
  quiet(): void {
    this.#own.quiet()
    for (const vertex of this.#world.layout.vertices) {
      if (vertex.kind !== 'sink' || this.#own.judges(vertex.id)) continue
      const all = this.#ledger.live.invocations[vertex.id]!
      if (!this.#isTransactional(vertex.id)) {
        const got = this.#appended.get(vertex.id) ?? 0
        if (got < all)
          this.#reporter.report(
            finding(
              'output',
              'append-lost',
              `${this.#name(vertex.id)} was called with ${records(all)}, and ${got} ${were(got)} appended.`,
              { expected: all, actual: got },
            ),
          )
        continue
      }
      if (this.#timedOut > 0) continue // explained by a broken assumption, which is counted
      this.#gaps(vertex.id, all)
    }
  }
  #gaps(vertex: number, all: number): void {
    const ranges = this.#committed.filter((c) => c.vertex === vertex).sort((a, b) => a.from - b.from)
    const missing: [number, number][] = []
    let at = 0
    for (const { from, to } of ranges) {
      if (from > at) missing.push([at, from])
      at = Math.max(at, to)
    }
    if (at < all) missing.push([at, all])
    if (missing.length === 0) return
    const tail = missing.some(([, to]) => to === all)
    const middle = missing.some(([, to]) => to < all)
    this.#reporter.report(
      finding(
        'output',
        'committed-not-effective',
        `The job finished, but records ${missing.map(([from, to]) => (to - from === 1 ? `${from}` : `${from} to ${to - 1}`)).join(', ')} of ${all} of ${this.#name(vertex)} were never committed.`,
        { part: `${tail ? 'tail' : ''}${middle ? 'middle' : ''}`, expected: all, actual: at },
      ),
    )
  }
}
