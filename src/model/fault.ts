/**
 * Faults: what happens, to whom, when. Targets are roles, so that they survive shrinking; a time is virtual, an anchor is
 * causal ("the second acknowledgement after the first restore"), so that taking one fault away does not shift another.
 */

import type { Phase } from './phase.ts'
import type { QuorumLink, QuorumNodeRole } from './quorum-control.ts'
import type { Us } from './time.ts'

/** Faults of nodes of the metadata quorum. */
export type QuorumFaultKind = 'crash-node' | 'pause-node' | 'partition-node' | 'drift-clock' | 'lose-disk'
/** Faults of processes and tasks. */
export type ProcessFaultKind =
  | 'crash-task'
  | 'crash-taskmanager'
  | 'crash-jobmanager'
  | 'pause-taskmanager'
  | 'expire-transactions'
  | 'rescale'
  | 'savepoint'
  | 'pause-jobmanager'
  | 'partition-jobmanager'
  | QuorumFaultKind
/** What may become of one effect: a message, a write, a read. */
export type EffectFaultKind = 'drop' | 'duplicate' | 'delay' | 'slow' | 'fail' | 'ambiguous' | 'crash' | 'torn'
export type FaultKind = ProcessFaultKind | EffectFaultKind

/** The effects that a fault can hit, each with the phase at which it starts and what may become of it. */
export const EFFECTS = {
  trigger: { phase: 'trigger-sent', kinds: ['drop', 'duplicate', 'delay'] },
  ack: { phase: 'ack-sent', kinds: ['drop', 'duplicate', 'delay'] },
  decline: { phase: 'decline-sent', kinds: ['drop', 'duplicate', 'delay'] },
  notify: { phase: 'notify-sent', kinds: ['drop', 'duplicate', 'delay'] },
  abort: { phase: 'abort-sent', kinds: ['drop', 'duplicate', 'delay'] },
  failure: { phase: 'failure-sent', kinds: ['duplicate', 'delay'] },
  running: { phase: 'running-sent', kinds: ['duplicate', 'delay'] },
  finished: { phase: 'finished-sent', kinds: ['duplicate', 'delay'] },
  cancel: { phase: 'cancel-sent', kinds: ['duplicate', 'delay'] },
  cancelled: { phase: 'cancelled-sent', kinds: ['duplicate', 'delay'] },
  deploy: { phase: 'deploy-sent', kinds: ['duplicate', 'delay'] },
  'split-request': { phase: 'split-requested', kinds: ['duplicate', 'delay'] },
  'split-assign': { phase: 'split-assigned', kinds: ['duplicate', 'delay'] },
  put: { phase: 'put-begin', kinds: ['slow', 'fail', 'ambiguous'] },
  metadata: { phase: 'metadata-begin', kinds: ['slow', 'fail', 'ambiguous'] },
  fetch: { phase: 'fetch-begin', kinds: ['slow', 'fail'] },
  commit: { phase: 'commit-begin', kinds: ['fail', 'ambiguous'] },
  write: { phase: 'write-sent', kinds: ['fail'] },
  // calls of a sink of the user's own; crash: its task dies before the call is made; slow: the call gives up, and takes effect later
  'sink-write': { phase: 'write-sent', kinds: ['fail', 'ambiguous', 'slow', 'crash'] },
  'sink-commit': { phase: 'commit-begin', kinds: ['fail', 'ambiguous', 'slow', 'crash'] },
  // messages of the metadata quorum, and what its acceptors write; torn: the node crashes while it writes
  prepare: { phase: 'prepare-sent', kinds: ['drop', 'duplicate', 'delay'] },
  promise: { phase: 'promise-sent', kinds: ['drop', 'duplicate', 'delay'] },
  accept: { phase: 'accept-sent', kinds: ['drop', 'duplicate', 'delay'] },
  accepted: { phase: 'accepted-sent', kinds: ['drop', 'duplicate', 'delay'] },
  chosen: { phase: 'chosen-sent', kinds: ['drop', 'duplicate', 'delay'] },
  lease: { phase: 'lease-sent', kinds: ['drop', 'duplicate', 'delay'] },
  command: { phase: 'command-sent', kinds: ['drop', 'duplicate', 'delay'] },
  answer: { phase: 'answer-sent', kinds: ['drop', 'duplicate', 'delay'] },
  'acceptor-write': { phase: 'acceptor-write-begin', kinds: ['slow', 'torn'] },
} as const satisfies Record<string, { phase: Phase; kinds: readonly EffectFaultKind[] }>
export type Effect = keyof typeof EFFECTS
export const EFFECT_NAMES = Object.keys(EFFECTS) as Effect[]
const effectCodes = new Map<Effect, number>(EFFECT_NAMES.map((name, i) => [name, i]))
/** Those of the metadata quorum: they occur only where there is one. */
export const QUORUM_EFFECTS = [
  'prepare',
  'promise',
  'accept',
  'accepted',
  'chosen',
  'lease',
  'command',
  'answer',
  'acceptor-write',
] as const satisfies readonly Effect[]
export const effectCode = (effect: Effect): number => effectCodes.get(effect)!
/** Codes by name, for the places where effects happen. */
export const E = Object.fromEntries(EFFECT_NAMES.map((name, i) => [name, i])) as { readonly [K in Effect]: number }

