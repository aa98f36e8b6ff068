/**
 * The metadata of a job as a deterministic state machine: who leads, which ids are drawn, which checkpoints are complete. Pure:
 * the same commands in the same order give the same answers, whoever applies them. How a command comes to its place in that
 * order is the business of a MetadataStore.
 *
 * ```
 *   campaign ─▶ granted, or waits behind the leader ─▶ granted when the session before it has ended
 *   add, remove, end-job: only under the epoch of the last one that was granted (fencing)
 * ```
 */
import type { CompletedCheckpoint } from '../model/index.ts'

/** What becomes of the job: it goes on, has finished, or was given up. */
export const JOB_GOES_ON = 0
export const JOB_FINISHED = 1
export const JOB_FAILED = 2
export type JobResult = typeof JOB_GOES_ON | typeof JOB_FINISHED | typeof JOB_FAILED

/** `epoch` is that of the leader who asks: its incarnation, under which it has campaigned. */
export type MetadataCommand =
  /** @see Metadata.waiting; `waits`: false if there is no other job manager, so that the last leader must be gone */
  | { readonly kind: 'campaign'; readonly epoch: number; readonly waits: boolean }
  /** The session of an incarnation has ended, whether it leads, waits, or was never heard of. */
  | { readonly kind: 'expire'; readonly epoch: number }
  /** Whether the session of the one who asks is still there. */
  | { readonly kind: 'check-session'; readonly epoch: number }
  | { readonly kind: 'draw-id'; readonly epoch: number }
  | { readonly kind: 'add'; readonly epoch: number; readonly entry: CompletedCheckpoint }
  | { readonly kind: 'remove'; readonly epoch: number; readonly checkpoint: number }
  | { readonly kind: 'read'; readonly epoch: number }
  | { readonly kind: 'read-back'; readonly epoch: number; readonly checkpoint: number }
  | { readonly kind: 'end-job'; readonly epoch: number; readonly result: JobResult }

export interface Metadata {
  /** Epoch of the leader that was elected last, 0: none has been. */
  readonly epoch: number
  /** Whether that leader's session is known to be alive: nobody else is elected meanwhile. */
  readonly held: boolean
  /** Incarnations that want to lead, rising: the lowest is next. */
  readonly waiting: readonly number[]
  /** Incarnations whose session has ended: they never lead, however late they campaign. */
  readonly expired: readonly number[]
  readonly lastId: number
  /** Completed checkpoints, oldest first. */
  readonly entries: readonly CompletedCheckpoint[]
  readonly result: JobResult
}
export const NO_METADATA: Metadata = {
  epoch: 0,
  held: false,
  waiting: [],
  expired: [],
  lastId: 0,
  entries: [],
  result: JOB_GOES_ON,
}

export interface MetadataAnswer {
  /** False if it was refused: by a newer leader, because there is no such entry, or because the incarnation has ended. */
  readonly ok: boolean
  /** Who leads from now on because of this command; 0: nothing has changed. */
  readonly elected: number
  /** The drawn id; else 0. */
  readonly id: number
  /** For `read`: what is there. */
  readonly entries: readonly CompletedCheckpoint[]
}
const NOTHING: readonly CompletedCheckpoint[] = []
const answer = (ok: boolean, elected = 0, id = 0, entries = NOTHING): MetadataAnswer => ({ ok, elected, id, entries })
const YES = answer(true)
export const REFUSED = answer(false)

export interface Applied {
  readonly metadata: Metadata
  readonly answer: MetadataAnswer
}

/** Whether an incarnation can still become leader: nobody later has been elected, and its session has not ended. */
export const mayLead = ({ epoch, expired }: Metadata, candidate: number): boolean =>
  candidate > epoch && !expired.includes(candidate)

/** A leader's write counts only while nobody has been elected after it. */
export const isFenced = ({ epoch }: Metadata, command: { readonly epoch: number }): boolean => command.epoch !== epoch

/** What a command changes, and what whoever has asked is told. */
export function applyCommand(metadata: Metadata, command: MetadataCommand): Applied {
  const unchanged = (answer: MetadataAnswer): Applied => ({ metadata, answer })
  const changed = (change: Partial<Metadata>, answer = YES): Applied => ({
    metadata: { ...metadata, ...change },
    answer,
  })
  switch (command.kind) {
    case 'campaign':
      return campaign(metadata, command.epoch, command.waits)
    case 'expire':
      return expire(metadata, command.epoch)
    case 'check-session':
      return unchanged(metadata.expired.includes(command.epoch) ? REFUSED : YES)
    case 'draw-id': {
      const lastId = metadata.lastId + 1
      return changed({ lastId }, answer(true, 0, lastId))
    }
    case 'add': {
      const { entry } = command
      // a write that was sent twice is one write, whoever leads by now: the files of an entry that is there must stay
      if (has(metadata, entry.id)) return unchanged(YES)
      if (isFenced(metadata, command)) return unchanged(REFUSED)
      return changed({ entries: [...metadata.entries, entry].sort((a, b) => a.id - b.id) })
    }
    case 'remove': {
      const { checkpoint } = command
      if (isFenced(metadata, command) || !has(metadata, checkpoint)) return unchanged(REFUSED)
      return changed({ entries: metadata.entries.filter(({ id }) => id !== checkpoint) })
    }
    case 'read':
      return unchanged(answer(true, 0, 0, metadata.entries))
    case 'read-back':
      return unchanged(has(metadata, command.checkpoint) ? YES : REFUSED)
    case 'end-job':
      return isFenced(metadata, command) ? unchanged(REFUSED) : changed({ result: command.result })
  }
}
const has = ({ entries }: Metadata, checkpoint: number): boolean => entries.some(({ id }) => id === checkpoint)

function campaign(metadata: Metadata, candidate: number, waits: boolean): Applied {
  const { epoch, held, waiting, expired } = metadata
  // somebody who leads and did not hear of it
  if (candidate === epoch && !expired.includes(candidate)) return { metadata, answer: answer(true, candidate) }
  if (!mayLead(metadata, candidate)) return { metadata, answer: REFUSED }
  if (!(waits && held))
    return { metadata: { ...metadata, epoch: candidate, held: waits }, answer: answer(true, candidate) }
  if (waiting.includes(candidate)) return { metadata, answer: YES }
  return { metadata: { ...metadata, waiting: [...waiting, candidate].sort((a, b) => a - b) }, answer: YES }
}
function expire(metadata: Metadata, candidate: number): Applied {
  const { epoch, held } = metadata
  const expired = metadata.expired.includes(candidate) ? metadata.expired : [...metadata.expired, candidate]
  const waiting = metadata.waiting.filter((other) => other !== candidate)
  if (!held || candidate !== epoch) return { metadata: { ...metadata, expired, waiting }, answer: YES }
  const [next, ...later] = waiting
  return next === undefined
    ? { metadata: { ...metadata, expired, waiting, held: false }, answer: YES }
    : { metadata: { ...metadata, expired, waiting: later, epoch: next }, answer: answer(true, next) }
}
