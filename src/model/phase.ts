/**
 * The phases of a checkpoint and of a recovery: begin and end of every durable, RPC and lifecycle step. The table is
 * closed; anchors and coverage use it. The order is the order in which things happen in one good run.
 */
export const PHASES = {
  'leader-elected': 'a job manager has become leader: its epoch is durable',
  'store-read': 'the completed-checkpoint store was read by a new leader',
  forked: 'a recovery plan was made and a new branch of history begins',
  'split-reset': 'an enumerator was put back to its state at the restored checkpoint',
  'deploy-sent': 'a task is being deployed to a task manager',
  'fetch-begin': 'a deployed task asks storage for its state',
  'fetch-end': 'storage answered',
  restored: 'a task has its state again',
  'running-sent': 'a task reports that it runs',
  'job-running': 'all tasks run',
  'split-requested': 'a reader asks for a split',
  'split-assigned': 'the enumerator hands a split out',
  'checkpoint-triggered': 'the coordinator begins a checkpoint: its id is drawn',
  'trigger-sent': 'the trigger goes to a source task',
  'barrier-emitted': 'a task sends barriers downstream',
  'barrier-received': 'a task reads a barrier that it still waits for',
  aligned: 'all barriers of a task have arrived',
  'pre-commit': 'a sink prepares its transaction',
  'snapshot-sync': 'a task has copied its state',
  'put-begin': 'a task uploads its snapshot',
  'put-end': 'the snapshot is durable',
  'ack-sent': 'a task acknowledges',
  'ack-received': 'the coordinator has the acknowledgement',
  'fully-acked': 'the last acknowledgement is in',
  'metadata-begin': 'the completed checkpoint is being written to the store',
  'metadata-applied': 'the completed checkpoint is durable',
  'metadata-end': 'the coordinator knows the outcome of the write',
  subsumed: 'an older checkpoint is subsumed',
  'entry-removed': 'the entry of a subsumed checkpoint has left the store',
  'file-deleted': 'a snapshot file was deleted',
  'notify-sent': 'completion is announced to a task',
  'notify-received': 'a task learns that a checkpoint is complete',
  'commit-begin': 'a sink asks the external log to commit',
  'commit-applied': 'the commit took effect',
  'commit-end': 'the sink knows the outcome of the commit',
  'write-sent': 'a sink writes a record to the external log',
  expired: 'a checkpoint ran into its timeout',
  'decline-sent': 'a task declines a checkpoint',
  'abort-sent': 'the coordinator tells a task that a checkpoint was aborted',
  'abort-received': 'a task learns that a checkpoint was aborted',
  'failure-sent': 'the failure of a task is reported',
  'failure-seen': 'the job manager begins to restart the job',
  'cancel-sent': 'a task is told to cancel',
  'cancelled-sent': 'a task reports that it has cancelled',
  cancelled: 'all tasks of the failed execution are gone',
  'end-of-data': 'a task has processed all its input',
  'finished-sent': 'a task reports that it has finished',
  // of the metadata quorum
  'prepare-sent': 'a node of the quorum that wants to lead asks an acceptor for its promise',
  'promise-sent': 'an acceptor promises',
  'quorum-led': 'a node of the quorum has the promises of a majority: it leads',
  'accept-sent': 'the leader of the quorum proposes a value to an acceptor',
  'acceptor-write-begin': 'an acceptor begins to write what it must not forget',
  'accepted-sent': 'an acceptor has accepted',
  'slot-chosen': 'the leader of the quorum knows that a value is chosen',
  'chosen-sent': 'a node of the quorum is told what is chosen',
  'lease-sent': 'the leader of the quorum asks for its lease, or it is granted',
  'command-sent': 'a client sends a command to a node of the quorum',
  'answer-sent': 'a node of the quorum answers a client',
} as const

export type Phase = keyof typeof PHASES
export const PHASE_NAMES = Object.keys(PHASES) as Phase[]
/** Phases of the metadata quorum: they occur only where there is one. */
export const QUORUM_PHASES = [
  'prepare-sent',
  'promise-sent',
  'quorum-led',
  'accept-sent',
  'acceptor-write-begin',
  'accepted-sent',
  'slot-chosen',
  'chosen-sent',
  'lease-sent',
  'command-sent',
  'answer-sent',
] as const satisfies readonly Phase[]
const codes = new Map<Phase, number>(PHASE_NAMES.map((name, i) => [name, i]))
/** Index of a phase in the table. */
export const phaseCode = (phase: Phase): number => codes.get(phase)!
/** Codes by name, for the places where phases happen. */
export const P = Object.fromEntries(PHASE_NAMES.map((name, i) => [name, i])) as { readonly [K in Phase]: number }
