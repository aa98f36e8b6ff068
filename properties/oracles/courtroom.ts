/**
 * A judge with a history to write by hand: two readers, two counters, one transactional sink. Every call is what the cluster
 * would call; nothing here knows what is right.
 */
import keyedState from '../../scenarios/keyed-state.ts'
import { clusterParts, layoutOf } from '../../src/cluster/index.ts'
import type { Scenario } from '../../src/dataflow/index.ts'
import { PayloadPool } from '../../src/kernel/index.ts'
import {
  type Attempt,
  type CompletedCheckpoint,
  type Contract,
  digestOfContent,
  type Finding,
  keyGroupOf,
  ownerOf,
  type SnapshotContent,
  type SnapshotFile,
  type StateDigest,
  type Timing,
} from '../../src/model/index.ts'
import { Judge, type World } from '../../src/oracles/index.ts'
import { aligned } from '../../src/protocols/index.ts'
import { planOf } from '../check/scripted.ts'

/** Records in each of the four splits. */
export const SPLIT_LENGTH = 5
export const NUMBERS = 0
const PROMISES = aligned.contract([{ uid: 'sink', transactional: false }])
const EMPTY: SnapshotContent = { tables: new Map(), timers: [], lists: new Map(), broadcasts: new Map() }

export class Courtroom {
  readonly graph
  readonly layout
  readonly pool = new PayloadPool()
  readonly judge: Judge
  readonly files: SnapshotFile[] = []
  entries: CompletedCheckpoint[] = []
  memory: readonly CompletedCheckpoint[] | null = null
  now = 0
  strikes = 0
  faultUntil = 0
  running = true
  workLeft = true
  jobFailures = 0
  recover = (completed: readonly CompletedCheckpoint[]): CompletedCheckpoint | null => completed.at(-1) ?? null
  readonly found: Finding[] = []
  /** When the oldest checkpoint on its way was triggered; none is. */
  oldestPendingUs = Number.POSITIVE_INFINITY
  /** What differs from the timing of the plan. */
  timing: Partial<Timing> = {}
  attempts: Attempt[] = []
  branch = -1
  #execution = 0
  #nextAttempt = 1
  #nextTransaction = 0

  constructor(scenario: Scenario = keyedState, twinned = false, contract: Contract = PROMISES) {
    this.graph = scenario.graph()
    this.layout = layoutOf(this.graph)
    const plan = planOf({ scenario })
    const world: World = {
      graph: this.graph,
      layout: this.layout,
      pool: this.pool,
      invariants: scenario.invariants,
      temporal: scenario.temporal,
      inputs: () => [],
      committed: () => ({}),
      plan: () => ({ ...plan, timing: { ...plan.timing, ...this.timing } }),
      now: () => this.now,
      splitLengths: () => [SPLIT_LENGTH, SPLIT_LENGTH, SPLIT_LENGTH, SPLIT_LENGTH],
      leadingEpoch: () => 0,
      entries: () => this.entries,
      managerMemory: () => this.memory,
      oldestPendingUs: () => this.oldestPendingUs,
      recover: (completed) => this.recover(completed),
      file: (id) => this.files[id]!,
      execution: () => this.#execution,
      jobRuns: () => this.running,
      workLeft: () => this.workLeft,
      describeTasks: () => ['one waits', 'so does the other'],
      strikes: () => this.strikes,
      quorum: 0,
      lastFaultUntil: () => this.faultUntil,
    }
    const listener = {
      phase: () => {},
      forked: () => {},
      found: (finding: Finding) => void this.found.push(finding),
      finished: () => {},
      jobFailed: () => {
        this.jobFailures += 1
      },
    }
    this.judge = new Judge(world, listener, contract)
    this.judge.reset(twinned)
  }
  /** The fingerprint of what was found, or null. */
  get verdict(): string | null {
    return this.judge.finding?.fingerprint ?? null
  }

