/**
 * Keys that sinks of users set. A stale version never overwrites a newer one; when all is quiet, every key holds what the history
 * that went on wrote to it last. A key that only a history which was given up has written since is an orphan: idempotent sinks
 * leave such behind, and it is counted.
 */
import type { OwnSinkSpec } from '../dataflow/index.ts'
import { hashValue } from '../kernel/index.ts'
import { type Attempt, isVisibleName, type Key, subtaskName } from '../model/index.ts'
import type { Branch, Ledger } from './ledger.ts'
import { inWords } from './own-rows.ts'
import type { SinkHistory } from './sink-history.ts'
import { finding, type Reporter, type World } from './world.ts'

/** Who writes, in which call, and how much of a branch's history the sink had been called with. */
interface Writing {
  readonly attempt: Attempt
  readonly branch: Branch
  readonly call: number
  readonly upTo: number
}
/** The write that a key holds. */
interface Held extends Writing {
  /** undefined: the key was deleted. */
  readonly value: unknown
  readonly hash: number
}
/** The last write of a key by one subtask in the history that went on. */
interface Due {
  readonly vertex: number
  /** The record that made it, counted from 1. */
  readonly record: number
  readonly value: unknown
  readonly hash: number
}

export class OwnUpserts {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  readonly #history: SinkHistory
  readonly #specOf: (vertex: number) => OwnSinkSpec
  /** By operator of the job graph, then by key. */
  readonly #held = new Map<number, Map<Key, Held>>()

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
    this.#held.clear()
  }
  #name(vertex: number): string {
    return subtaskName(this.#world.layout.vertices[vertex]!)
  }
  #heldBy(vertex: number): Map<Key, Held> {
    const { spec } = this.#world.layout.vertices[vertex]!
    let held = this.#held.get(spec)
    if (held === undefined) {
      held = new Map()
      this.#held.set(spec, held)
    }
    return held
  }
  set(writing: Writing, key: Key, value: unknown): void {
    if (!isVisibleName(key)) return
    const { attempt, call } = writing
    const keys = this.#heldBy(attempt.vertex)
    const held = keys.get(key)
    const hash = hashValue(value)
    if (held !== undefined && held.hash !== hash && isNewer(held, attempt, call))
      this.#report(
        'stale-overwrite',
        `${this.#name(attempt.vertex)} of execution ${attempt.execution} has set ${inWords(key)} to ${inWords(value)}, although execution ${held.attempt.execution} had set it to ${inWords(held.value)}: the older write was the last to arrive`,
        held.value,
        value,
      )
    keys.set(key, { ...writing, value, hash })
  }

  /** @param vertices subtasks of sinks of users */
  quiet(vertices: readonly number[]): void {
    const bySpec = new Map<number, number[]>()
    for (const vertex of vertices) {
      if (this.#specOf(vertex).shows.kind !== 'upserts') continue
      const { spec } = this.#world.layout.vertices[vertex]!
      bySpec.set(spec, [...(bySpec.get(spec) ?? []), vertex])
    }
    for (const subtasks of bySpec.values()) this.#settle(subtasks)
  }
  #settle(subtasks: readonly number[]): void {
    const due = this.#dueOf(subtasks)
    const held = this.#heldBy(subtasks[0]!)
    let orphans = 0
    for (const [key, { attempt, branch, upTo, hash, value }] of held) {
      const last = due.get(key) ?? []
      if (last.some((write) => write.hash === hash)) continue
      const survived = upTo <= this.#history.surviving(branch, attempt.vertex)
      const newer = last.find((write) => survived || write.record > this.#history.surviving(branch, write.vertex))
      if (newer !== undefined)
        this.#report(
          'last-write-lost',
          `The job finished and ${inWords(key)} holds ${inWords(value)} of execution ${attempt.execution}, but ${this.#name(newer.vertex)} has set it to ${inWords(newer.value)} after that`,
          newer.value,
          value,
        )
      else if (survived)
        this.#report(
          'foreign-key',
          `${this.#name(attempt.vertex)} has set ${inWords(key)} to ${inWords(value)}, which no record that it was called with stands for`,
          undefined,
          value,
        )
      else orphans += 1
    }
    for (const [key, last] of due) {
      if (held.has(key) || last.every(({ value }) => value === undefined)) continue
      this.#report(
        'key-lost',
        `The job finished, but ${inWords(key)}, which ${this.#name(last[0]!.vertex)} was to set to ${inWords(last[0]!.value)}, was never set`,
        last[0]!.value,
        undefined,
      )
    }
    if (orphans > 0) this.#reporter.permit('orphan-key', orphans)
  }
  /** The last writes of each key, one for each subtask that wrote it. */
  #dueOf(subtasks: readonly number[]): Map<Key, Due[]> {
    const due = new Map<Key, Due[]>()
    for (const vertex of subtasks) {
      const { shows } = this.#specOf(vertex)
      if (shows.kind !== 'upserts') continue
      const own = new Map<Key, Due>()
      this.#history.values(this.#ledger.live, vertex).forEach((record, i) => {
        const [key, value] = shows.of(record as never)
        own.set(key, { vertex, record: i + 1, value, hash: hashValue(value) })
      })
      for (const [key, write] of own) due.set(key, [...(due.get(key) ?? []), write])
    }
    return due
  }
  #report(kind: string, what: string, expected: unknown, actual: unknown): void {
    this.#reporter.report(finding('output', kind, `${what}.`, { part: 'key', expected, actual }))
  }
}

/** Of two subtasks of one execution nobody says who comes first. */
function isNewer(held: Held, attempt: Attempt, call: number): boolean {
  if (held.attempt.execution !== attempt.execution) return held.attempt.execution > attempt.execution
  return held.attempt.vertex === attempt.vertex && held.call > call
}
