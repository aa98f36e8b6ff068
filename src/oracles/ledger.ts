/**
 * The ledger: what really happened, kept by branch. A restore forks it, nothing is ever taken back.
 *
 * ```
 *   branch 0  ------sync 1-----sync 2-----x          sent/received per channel, invocations per sink, owners of splits
 *                       \
 *                        branch 1 (parent 0, basis: checkpoint 1) ------
 * ```
 *
 * It is written from the dispatcher that calls user functions and from the state store, below all protocol code. A record's
 * identity is (branch, channel, position); contents are compared only where they were sent and received on one branch.
 */
import {
  type Attempt,
  type CompletedCheckpoint,
  type Layout,
  type Shape,
  type SnapshotContent,
  SPLITS,
  type StateDigest,
  shapesOf,
} from '../model/index.ts'
import { type InheritedChannel, inheritedInFlight } from './inherited-in-flight.ts'
import { inheritedState } from './inherited-state.ts'
import { shapeOfCut, type World } from './world.ts'

/** Owner of a split: the enumerator, a reader, an assignment on its way to a reader, or nobody any more. */
export const ENUMERATOR = -1
export const FINISHED = -2
export const reader = (subtask: number): number => subtask * 2
export const inFlight = (subtask: number): number => subtask * 2 + 1
export const describeOwner = (owner: number): string =>
  owner === ENUMERATOR
    ? 'the enumerator'
    : owner === FINISHED
      ? 'finished'
      : owner % 2 === 0
        ? `reader ${owner / 2}`
        : `an assignment to reader ${(owner - 1) / 2}`

export interface SplitGhost {
  owner: number
  position: number
  /** Reader that finished it. */
  finishedBy: number
}
export interface Branch {
  readonly id: number
  readonly parent: Branch | null
  readonly basis: CompletedCheckpoint | null
  readonly execution: number
  /** What of the layout runs on it. */
  readonly shape: Shape
  /** What each of its vertices has to begin with, if the basis is of another shape; null if everybody goes on with its own. */
  readonly inherited: ReadonlyMap<number, SnapshotContent> | null
  /** What comes back in flight then, by channel. */
  readonly inheritedInFlight: ReadonlyMap<number, InheritedChannel>
  /** Per channel. */
  readonly sent: Int32Array
  readonly received: Int32Array
  /** Per vertex and edge: records sent by this attempt, for round robin. */
  readonly emitted: Int32Array
  /** Per vertex: records that a sink has been called with, over the whole lineage. */
  readonly invocations: Int32Array
  readonly forkInvocations: Int32Array
  /** Per source of the graph. */
  readonly splits: Map<number, SplitGhost[]>
  /** Syncs of the basis, per vertex of its shape; null at the root. */
  readonly syncs: readonly Sync[] | null
  /** Per vertex, if the run is twinned. */
  readonly determinants: Determinant[][]
}
/** The sync point of one snapshot. */
export interface Sync {
  readonly attempt: Attempt
  readonly branch: Branch
  readonly checkpoint: number
  /** Where the ledger keeps the counts of the vertex's channels at that moment: see `sentAt`, `receivedAt`. */
  readonly counts: number
  readonly invocations: number
  readonly determinants: number
  readonly digest: StateDigest
  readonly owned: readonly (readonly [split: number, position: number])[]
  readonly finished: readonly number[]
}
/** What a user function was given, and what came of it. */
export type Determinant =
  | { readonly kind: 'element'; readonly input: number; readonly value: unknown; readonly timestampMs: number }
  | { readonly kind: 'watermark'; readonly timestampMs: number }
  | {
      readonly kind: 'timer'
      readonly domain: 'event' | 'processing'
      readonly key: unknown
      readonly timestampMs: number
      readonly namespace: string
    }
  | { readonly kind: 'time'; readonly timestampMs: number }
  | { readonly kind: 'end' }
  /** The attempt before has ended, and one that was restored goes on: it has no watermark yet. */
  | { readonly kind: 'restored' }
  | { readonly kind: 'emission'; readonly edge: number; readonly hash: number }

const NOTHING: ReadonlyMap<number, InheritedChannel> = new Map()

export class Ledger {
  readonly branches: Branch[] = []
  /** The branch of the newest fork of a leader that led. */
  live!: Branch
  /** True if determinants are recorded. */
  twinned = false
  readonly #world: World
  readonly #layout: Layout
  readonly #edges: number
  readonly #inFlight: boolean
  readonly #syncs = new Map<number, Map<number, Sync>>()
  /** Digests of what is in flight in uploaded files. */
  readonly #channelDigests = new Map<number, number>()
  #counts = new Int32Array(4096)
  #countsUsed = 0