  /** A new execution from a checkpoint or from the start: its branch, its attempts, its enumerator. */
  begin(
    basis: CompletedCheckpoint | null = null,
    unassigned: readonly number[] = basis === null ? [0, 1, 2, 3] : [],
  ): void {
    this.#execution += 1
    if (basis !== null) this.judge.basisRead(basis)
    this.branch = this.judge.fork(basis, this.#execution)
    this.attempts = this.layout.vertices.map((vertex) => ({
      id: this.#nextAttempt++,
      vertex: vertex.id,
      execution: this.#execution,
      branch: this.branch,
      taskManager: 0,
    }))
    this.judge.enumeratorReset(this.branch, NUMBERS, unassigned)
  }
  /** The live attempt of a subtask. */
  of(uid: string, subtask = 0): Attempt {
    return this.attempts[this.layout.vertices.find((v) => v.uid === uid && v.subtask === subtask)!.id]!
  }
  assign(split: number, subtask: number): void {
    this.judge.splitAssigned(this.branch, NUMBERS, split, subtask)
    this.judge.splitAdded(this.of('numbers', subtask), split)
  }
  read(subtask: number, split: number, position: number): void {
    this.judge.read(this.of('numbers', subtask), split, position, position)
  }
  /** Emits a value on the edge of a vertex; gives its slot, and the channel that the rules send it to. */
  send(from: Attempt, value: unknown): { slot: number; channel: number } {
    const { spec } = this.layout.vertices[from.vertex]!
    const edge = this.graph.edges.findIndex((e) => e.from === spec)
    const slot = this.pool.put(value, Number.NaN)
    this.judge.send(from, edge, slot)
    const { keyOf, keyType, partitioner } = this.graph.edges[edge]!
    const channels = this.layout.channels.filter((c) => c.from === from.vertex && c.edge === edge)
    const { maxParallelism } = this.graph.settings
    const group = partitioner === 'key' ? keyGroupOf(keyOf!(value as never), keyType, maxParallelism) : 0
    return { slot, channel: channels[partitioner === 'key' ? ownerOf(group, maxParallelism, channels.length) : 0]!.id }
  }
  receive({ slot, channel }: { slot: number; channel: number }, by?: Attempt): void {
    this.judge.receive(by ?? this.attempts[this.layout.channels[channel]!.to]!, channel, slot)
  }
  /** One record from a counter into the sink, and into its transaction. */
  sink(value: unknown, transaction = -1): void {
    const sent = this.send(this.of('count'), value)
    this.receive(sent)
    if (transaction >= 0) this.judge.written(this.of('sink'), transaction, value, true)
  }
  openTransaction(): number {
    const transaction = this.#nextTransaction++
    this.judge.transactionOpened(this.of('sink'), transaction)
    return transaction
  }

  digest(content: SnapshotContent = EMPTY): StateDigest {
    return digestOfContent(content)
  }
  /** The sync point of an attempt, and a durable file of it. */
  snapshot(attempt: Attempt, checkpoint: number, content: SnapshotContent = EMPTY): number {
    this.judge.sync(attempt, checkpoint, this.digest(content))
    return this.upload(attempt, checkpoint, content)
  }
  upload(attempt: Attempt, checkpoint: number, content: SnapshotContent = EMPTY): number {
    const file: SnapshotFile = {
      id: this.files.length,
      vertex: attempt.vertex,
      checkpoint,
      attempt: attempt.id,
      content: clusterParts.copyForSnapshot(content),
      bytes: 0,
      durable: true,
      deleted: false,
    }
    this.files.push(file)
    this.judge.upload(attempt, file, content)
    this.judge.fileDurable(file)
    return file.id
  }
  entryOf(id: number, files: readonly number[], unassigned: readonly number[] = []): CompletedCheckpoint {
    return {
      id,
      epoch: 1,
      execution: this.#execution,
      triggeredAtUs: 0,
      files,
      enumerators: new Map([[NUMBERS, unassigned]]),
    }
  }
  /** Puts an entry into the store. */
  complete(entry: CompletedCheckpoint, storeEpoch = entry.epoch): CompletedCheckpoint {
    this.entries = [...this.entries, entry]
    this.judge.entryDurable(entry, storeEpoch)
    return entry
  }
  /** A whole checkpoint of everybody, as things stand. */
  checkpoint(id: number, unassigned: readonly number[] = []): CompletedCheckpoint {
    const files = this.attempts.map((attempt) => this.snapshot(attempt, id))
    return this.complete(this.entryOf(id, files, unassigned))
  }
}
/** A court in which an execution has begun, with all splits handed out: 0 and 1 to the first reader, 2 and 3 to the other. */
export function inSession(scenario?: Scenario, twinned = false, contract?: Contract): Courtroom {
  const court = new Courtroom(scenario, twinned, contract)
  court.begin()
  for (const [split, subtask] of [
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
  ] as const)
    court.assign(split, subtask)
  return court
}
