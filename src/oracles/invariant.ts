/**
 * The invariants that a user has written for the scenario. They are asked after all other oracles: what breaks a guarantee of
 * the protocol says more than what follows from it. Where the plan has broken an assumption, they are not asked any more.
 */
import type { RunView, TemporalInvariant } from '../dataflow/index.ts'
import type { CompletedCheckpoint, Key } from '../model/index.ts'
import { inFlightInCut } from './in-flight-in-cut.ts'
import { FixedMap, stateNames, stateOfCut } from './state-of-cut.ts'
import { unreadInCut } from './unread-in-cut.ts'
import { finding, type Reporter, type World } from './world.ts'

/** What the oracle tells of, besides findings. */
export interface InvariantListener {
  /** A `sometimes` holds for the first time in this run. */
  happened(name: string): void
  /** An invariant has thrown this; called before the finding is reported. */
  threw(error: unknown): void
}

export class InvariantOracle {
  readonly #world: World
  readonly #reporter: Reporter
  readonly #listener: InvariantListener
  readonly #always: readonly TemporalInvariant[]
  readonly #eventually: readonly TemporalInvariant[]
  readonly #sometimes: readonly TemporalInvariant[]
  /** Those of `sometimes` that have not held yet. */
  readonly #awaited = new Set<TemporalInvariant>()

  constructor(world: World, reporter: Reporter, listener: InvariantListener) {
    this.#world = world
    this.#reporter = reporter
    this.#listener = listener
    const of = (kind: TemporalInvariant['kind']): TemporalInvariant[] =>
      world.temporal.filter((invariant) => invariant.kind === kind)
    this.#always = of('always')
    this.#eventually = of('eventually')
    this.#sometimes = of('sometimes')
  }
  reset(): void {
    for (const invariant of this.#sometimes) this.#awaited.add(invariant)
  }
  /** Names of all `sometimes`. */
  get awaited(): readonly string[] {
    return this.#sometimes.map(({ name }) => name)
  }

  checkpoint(): void {
    if (this.#watches) this.#look('checkpoint')
  }
  committed(): void {
    if (this.#watches) this.#look('commit')
  }
  /** Whether anybody is asked before the end: most scenarios must not pay for a view. */
  get #watches(): boolean {
    return this.#always.length > 0 || this.#awaited.size > 0
  }
  /** The job has finished. */
  finished(): void {
    const view = this.#look('end')
    for (const invariant of this.#eventually) this.#require(invariant, view)
    for (const { name, check } of this.#world.invariants) {
      const broken = this.#asked(name, () => check(this.#world.committed(), (source) => view.inputs(source)))
      if (broken !== undefined) this.#broken(name, `does not hold: ${broken}`)
    }
  }

  #look(moment: RunView['moment']): View {
    const view = new View(this.#world, moment)
    for (const invariant of this.#always) this.#require(invariant, view)
    for (const invariant of this.#awaited) {
      if (this.#asked(invariant.name, () => holdsIn(invariant, view)) !== true) continue
      this.#awaited.delete(invariant)
      this.#listener.happened(invariant.name)
    }
    return view
  }
  #require(invariant: TemporalInvariant, view: View): void {
    const { name } = invariant
    const held = this.#asked(name, () => holdsIn(invariant, view))
    if (held === true || held === undefined) return
    this.#broken(name, `does not hold ${view.when}${held === false ? '' : `: ${held}`}`)
  }
  #broken(name: string, how: string): void {
    this.#reporter.report(finding('invariant', name, `The invariant '${name}' ${how.replace(/\.$/, '')}.`))
  }
  /** What a user's function answers; undefined if it throws, which is a finding. */
  #asked<T>(name: string, ask: () => T): T | undefined {
    try {
      return ask()
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error)
      this.#listener.threw(error)
      this.#reporter.report(
        finding('user', 'threw', `The invariant '${name}' failed: ${what}.`, { class: 'user', part: name }),
      )
      return undefined
    }
  }
}

function holdsIn({ holds }: TemporalInvariant, view: View): boolean | string {
  const held: unknown = holds(view)
  if (typeof held === 'boolean' || typeof held === 'string') return held
  throw new TypeError(
    `it must say true, false, or why not, but says ${
      typeof held === 'object' && held !== null && 'then' in held ? 'a promise: write it without async' : String(held)
    }`,
  )
}

