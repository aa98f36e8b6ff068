/**
 * The external systems that sinks of users write to, and the ports through which an attempt reaches them.
 *
 * ```
 *   writer.write(order)                      one event of the task, three calls, three effects:
 *     log.begin(...)   --crash? fail? ...--> SimulatedLog
 *     log.append(...)  --crash? fail? ...--> SimulatedLog      a crash here leaves an open transaction behind
 *     log.append(...)  --slow-------------->    ... later ...  applied when the attempt may be long gone
 * ```
 *
 * Each call that changes something is asked for its fate. A crash unwinds the sink's code by an exception of its own, and the
 * attempt is dead from then on: code that swallows it gets it again at its next call. What arrives late is checked as it
 * arrives, by epoch and version, as everything is.
 */
import {
  type Clock,
  type KeyValue,
  type ObjectStore,
  PortError,
  type Ports,
  type TransactionalLog,
} from '../dataflow/index.ts'
import { hashText, hashValue, type Kernel, mix2 } from '../kernel/index.ts'
import {
  type Attempt,
  E,
  type ExternalChange,
  FATE,
  type FaultSource,
  isVisibleName,
  type Key,
  type Observer,
  P,
} from '../model/index.ts'
import { plainCopy } from './plain-copy.ts'
import { SimulatedKeys } from './simulated-keys.ts'
import { Misuse, SimulatedLog } from './simulated-log.ts'
import { SimulatedObjects } from './simulated-objects.ts'

type System = SimulatedLog | SimulatedObjects | SimulatedKeys
/** What unwinds the code of a sink whose attempt has crashed. */
const CRASHED = Symbol('the attempt has crashed')

/** One call: how it is applied, and what ghosts are told. Kept until it arrives if it is slow. */
interface Call {
  readonly attempt: Attempt
  readonly number: number
  readonly apply: (tell: (change: ExternalChange) => void) => unknown
}

export class ExternalSystems {
  readonly #kernel: Kernel
  /** Schedules the arrival of a slow call. */
  readonly #arriveLater: (delayUs: number, slow: number) => void
  readonly #taken: ReadonlySet<string>
  #systems = new Map<string, System>()
  #slow: Call[] = []
  #calls = 0
  observer!: Observer
  faults!: FaultSource

