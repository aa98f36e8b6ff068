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
  type QuorumObserver,
  type Role,
} from '../model/index.ts'

/** Who listens. A listener only hears: what it does must not touch the run. */
export interface RunListener {
  /** Hears what the oracles hear, just before they do. */
  readonly observer?: Partial<Observer>
  /** Hears what the oracle of the metadata quorum hears, just before it does. */
  readonly quorum?: Partial<QuorumObserver>
  /** A fault is about to strike a process, or the effect that begins now. @returns what is told whether it has struck */
  strikes?(what: FaultKind, target: Role): (hit: boolean) => void
}

/** The three ways into and out of a cluster that can be overheard. */
export interface Overheard {
  readonly observer: Observer
  readonly faults: FaultSource
  readonly control: ProcessControl
}

/** The same ways, with a listener on them. */
export function overheard({ observer, faults, control }: Overheard, listener: RunListener): Overheard {
  const strike: Strike = (what, target, act) => {
    const tell = listener.strikes?.(what, target)
    const hit = act()
    tell?.(hit)
    return hit
  }
  return {
    observer: overheardObserver(observer, listener),
    faults: {
      effect(effect) {
        const fate = faults.effect(effect)
        if (fate.fate !== FATE.none) listener.strikes?.(kindOf(fate), { effect: EFFECT_NAMES[effect]! })(true)
        return fate
      },
    },
    control: {
      crashTask: (operator, subtask) =>
        strike('crash-task', { operator, subtask }, () => control.crashTask(operator, subtask)),
      crashTaskManager: (taskManager) =>
        strike('crash-taskmanager', { taskManager }, () => control.crashTaskManager(taskManager)),
      crashJobManager: () => strike('crash-jobmanager', 'job-manager', () => control.crashJobManager()),
      pauseJobManager: (forUs) => strike('pause-jobmanager', 'job-manager', () => control.pauseJobManager(forUs)),
      partitionJobManager: (forUs) =>
        strike('partition-jobmanager', 'job-manager', () => control.partitionJobManager(forUs)),
      pauseTaskManager: (taskManager, forUs) =>
        strike('pause-taskmanager', { taskManager }, () => control.pauseTaskManager(taskManager, forUs)),
      expireTransactions: () => strike('expire-transactions', 'external', () => control.expireTransactions()),
      rescale: (slots) => strike('rescale', { slots }, () => control.rescale(slots)),
      savepoint: () => strike('savepoint', 'job-manager', () => control.savepoint()),
      ...(control.quorum === undefined ? {} : { quorum: overheardQuorum(control.quorum, strike) }),
    },
  }
}

/** Does what strikes a process. @returns whether it has struck */
type Strike = (what: FaultKind, target: Role, act: () => boolean) => boolean

const overheardQuorum = (quorum: QuorumControl, strike: Strike): QuorumControl => ({
  crashNode: (quorumNode) => strike('crash-node', { quorumNode }, () => quorum.crashNode(quorumNode)),
  pauseNode: (quorumNode, forUs) => strike('pause-node', { quorumNode }, () => quorum.pauseNode(quorumNode, forUs)),
  partitionNode: (quorumNode, link, forUs) =>
    strike('partition-node', { quorumNode, link }, () => quorum.partitionNode(quorumNode, link, forUs)),
  driftClock: (quorumNode) => strike('drift-clock', { quorumNode }, () => quorum.driftClock(quorumNode)),
  loseDisk: (quorumNode) => strike('lose-disk', { quorumNode }, () => quorum.loseDisk(quorumNode)),
})

function overheardObserver(observer: Observer, { observer: second = {}, quorum }: RunListener): Observer {
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
