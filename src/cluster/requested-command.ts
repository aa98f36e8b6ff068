import type { KernelEvent } from '../kernel/index.ts'
import { STORE_MESSAGES, V } from '../model/index.ts'
import type { EntryRefs } from './entry-refs.ts'
import type { JobResult, MetadataCommand } from './metadata.ts'

/**
 * The command that a job manager's message asks for, where a store agrees on commands and not on messages.
 * @param waits whether a campaign waits for the leader before it to be gone
 * @throws Error if it is no request of a job manager
 */
export function requestedCommand(
  code: number,
  { a, b, ref }: KernelEvent,
  refs: EntryRefs,
  waits: boolean,
): MetadataCommand {
  switch (code) {
    case V.CAMPAIGN:
      return { kind: 'campaign', epoch: b, waits }
    case V.DRAW_ID:
      return { kind: 'draw-id', epoch: b }
    case V.ADD:
      return { kind: 'add', epoch: a, entry: refs.entry(ref) }
    case V.READ:
      return { kind: 'read', epoch: a }
    case V.READ_BACK:
      return { kind: 'read-back', epoch: a, checkpoint: b }
    case V.REMOVE:
      return { kind: 'remove', epoch: a, checkpoint: b }
    case V.RECONNECT:
      return { kind: 'check-session', epoch: b }
    case V.END_JOB:
      return { kind: 'end-job', epoch: a, result: b as JobResult }
    default:
      throw new Error(`the metadata store: no job manager asks for ${STORE_MESSAGES[code] ?? `message ${code}`}`)
  }
}