  /**
   * @param taken names of logs that the cluster's own sinks write to
   * @param arriveLater has `arrive(slow)` called after a delay
   */
  constructor(kernel: Kernel, taken: readonly string[], arriveLater: (delayUs: number, slow: number) => void) {
    this.#kernel = kernel
    this.#taken = new Set(taken)
    this.#arriveLater = arriveLater
  }
  reset(observer: Observer, faults: FaultSource): void {
    this.#systems = new Map()
    this.#slow = []
    this.#calls = 0
    this.observer = observer
    this.faults = faults
  }
  /** The ports of one attempt. */
  session(attempt: Attempt): Session {
    return new Session(this, this.#kernel, attempt)
  }
  /** Whatever readers see, by the name of the system. */
  visible(): Readonly<Record<string, readonly unknown[]>> {
    return Object.fromEntries([...this.#systems].map(([name, system]) => [name, system.visible]))
  }
  expire(): number {
    let expired = 0
    for (const system of this.#systems.values()) if (system instanceof SimulatedLog) expired += system.expire()
    return expired
  }
  /** @throws RangeError if the name belongs to a system of another kind */
  system<S extends System>(name: string, kind: new () => S): S {
    const known = this.#systems.get(name)
    if (known instanceof kind) return known
    if (known !== undefined || this.#taken.has(name))
      throw new RangeError(`'${name}' is an external system of another kind already: give this one a name of its own`)
    const made = new kind()
    this.#systems.set(name, made)
    return made
  }
  /** A slow call arrives. Whoever made it does not hear of it. */
  arrive(slow: number): void {
    const call = this.#slow[slow]!
    try {
      this.#applied(call)
    } catch (error) {
      if (!(error instanceof PortError || error instanceof Misuse)) throw error
    }
  }
  #applied({ attempt, number, apply }: Call): unknown {
    this.#kernel.effect('call of an external system')
    return apply((change) => {
      this.#kernel.trace.mix(hashOf(change))
      this.observer.external(attempt, number, change)
    })
  }
  /**
   * Makes a call under the fate that the plan has for it.
   * @param committing as of `ExternalObserver.calling`
   * @throws CRASHED or PortError
   */
  call(attempt: Attempt, committing: number, effect: number, apply: Call['apply']): unknown {
    this.#calls += 1
    const call: Call = { attempt, number: this.#calls, apply }
    this.#kernel.nextEffect()
    this.observer.calling(attempt, call.number, committing)
    this.observer.phase(effect === E['sink-commit'] ? P['commit-begin'] : P['write-sent'])
    const { fate, extraUs } = this.faults.effect(effect)
    switch (fate) {
      case FATE.crash:
        throw CRASHED
      case FATE.fail:
        throw new PortError('refused', 'the external system did not take the call')
      case FATE.slow:
        this.#slow.push(call)
        this.#arriveLater(extraUs, this.#slow.length - 1)
        throw UNKNOWN_OUTCOME()
      case FATE.ambiguousLost:
        throw UNKNOWN_OUTCOME()
      case FATE.ambiguousApplied:
        this.#applied(call)
        throw UNKNOWN_OUTCOME()
      default:
        return this.#applied(call)
    }
  }
}
const UNKNOWN_OUTCOME = (): PortError => new PortError('unknown', 'the external system did not answer')

/** What an attempt has in its hands. */
export class Session implements Ports {
  readonly #systems: ExternalSystems
  readonly #kernel: Kernel
  readonly #attempt: Attempt
  /** True once the attempt has crashed in a call. */
  crashed = false
  /** The checkpoint whose committables are being committed; 0 if none are. */
  committing = 0

  constructor(systems: ExternalSystems, kernel: Kernel, attempt: Attempt) {
    this.#systems = systems
    this.#kernel = kernel
    this.#attempt = attempt
  }
  #look<T>(body: () => T): T {
    if (this.crashed) throw CRASHED
    return body()
  }
  #change(effect: number, apply: Call['apply']): unknown {
    if (this.crashed) throw CRASHED
    try {
      return this.#systems.call(this.#attempt, this.committing, effect, apply)
    } catch (error) {
      if (error === CRASHED) this.crashed = true
      throw error
    }
  }
  readonly clock: Clock = {
    now: () =>
      this.#look(() => {
        const ms = Math.floor(this.#kernel.now / 1000)
        this.#systems.observer.timeRead(this.#attempt, ms)
        return ms
      }),
  }

  log(name: string): TransactionalLog {
    const log = this.#systems.system(name, SimulatedLog)
    const write = E['sink-write']
    const system = name
    return {
      begin: (owner, epoch) =>
        this.#change(write, (tell) => {
          const transaction = log.begin(owner, epoch)
          tell({ what: 'began', system, transaction })
          return transaction
        }) as string,
      append: (transaction, row) => {
        const copy = plainCopy(row)
        this.#change(write, (tell) => {
          log.append(transaction, copy)
          tell({ what: 'appended', system, transaction, row: copy })
        })
      },
      prepare: (transaction) => {
        this.#change(write, (tell) => {
          log.prepare(transaction)
          tell({ what: 'prepared', system, transaction })
        })
      },
      commit: (transaction) => {
        this.#change(E['sink-commit'], (tell) => {
          try {
            if (!log.commit(transaction)) return
          } catch (error) {
            if (error instanceof PortError)
              tell({ what: 'lost', system, transaction, timedOut: log.timedOut(transaction) })
            throw error
          }
          this.#systems.observer.phase(P['commit-applied'])
          tell({ what: 'committed', system, transaction })
        })
      },
      abort: (transaction) => {
        this.#change(write, (tell) => {
          if (log.abort(transaction)) tell({ what: 'aborted', system, transaction })
        })
      },
      unfinished: (owner) => this.#look(() => log.unfinished(owner)),
    }
  }

  objects(name: string): ObjectStore {
    const objects = this.#systems.system(name, SimulatedObjects)
    const system = name
    return {
      put: (path, content) => {
        const copy = plainCopy(content)
        this.#change(E['sink-write'], (tell) => {
          objects.put(path, copy)
          tell({ what: 'stored', system, path, content: copy })
        })
      },
      get: (path) => this.#look(() => objects.get(path)),
      list: (prefix) => this.#look(() => objects.list(prefix)),
      rename: (path, to) =>
        this.#change(isVisibleName(to) ? E['sink-commit'] : E['sink-write'], (tell) => {
          if (!objects.rename(path, to)) return false
          if (isVisibleName(to)) this.#systems.observer.phase(P['commit-applied'])
          tell({ what: 'renamed', system, path, to })
          return true
        }) as boolean,
      delete: (path) =>
        this.#change(E['sink-write'], (tell) => {
          if (!objects.delete(path)) return false
          tell({ what: 'deleted', system, path })
          return true
        }) as boolean,
    }
  }

  keyValue(name: string): KeyValue {
    const keys = this.#systems.system(name, SimulatedKeys)
    const change = (key: Key, value: unknown, set: (copy: unknown) => boolean): boolean => {
      const copy = plainCopy(value)
      return this.#change(E['sink-write'], (tell) => {
        if (!set(copy)) return false
        tell({ what: 'set', system: name, key, value: copy })
        return true
      }) as boolean
    }
    return {
      get: (key) => this.#look(() => keys.get(key)),
      put: (key, value, version) => change(key, value, (copy) => keys.set(key, copy, version)),
      delete: (key, version) => change(key, undefined, () => keys.set(key, undefined, version)),
      compareAndSet: (key, revision, value) => change(key, value, (copy) => keys.compareAndSet(key, revision, copy)),
    }
  }
}

/** What a change adds to the digest of a run. */
function hashOf(change: ExternalChange): number {
  const of = hashText(`${change.what} ${change.system}`)
  switch (change.what) {
    case 'appended':
      return mix2(mix2(of, hashText(change.transaction)), hashValue(change.row))
    case 'stored':
      return mix2(mix2(of, hashText(change.path)), hashValue(change.content))
    case 'renamed':
      return mix2(mix2(of, hashText(change.path)), hashText(change.to))
    case 'deleted':
      return mix2(of, hashText(change.path))
    case 'set':
      return mix2(mix2(of, hashValue(change.key)), hashValue(change.value))
    default:
      return mix2(of, hashText(change.transaction))
  }
}