/** A node of the metadata quorum; `link` is what a partition loses, and is there for nothing else. */
export interface QuorumRole {
  readonly quorumNode: QuorumNodeRole
  readonly link?: QuorumLink
}
export type Role =
  | { readonly operator: string; readonly subtask: number } // subtask modulo parallelism
  | { readonly taskManager: number }
  | 'job-manager'
  | 'external'
  | { readonly effect: Effect }
  /** The slots that the job is given: no vertex has more subtasks than that, none more than it has been declared for. */
  | { readonly slots: number }
  | QuorumRole

export type When =
  | { readonly at: Us }
  /** The `nth` occurrence (from 1) of the phase, counted from the start, or from the `restore`-th restore (from 1). */
  | { readonly phase: Phase; readonly nth: number; readonly restore?: number }

export interface Fault {
  readonly what: FaultKind
  readonly target: Role
  readonly when: When
  /** How long a pause or a delay lasts, or a slow write takes in addition; microseconds. */
  readonly forUs?: Us
}

/** Classes of faults, as `--faults` and the swarm name them; delay, drop and duplicate are of messages. */
export const FAULT_CLASSES = [
  'crash-task',
  'crash-taskmanager',
  'crash-jobmanager',
  'pause',
  'delay',
  'drop',
  'duplicate',
  'put',
  'metadata',
  'fetch',
  'external',
] as const
/** Faults of a job manager that others can take the place of: it pauses, or is cut off from the metadata store. */
export const LEADER_FAULT_CLASSES = ['pause-jobmanager', 'partition-jobmanager'] as const
/**
 * Classes that occur only where they are asked for: not every job means the same at another parallelism, or has more than
 * one job manager; few take savepoints.
 */
export const OPT_IN_FAULT_CLASSES = ['rescale', ...LEADER_FAULT_CLASSES, 'quorum', 'savepoint'] as const
export const ALL_FAULT_CLASSES = [...FAULT_CLASSES, ...OPT_IN_FAULT_CLASSES] as const
export type OptInFaultClass = (typeof OPT_IN_FAULT_CLASSES)[number]
export type FaultClass = (typeof ALL_FAULT_CLASSES)[number]

/** The fault in words. */
export function describeFault(fault: Fault): string {
  const when =
    'at' in fault.when
      ? `at ${(fault.when.at / 1000).toFixed(1)} ms`
      : `at the ${ordinal(fault.when.nth)} ${fault.when.phase}${fault.when.restore === undefined ? '' : ` after restore ${fault.when.restore}`}`
  const lasting = fault.forUs === undefined ? '' : ` for ${(fault.forUs / 1000).toFixed(1)} ms`
  const target = fault.target
  if (typeof target === 'object' && 'effect' in target) {
    const verb = {
      drop: 'is lost',
      duplicate: 'comes twice',
      delay: 'comes late',
      slow: 'is slow',
      fail: 'fails',
      ambiguous: 'ends with an unknown outcome',
      crash: 'does not happen: its task crashes',
      torn: 'is cut off: its node crashes',
    }
    const which =
      'at' in fault.when
        ? `first ${target.effect} from ${(fault.when.at / 1000).toFixed(1)} ms on`
        : `${ordinal(fault.when.nth)} ${target.effect}${fault.when.restore === undefined ? '' : ` after restore ${fault.when.restore}`}`
    return `the ${which} ${verb[fault.what as EffectFaultKind]}${lasting}`
  }
  if (typeof target === 'object' && 'slots' in target)
    return `the job is rescaled to ${target.slots} ${target.slots === 1 ? 'slot' : 'slots'} ${when}`
  if (typeof target === 'object' && 'quorumNode' in target)
    return `${describeQuorumFault(fault.what, target)}${lasting} ${when}`
  if (fault.what === 'savepoint') return `a savepoint is asked for ${when}`
  const whom =
    target === 'job-manager'
      ? 'the job manager'
      : target === 'external'
        ? 'the external log'
        : 'operator' in target
          ? `${target.operator}[${target.subtask}]`
          : `task manager ${target.taskManager}`
  const verb = {
    'crash-task': 'crashes',
    'crash-taskmanager': 'crashes',
    'crash-jobmanager': 'crashes',
    'pause-taskmanager': 'pauses',
    'pause-jobmanager': 'pauses',
    'partition-jobmanager': 'is cut off from the metadata store',
    'expire-transactions': 'times its open transactions out',
  }
  return `${whom} ${verb[fault.what as keyof typeof verb]}${lasting} ${when}`
}

/** What happens to a node of the quorum, in words. */
export function describeQuorumFault(what: FaultKind, target: QuorumRole): string {
  const whom = target.quorumNode === 'leader' ? 'the leader of the quorum' : `node ${target.quorumNode} of the quorum`
  const lost = { peers: 'the others', out: 'those it sends to', in: 'those that send to it', all: 'everybody' }
  const verb = {
    'crash-node': 'crashes',
    'pause-node': 'pauses',
    'partition-node': `is cut off from ${lost[target.link ?? 'peers']}`,
    'drift-clock': 'has a clock that goes wrong',
    'lose-disk': 'crashes and loses its disk',
  }
  return `${whom} ${verb[what as QuorumFaultKind]}`
}

/** 1 -> '1st'. */
export function ordinal(n: number): string {
  const tail = n % 100
  if (tail >= 11 && tail <= 13) return `${n}th`
  return `${n}${['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'}`
}