  readonly #losesLoops: boolean

  /**
   * @param inFlight true if what is in flight at a cut is part of it
   * @param losesLoops true if that does not hold of feedback edges: a cut knows nothing of what is on them
   */
  constructor(world: World, inFlight = false, losesLoops = false) {
    this.#losesLoops = losesLoops
    this.#world = world
    this.#inFlight = inFlight
    this.#layout = world.layout
    this.#edges = world.graph.edges.length
  }
  reset(twinned: boolean): void {
    this.branches.length = 0
    this.#syncs.clear()
    if (this.#channelDigests.size > 0) this.#channelDigests.clear()
    this.#countsUsed = 0
    this.twinned = twinned
  }
  /** True of a channel whose records a cut knows nothing of: what it says of them need not fit together. */
  losesLoop(channel: number): boolean {
    return this.#losesLoops && this.#layout.channels[channel]!.feedback === true
  }
  /** Records on feedback edges that a restore loses, or makes come again, since the cut knows nothing of them. */
  lostInLoops({ syncs, shape }: Branch): { readonly lost: number; readonly repeated: number } {
    let lost = 0
    let repeated = 0
    if (syncs !== null && this.#losesLoops)
      for (const { id, from, to } of shape.channels) {
        if (!this.losesLoop(id)) continue
        const open = this.sentAt(syncs[from]!, id) - this.receivedAt(syncs[to]!, id)
        if (open > 0) lost += open
        else repeated -= open
      }
    return { lost, repeated }
  }
  branchOf(attempt: Attempt): Branch {
    return this.branches[attempt.branch]!
  }
  isLive(attempt: Attempt): boolean {
    return this.live.id === attempt.branch
  }
  /** True if `branch` is `of` or one of its ancestors. */
  onLineage(branch: Branch, of: Branch): boolean {
    for (let b: Branch | null = of; b !== null; b = b.parent) if (b === branch) return true
    return false
  }
  /** Syncs of a completed checkpoint, per vertex of its shape; null if one was not seen. */
  syncsOf(entry: CompletedCheckpoint): Sync[] | null {
    const syncs: Sync[] = []
    for (const { id } of shapeOfCut(this.#world, entry).vertices) {
      const sync = this.syncOfFile(entry.files[id]!)
      if (sync === null) return null
      syncs[id] = sync
    }
    return syncs
  }
  /**
   * How many records a sink had been called with in the history that a completed checkpoint is of; null if its snapshot was not
   * seen. A sink of another shape has been called last before that history was rescaled.
   */
  reachOf(
    entry: CompletedCheckpoint,
    vertex: number,
  ): { readonly branch: Branch; readonly invocations: number } | null {
    const file = entry.files[vertex]!
    if (file >= 0) return this.syncOfFile(file)
    const any = this.syncOfFile(entry.files.find((other) => other >= 0)!)
    return any === null ? null : { branch: any.branch, invocations: any.branch.forkInvocations[vertex]! }
  }
  syncOfFile(file: number): Sync | null {
    const { attempt, checkpoint } = this.#world.file(file)
    return this.#syncs.get(attempt)?.get(checkpoint) ?? null
  }

  uploaded(file: number, channels: number): void {
    if (channels !== 0) this.#channelDigests.set(file, channels)
  }
  /** Digest of what was in flight in a file when it was uploaded; 0: nothing. */
  channelDigestOf(file: number): number {
    return this.#channelDigests.get(file) ?? 0
  }

  /**
   * @param shape what of the layout runs on the new branch; its first shape if left out
   * @param lives false if whoever begins it leads no more: it is the newest fork, but not the live one
   */
  fork(
    basis: CompletedCheckpoint | null,
    execution: number,
    shape: Shape = shapesOf(this.#layout)[0]!,
    lives = true,
  ): Branch {
    const { vertices, channels } = this.#layout
    const syncs = basis === null ? null : this.syncsOf(basis)
    const from = basis === null || syncs === null ? shape : shapeOfCut(this.#world, basis)
    const inherited = from === shape ? null : inheritedState(this.#world, basis!, from, shape)
    const inFlight =
      inherited === null || !this.#inFlight ? NOTHING : inheritedInFlight(this.#world, basis!, from, shape)
    const parent = syncs?.find((sync) => sync !== undefined)?.branch ?? null
    const sent = new Int32Array(channels.length)
    const received = new Int32Array(channels.length)
    const invocations = parent === null ? new Int32Array(vertices.length) : parent.forkInvocations.slice()
    if (syncs !== null) {
      // channels of another shape begin anew, with what comes back on them
      inFlight.forEach(({ inputs, outputs }, channel) => {
        sent[channel] = inputs.length + outputs.length
      })
      if (inherited === null)
        for (const { id: c, from, to } of shape.channels) {
          sent[c] = this.sentAt(syncs[from]!, c)
          // unless something comes back in flight, the branch receives what it sends itself: from where its sender goes on,
          // whatever its receiver has in its state
          const comesBack = this.#inFlight && !this.losesLoop(c)
          received[c] = comesBack ? this.receivedAt(syncs[to]!, c) : sent[c]!
        }
      for (const { id } of from.vertices) invocations[id] = syncs[id]!.invocations
    }
    const splits = new Map<number, SplitGhost[]>()
    this.#world.graph.vertices.forEach((vertex, spec) => {
      if (vertex.kind !== 'source') return
      const ghosts: SplitGhost[] = this.#world
        .splitLengths(spec)
        .map(() => ({ owner: ENUMERATOR, position: 0, finishedBy: -1 }))
      const readers = shape.bySpec[spec]!.length
      if (syncs !== null)
        from.bySpec[spec]!.forEach((v, subtask) => {
          for (const [split, position] of syncs[v]!.owned)
            ghosts[split] = { owner: reader(subtask), position, finishedBy: -1 }
          for (const split of syncs[v]!.finished)
            ghosts[split] = {
              owner: FINISHED,
              position: this.#world.splitLengths(spec)[split]!,
              finishedBy: subtask % readers,
            }
        })
      if (inherited !== null)
        shape.bySpec[spec]!.forEach((v, subtask) => {
          const list = inherited.get(v)!.lists.get(SPLITS) as readonly (readonly [number, number])[] | undefined
          for (const [split] of list ?? []) ghosts[split]!.owner = reader(subtask)
        })
      splits.set(spec, ghosts)
    })
    const branch: Branch = {
      id: this.branches.length,
      parent,
      basis,
      execution,
      shape,
      inherited,
      inheritedInFlight: inFlight,
      sent,
      received,
      emitted: new Int32Array(vertices.length * this.#edges),
      invocations,
      forkInvocations: invocations.slice(),
      splits,
      syncs,
      determinants: this.twinned ? vertices.map(() => []) : [],
    }
    this.branches.push(branch)
    if (lives || this.branches.length === 1) this.live = branch
    return branch
  }
  sync(attempt: Attempt, checkpoint: number, digest: StateDigest): Sync {
    const branch = this.branchOf(attempt)
    const { spec, subtask } = this.#layout.vertices[attempt.vertex]!
    const owned: (readonly [number, number])[] = []
    const finished: number[] = []
    branch.splits.get(spec)?.forEach((split, i) => {
      if (split.owner === reader(subtask)) owned.push([i, split.position])
      else if (split.owner === FINISHED && split.finishedBy === subtask) finished.push(i)
    })
    const sync: Sync = {
      attempt,
      branch,
      checkpoint,
      counts: this.#keepCounts(branch),
      invocations: branch.invocations[attempt.vertex]!,
      determinants: this.twinned ? branch.determinants[attempt.vertex]!.length : 0,
      digest: { ...digest },
      owned,
      finished,
    }
    let own = this.#syncs.get(attempt.id)
    if (own === undefined) {
      own = new Map()
      this.#syncs.set(attempt.id, own)
    }
    own.set(checkpoint, sync)
    return sync
  }
  /** Records that the vertex of a sync had sent on a channel of its. */
  sentAt(sync: Sync, channel: number): number {
    return this.#counts[sync.counts + channel]!
  }
  receivedAt(sync: Sync, channel: number): number {
    return this.#counts[sync.counts + this.#layout.channels.length + channel]!
  }
  #keepCounts(branch: Branch): number {
    const channels = this.#layout.channels.length
    const at = this.#countsUsed
    this.#countsUsed = at + 2 * channels
    if (this.#countsUsed > this.#counts.length) {
      const wider = new Int32Array(this.#counts.length * 2 + 2 * channels)
      wider.set(this.#counts)
      this.#counts = wider
    }
    this.#counts.set(branch.sent, at)
    this.#counts.set(branch.received, at + channels)
    return at
  }
  /** The number of the next record that this attempt sends on an edge, from 0. */
  nextEmission(branch: Branch, vertex: number, edge: number): number {
    const i = vertex * this.#edges + edge
    const n = branch.emitted[i]!
    branch.emitted[i] = n + 1
    return n
  }
  record(attempt: Attempt, determinant: Determinant): void {
    if (this.twinned) this.branchOf(attempt).determinants[attempt.vertex]!.push(determinant)
  }
}
