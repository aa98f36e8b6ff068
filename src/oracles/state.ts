/** State is the same at the sync point, in the upload, in storage and after the restore; each part has a digest of its own. */
import {
  type Attempt,
  digestOfContent,
  type SnapshotContent,
  type SnapshotFile,
  type StateDigest,
  subtaskName,
} from '../model/index.ts'
import type { Ledger } from './ledger.ts'
import { finding, type Reporter, type World } from './world.ts'

/** The part in which two digests differ; '' if none. */
export function differingPart(a: StateDigest, b: StateDigest): string {
  if (a.keyed !== b.keyed) return 'keyed'
  if (a.timers !== b.timers) return 'timer'
  if (a.lists !== b.lists) return 'list'
  return ''
}

export class StateOracle {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  constructor(world: World, ledger: Ledger, reporter: Reporter) {
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
  }
  #name(vertex: number): string {
    return subtaskName(this.#world.layout.vertices[vertex]!)
  }
  upload(attempt: Attempt, file: SnapshotFile, content: SnapshotContent): void {
    const digest = digestOfContent(content)
    this.#ledger.uploaded(file.id, digest.channels ?? 0)
    const sync = this.#ledger.syncOfFile(file.id)
    if (sync === null) return
    const part = differingPart(digest, sync.digest)
    if (part !== '')
      this.#reporter.report(
        finding(
          'state',
          'upload-differs-from-sync',
          `${this.#name(attempt.vertex)} uploads ${part} state for checkpoint ${file.checkpoint} that is not what it was at the sync point: the asynchronous part saw later writes.`,
          { part },
        ),
      )
  }
  restored(attempt: Attempt, file: SnapshotFile | null, digest: StateDigest): void {
    const name = this.#name(attempt.vertex)
    const { basis, inherited } = this.#ledger.branchOf(attempt)
    const share = inherited?.get(attempt.vertex)
    if (share !== undefined) {
      const part = differingPart(digest, digestOfContent(share))
      if (part !== '')
        this.#reporter.report(
          finding(
            'state',
            'inherited-differs',
            `${name} restored ${part} state from checkpoint ${basis!.id} that is not its share of what the subtasks of another parallelism had.`,
            { part: `${part}-${this.#world.layout.vertices[attempt.vertex]!.kind}` },
          ),
        )
      return
    }
    if (file === null) {
      if (digest.keyed !== 0 || digest.timers !== 0 || digest.lists !== 0 || (digest.channels ?? 0) !== 0)
        this.#reporter.report(
          finding('state', 'restored-from-nothing', `${name} starts with state although there is no checkpoint.`),
        )
      return
    }
    const sync = this.#ledger.syncOfFile(file.id)
    if (sync === null) return
    if (sync.attempt.vertex !== attempt.vertex) {
      this.#reporter.report(
        finding('state', 'wrong-task', `${name} was given the state of ${this.#name(sync.attempt.vertex)}.`),
      )
      return
    }
    const part =
      (digest.channels ?? 0) === this.#ledger.channelDigestOf(file.id) ? differingPart(digest, sync.digest) : 'channel'
    if (part !== '')
      this.#reporter.report(
        finding(
          'state',
          'restored-differs-from-sync',
          `${name} restored ${part} state that differs from what it snapshotted for checkpoint ${file.checkpoint}.`,
          {
            part: `${part}-${this.#world.layout.vertices[attempt.vertex]!.kind}`,
          },
        ),
      )
  }
}
