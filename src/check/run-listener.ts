/** Lets somebody listen to a run besides the oracles: the shrinker to phases, the story of a failure to everything. */
import {
  EFFECT_NAMES,
  type EffectFate,
  type EffectFaultKind,
  FATE,
  type FaultKind,
  type FaultSource,
  type Observer,
  type ProcessControl,
  type QuorumControl,
  type QuorumLink,
  type QuorumNodeRole,
  type QuorumObserver,
  type Role,
} from '../model/index.ts'

/** Who listens. A listener only hears: what it does must not touch the run. */
export interface RunListener {
  /** Hears what the oracles hear, just before they do. */
  readonly observer?: Partial<Observer>
  /** Hears what the oracle of the metadata quorum hears, just before it does. */
  readonly quorum?: Partial<QuorumObserver>
  /** A fault has struck: a process, or the effect that begins now. */
  struck?(what: FaultKind, target: Role): void
}

/** The three ways into and out of a cluster that can be overheard. */
export interface Overheard {
  readonly observer: Observer
  readonly faults: FaultSource
  readonly control: ProcessControl
}

/** The same ways, with a listener on them. */
export function overheard({ observer, faults, control }: Overheard, listener: RunListener): Overheard {
  return {
    observer: heard(observer, listener),
    faults: {
      effect(effect) {
        const fate = faults.effect(effect)
        if (fate.fate !== FATE.none) listener.struck?.(kindOf(fate), { effect: EFFECT_NAMES[effect]! })
        return fate
      },
    },
    control: {
      crashTask(operator, subtask) {
        const hit = control.crashTask(operator, subtask)
        if (hit) listener.struck?.('crash-task', { operator, subtask })
        return hit
      },
      crashTaskManager(taskManager) {
        const hit = control.crashTaskManager(taskManager)
        if (hit) listener.struck?.('crash-taskmanager', { taskManager })
        return hit
      },
      crashJobManager() {
        const hit = control.crashJobManager()
        if (hit) listener.struck?.('crash-jobmanager', 'job-manager')
        return hit
      },
      pauseJobManager(forUs) {
        const hit = control.pauseJobManager(forUs)
        if (hit) listener.struck?.('pause-jobmanager', 'job-manager')
        return hit
      },
      partitionJobManager(forUs) {
        const hit = control.partitionJobManager(forUs)
        if (hit) listener.struck?.('partition-jobmanager', 'job-manager')
        return hit
      },
      pauseTaskManager(taskManager, forUs) {
        const hit = control.pauseTaskManager(taskManager, forUs)
        if (hit) listener.struck?.('pause-taskmanager', { taskManager })
        return hit
      },
      expireTransactions() {
        const hit = control.expireTransactions()
        if (hit) listener.struck?.('expire-transactions', 'external')
        return hit
      },
      rescale(slots) {
        const hit = control.rescale(slots)
        if (hit) listener.struck?.('rescale', { slots })
        return hit
      },
      savepoint() {
        const hit = control.savepoint()
        if (hit) listener.struck?.('savepoint', 'job-manager')
        return hit
      },
      ...(control.quorum === undefined ? {} : { quorum: overheardQuorum(control.quorum, listener) }),
    },
  }
}

function overheardQuorum(quorum: QuorumControl, listener: RunListener): QuorumControl {
  const heard = (hit: boolean, what: FaultKind, quorumNode: QuorumNodeRole, link?: QuorumLink): boolean => {
    if (hit) listener.struck?.(what, { quorumNode, ...(link === undefined ? {} : { link }) })
    return hit
  }
  return {
    crashNode: (node) => heard(quorum.crashNode(node), 'crash-node', node),
    pauseNode: (node, forUs) => heard(quorum.pauseNode(node, forUs), 'pause-node', node),
    partitionNode: (node, link, forUs) => heard(quorum.partitionNode(node, link, forUs), 'partition-node', node, link),
    driftClock: (node) => heard(quorum.driftClock(node), 'drift-clock', node),
    loseDisk: (node) => heard(quorum.loseDisk(node), 'lose-disk', node),
  }
}

function heard(observer: Observer, { observer: second = {}, quorum }: RunListener): Observer {
  const heardByBoth = tee(observer, second)
  if (quorum === undefined) return heardByBoth
  return new Proxy(heardByBoth, {
    get: (target, name) =>
      // only where there is a quorum does anybody ask for it
      name === 'quorumGhosts' ? () => tee(observer.quorumGhosts!(), quorum) : Reflect.get(target, name),
  })
}

/** Calls `second` and then `first` for everything that both of them hear. */
function tee<T extends object>(first: T, second: Partial<T>): T {
  return new Proxy(first, {
    get(target, name) {
      const answer = Reflect.get(target, name) as (...args: unknown[]) => unknown
      const listen = Reflect.get(second, name) as ((...args: unknown[]) => unknown) | undefined
      if (listen === undefined) return answer.bind(target)
      return (...args: unknown[]) => {
        listen.apply(second, args)
        return answer.apply(target, args)
      }
    },
  })
}

/** By fate, from FATE.drop on. */
const KINDS: readonly EffectFaultKind[] = [
  'drop',
  'duplicate',
  'delay',
  'slow',
  'fail',
  'ambiguous',
  'ambiguous',
  'crash',
  'torn',
]
const kindOf = ({ fate }: EffectFate): EffectFaultKind => KINDS[fate - FATE.drop]!