/** What a user's predicate sees; made for one moment, read when it is asked for. Its functions can be taken apart. */
class View implements RunView {
  readonly moment: RunView['moment']
  readonly checkpointId: number | undefined
  readonly #world: World
  readonly #entry: CompletedCheckpoint | undefined
  readonly #logs = new Map<string, readonly unknown[]>()

  constructor(world: World, moment: RunView['moment']) {
    this.#world = world
    this.moment = moment
    this.#entry = world.entries().at(-1)
    this.checkpointId = this.#entry?.id
  }

  /** The moment, for a sentence. */
  get when(): string {
    if (this.moment === 'end') return 'when the job has finished'
    const cut = this.checkpointId === undefined ? 'no checkpoint' : `checkpoint ${this.checkpointId}`
    return this.moment === 'commit' ? `after a commit, with ${cut} complete` : `when ${cut} is complete`
  }

  readonly committed = <T>(log: string): readonly T[] => {
    const known = this.#logs.get(log)
    if (known !== undefined) return known as readonly T[]
    // a copy, since what is visible grows
    const rows = Object.freeze([...(this.#visible()[log] ?? this.#nothingIn(log))])
    this.#logs.set(log, rows)
    return rows as readonly T[]
  }
  #visible(): Readonly<Record<string, readonly unknown[]>> {
    return this.#world.committed()
  }
  /** A log without rows, unless nobody writes to one of this name; sinks of the user's name theirs when they first use them. */
  #nothingIn(log: string): readonly unknown[] {
    const { vertices } = this.#world.graph
    const logs = new Set(vertices.flatMap(({ sink }) => (sink === undefined || sink.kind === 'own' ? [] : [sink.log])))
    const mayCome = this.moment !== 'end' && vertices.some(({ sink }) => sink?.kind === 'own')
    if (logs.has(log) || mayCome) return []
    for (const name of Object.keys(this.#visible())) logs.add(name)
    throw new RangeError(`no sink writes to '${log}': there is ${[...logs].join(', ') || 'none'}`)
  }

  readonly state: RunView['state'] = (uid: string, asked: string | AnyDescriptor): ReadonlyMap<Key, never> => {
    const spec = this.#specOf(uid)
    const descriptor: AnyDescriptor = typeof asked === 'string' ? { name: asked } : asked
    if (this.#entry === undefined) return new FixedMap([])
    const found = stateOfCut(this.#world, this.#entry, spec, descriptor.name)
    if (found === null) {
      const names = stateNames(this.#world, this.#entry, spec)
      throw new RangeError(`'${uid}' has no keyed state '${descriptor.name}': it has ${names.join(', ') || 'none'}`)
    }
    return (hasTtl(descriptor) ? withoutStamps(found, descriptor) : found) as ReadonlyMap<Key, never>
  }

  #specOf(uid: string): number {
    const { vertices } = this.#world.graph
    const spec = vertices.findIndex((vertex) => vertex.uid === uid)
    if (spec < 0)
      throw new RangeError(`there is no operator '${uid}': there is ${vertices.map((vertex) => vertex.uid).join(', ')}`)
    return spec
  }

  readonly inFlight = <T>(to?: string): readonly T[] => {
    const spec = to === undefined ? null : this.#specOf(to)
    return this.#entry === undefined ? [] : (inFlightInCut(this.#world, this.#entry, spec) as readonly T[])
  }

  readonly inputs = <T>(source: string): readonly T[] => this.#world.inputs(source) as readonly T[]

  readonly unread = <T>(source: string): readonly T[] => {
    const values = this.inputs<T>(source)
    return this.#entry === undefined ? values : unreadInCut(this.#world, this.#entry, this.#specOf(source), values)
  }
}

type AnyDescriptor = { readonly name: string; readonly kind?: string; readonly ttl?: unknown }
const hasTtl = ({ ttl }: AnyDescriptor): boolean => ttl !== undefined
type Stamped = readonly [value: unknown, touchedMs: number]

/** State with a time to live is stored with the time of its last touch. */
function withoutStamps(values: ReadonlyMap<Key, unknown>, { kind }: AnyDescriptor): ReadonlyMap<Key, unknown> {
  const plain = (value: unknown): unknown => (value as Stamped)[0]
  return new FixedMap(
    [...values].map(([key, value]): [Key, unknown] => {
      if (kind === 'list') return [key, Object.freeze((value as readonly unknown[]).map(plain))]
      if (kind === 'map')
        return [key, new FixedMap([...(value as ReadonlyMap<Key, unknown>)].map(([k, v]) => [k, plain(v)]))]
      return [key, plain(value)]
    }),
  )
}
