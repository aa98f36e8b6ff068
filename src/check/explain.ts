/**
 * The story of a failing run: who knew what when. It is made while the plan runs once more, from what the oracles hear and from
 * the event that is being handled at that moment, which says whose turn it is and which checkpoint it is about.
 *
 * ```
 *     3000.0 ms  checkpoint coordinator    triggers checkpoint 3
 *     3412.5 ms  fault                     count[1] crashes
 *     3412.5 ms  count[1]                  fails
 *     ...
 *     4711.0 ms  oracle splits             numbers[0] read position 14 of split 1, but position 13 is the next one …
 * ```
 */
import { layoutOf } from '../cluster/index.ts'
import type { Trace } from '../kernel/index.ts'
import {
  type Acceptance,
  type Attempt,
  type CompletedCheckpoint,
  describeQuorumFault,
  type EffectFaultKind,
  type ExternalChange,
  type FaultKind,
  type Finding,
  type LayoutVertex,
  type Observer,
  P,
  PHASE_NAMES,
  type Phase,
  type Plan,
  type QuorumObserver,
  type RecordWindow,
  type Role,
  type SnapshotFile,
  subtaskName,
  T,
} from '../model/index.ts'
import { isRescaled } from './rescaled-plan.ts'
import type { Runner } from './runner.ts'

/** One thing that happened. */
export interface StoryLine {
  readonly atUs: number
  /** 'count[1]', 'task manager 0', 'checkpoint coordinator', …; 'fault' for what the plan does, 'oracle NAME' for the finding. */
  readonly who: string
  readonly what: string
}

/**
 * Runs the plan with twins and tells what happened, in order; the last line is the finding, or that there is none. Of the metadata
 * quorum it tells if the finding is about it.
 * @throws what `Runner.run` throws
 */
export function explain(runner: Runner, plan: Plan): readonly StoryLine[] {
  const teller = new Teller(runner, plan)
  const ofQuorum = new Set<StoryLine>()
  const { finding, tally } = runner.run(plan, {
    twinned: true,
    keepTrace: true,
    listener: {
      observer: teller,
      quorum: new QuorumTeller((who, what) => {
        const line = { atUs: runner.now, who, what }
        teller.lines.push(line)
        ofQuorum.add(line)
      }),
      strikes: (what, target) => teller.strikes(what, target),
    },
  })
  const lines =
    finding !== null && isAboutQuorum(finding) ? teller.lines : teller.lines.filter((line) => !ofQuorum.has(line))
  for (const window of tally.windows) lines.push(permitted(window))
  lines.sort((a, b) => a.atUs - b.atUs)
  lines.push(
    finding === null
      ? { atUs: runner.now, who: 'oracles', what: 'find nothing wrong' }
      : { atUs: finding.atUs, who: `oracle ${finding.oracle}`, what: finding.message },
  )
  return lines
}

/** Whether what went wrong went wrong among the nodes of the metadata quorum. */
export const isAboutQuorum = ({ oracle }: Finding): boolean => oracle === 'quorum' || oracle === 'linearizability'

/** What the contract lets a restore do. */
function permitted({ checkpoint, place, from, to, atUs }: RecordWindow): StoryLine {
  const records = to - from === 1 ? `record ${from}` : `records ${from} to ${to - 1}`
  return { atUs, who: 'oracle cut', what: `lets a restore of checkpoint ${checkpoint} repeat ${records} of ${place}` }
}

/** The story as text, a line each: the time in milliseconds, who, what. */
export function storyText(lines: readonly StoryLine[]): string {
  const times = lines.map(({ atUs }) => `${(atUs / 1000).toFixed(1)} ms`)
  const width = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length))
  const timeWidth = width(times)
  const whoWidth = width(lines.map(({ who }) => who))
  return lines
    .map(({ who, what }, i) => `${times[i]!.padStart(timeWidth)}  ${who.padEnd(whoWidth)}  ${what}`)
    .join('\n')
}

const COORDINATOR = 'checkpoint coordinator'
const JOB_MANAGER = 'job manager'
const STORE = 'checkpoint store'
const STORAGE = 'snapshot storage'
const LOG = 'external log'
/** Entities whose names are identifiers. */
const NAMES: Readonly<Record<string, string>> = {
  'checkpoint-coordinator': COORDINATOR,
  'job-manager': JOB_MANAGER,
  'completed-checkpoint-store': STORE,
  'versioned-object': STORE,
  'snapshot-storage': STORAGE,
}

/** The operands of the event that is being handled. */
interface Current {
  readonly to: number
  readonly code: number
  readonly a: number
  readonly b: number
}
const NOTHING: Current = { to: -1, code: -1, a: 0, b: 0 }
/** What is being handled at the moment. */
export function currentOf(trace: Trace): Current {
  if (trace.count === 0) return NOTHING
  const i = (trace.count - 1) % trace.to.length
  return { to: trace.to[i]!, code: trace.code[i]!, a: trace.a[i]!, b: trace.b[i]! }
}

/** What is told of a phase that says more than the observations beside it; the entity whose turn it is has done it. */
const TOLD: Readonly<Partial<Record<Phase, (current: Current, teller: Teller) => string>>> = {
  'store-read': () => 'has read the checkpoint store',
  'barrier-received': () => 'gets a barrier',
  aligned: ({ to }, teller) => (teller.isSource(to) ? 'gets the trigger' : 'has all barriers'),
  'ack-sent': ({ a }) => `acknowledges checkpoint ${a}`,
  'ack-received': ({ a, b }, teller) => `has the acknowledgement of ${teller.nameOfAttempt(a)} for checkpoint ${b}`,
  'fully-acked': ({ b }) => `has all acknowledgements of checkpoint ${b}`,
  'metadata-begin': ({ b }) => `begins to write checkpoint ${b} to the checkpoint store`,
  'commit-begin': () => 'asks the external log to commit',
  'decline-sent': ({ code, a }) => (code === T.PUT_DONE ? `declines checkpoint ${a}` : 'declines a checkpoint'),
  'abort-received': () => 'learns that a checkpoint was aborted',
  cancelled: () => 'knows that all tasks of the failed execution are gone',
  'end-of-data': () => 'has processed all its input',
}

const TOO_MANY = 'too many failed checkpoints'

class Teller implements Partial<Observer> {
  readonly lines: StoryLine[] = []
  readonly #runner: Runner
  readonly #tasks: readonly LayoutVertex[]
  readonly #vertices: readonly string[]
  /** Attempts that have been heard of, by id, and the last of each slot, by the name of its entity. */
  readonly #attempts = new Map<number, Attempt>()
  readonly #slots = new Map<string, Attempt>()
  #execution = 0
  /** Why the job restarts if no task has failed. */
  #unexplained = TOO_MANY

  constructor(runner: Runner, plan: Plan) {
    this.#runner = runner
    const graph = runner.scenario.graph(plan.parallelism)
    this.#tasks = layoutOf(graph, isRescaled(plan)).vertices
    this.#vertices = graph.vertices.map(({ uid }) => uid)
  }
  #tell(who: string | Attempt, what: string): void {
    this.lines.push({ atUs: this.#runner.now, who: typeof who === 'string' ? who : this.#nameOf(who), what })
  }
  /** 'count[1]'; for an attempt whose execution is over 'count[1] of execution 1'. */
  #nameOf(attempt: Attempt): string {
    const name = this.#taskName(attempt.vertex)
    this.#attempts.set(attempt.id, attempt)
    this.#slots.set(`${name}@tm${attempt.taskManager}`, attempt)
    return attempt.execution === this.#execution ? name : `${name} of execution ${attempt.execution}`
  }
  #taskName(vertex: number): string {
    return subtaskName(this.#tasks[vertex]!)
  }
  nameOfAttempt(id: number): string {
    const attempt = this.#attempts.get(id)
    return attempt === undefined ? `attempt ${id}` : this.#nameOf(attempt)
  }
  #snapshotOf(file: SnapshotFile): string {
    return `the snapshot of ${this.#taskName(file.vertex)} for checkpoint ${file.checkpoint}`
  }
  /** Whose turn it is. */
  #turn(to: number): string {
    const name = this.#runner.entityName(to)
    const attempt = this.#slots.get(name)
    return attempt === undefined ? (NAMES[name] ?? name) : this.#nameOf(attempt)
  }
  isSource(to: number): boolean {
    const attempt = this.#slots.get(this.#runner.entityName(to))
    return attempt !== undefined && this.#tasks[attempt.vertex]!.inputs.length === 0
  }

  /** Told before what it leads to. */
  strikes(what: FaultKind, target: Role): (hit: boolean) => void {
    const place = this.lines.length
    return (hit) => {
      if (!hit) return
      if (what === 'rescale') this.#unexplained = 'another number of slots'
      this.lines.splice(place, 0, { atUs: this.#runner.now, who: 'fault', what: strike(what, target) })
    }
  }

  phase(code: number): void {
    // in the store's turn, but it is the job manager's news
    if (code === P['leader-elected']) this.#tell(JOB_MANAGER, 'is elected as the leader')
    const tell = TOLD[PHASE_NAMES[code]!]
    if (tell === undefined) return
    const current = currentOf(this.#runner.trace)
    this.#tell(this.#turn(current.to), tell(current, this))
  }

  // lineage
  basisRead(basis: CompletedCheckpoint | null): void {
    this.#tell(COORDINATOR, basis === null ? 'knows no checkpoint to restore' : `chooses checkpoint ${basis.id}`)
  }
  fork(basis: CompletedCheckpoint | null, execution: number): number {
    this.#execution = execution
    this.#tell(
      JOB_MANAGER,
      `deploys execution ${execution} from ${basis === null ? 'nothing' : `checkpoint ${basis.id}`}`,
    )
    return 0
  }
  restarting(failed: Attempt | null, current: number): void {
    const why = failed !== null ? `the failure of ${this.#nameOf(failed)}` : this.#unexplained
    this.#unexplained = TOO_MANY
    this.#tell(JOB_MANAGER, `sees ${why} and cancels execution ${current}`)
  }
  attemptFailed(attempt: Attempt): void {
    const lost = this.#turn(currentOf(this.#runner.trace).to) === JOB_MANAGER
    this.#tell(attempt, lost ? `is given up with task manager ${attempt.taskManager}` : 'fails')
  }
  jobFailed(): void {
    this.#tell(JOB_MANAGER, 'gives the job up: too many restarts')
  }
  jobRunning(): void {
    this.#tell(JOB_MANAGER, 'knows that all tasks run')
  }
  finished(): void {
    this.#tell(JOB_MANAGER, 'knows that the job is finished')
  }

  // splits
  splitAssigned(_branch: number, source: number, split: number, subtask: number): void {
    const uid = this.#vertices[source]!
    this.#tell(`enumerator of ${uid}`, `hands split ${split} to ${subtaskName({ uid, subtask })}`)
  }
  splitAdded(attempt: Attempt, split: number): void {
    this.#tell(attempt, `begins split ${split}`)
  }
  enumeratorReset(_branch: number, source: number, unassigned: readonly number[]): void {
    const free =
      unassigned.length === 0 ? 'no split' : `split${unassigned.length === 1 ? '' : 's'} ${unassigned.join(', ')}`
    this.#tell(`enumerator of ${this.#vertices[source]!}`, `begins again with ${free} to hand out`)
  }
  userError(attempt: Attempt, error: unknown): void {
    this.#tell(attempt, `fails in user code: ${error instanceof Error ? error.message : String(error)}`)
  }

  // state and storage
  sync(attempt: Attempt, checkpoint: number): void {
    this.#tell(attempt, `takes its snapshot for checkpoint ${checkpoint} and sends the barriers on`)
  }
  restored(attempt: Attempt, file: SnapshotFile | null): void {
    const what = file === null ? 'begins without state' : `restores ${this.#snapshotOf(file)}`
    this.#tell(attempt, `${what} on task manager ${attempt.taskManager}`)
  }
  fileDurable(file: SnapshotFile): void {
    this.#tell(STORAGE, `has made ${this.#snapshotOf(file)} durable`)
  }
  fileDeleted(file: SnapshotFile): void {
    this.#tell(STORAGE, `has deleted ${this.#snapshotOf(file)}`)
  }
  fileMissing(attempt: Attempt, file: SnapshotFile): void {
    this.#tell(attempt, `cannot find ${this.#snapshotOf(file)}`)
  }
  entryDurable(entry: CompletedCheckpoint): void {
    this.#tell(STORE, `has made checkpoint ${entry.id} durable`)
  }
  entryRemoved(entry: CompletedCheckpoint): void {
    this.#tell(STORE, `has removed checkpoint ${entry.id}`)
  }

  // coordination
  triggered(checkpoint: number): void {
    this.#tell(COORDINATOR, `triggers checkpoint ${checkpoint}`)
  }
  expired(checkpoint: number): void {
    this.#tell(COORDINATOR, `gives checkpoint ${checkpoint} up: its timeout is over`)
  }
  completed(checkpoint: number): void {
    this.#tell(COORDINATOR, `announces that checkpoint ${checkpoint} is complete`)
  }
  notified(attempt: Attempt, checkpoint: number): void {
    this.#tell(attempt, `learns that checkpoint ${checkpoint} is complete`)
  }

  // output
  prepared(attempt: Attempt, transaction: number): void {
    this.#tell(attempt, `prepares transaction ${transaction}`)
  }
  committed(_attempt: Attempt, transaction: number): void {
    this.#tell(LOG, `has committed transaction ${transaction}`)
  }
  commitLost(attempt: Attempt, transaction: number): void {
    this.#tell(attempt, `learns that transaction ${transaction} is lost`)
  }
  external(attempt: Attempt, _call: number, change: ExternalChange): void {
    this.#tell(attempt, told(change))
  }
}

/** What becomes durable in the metadata quorum, and what its clients are told. Ballots are written as numbers. */
class QuorumTeller implements Partial<QuorumObserver> {
  readonly #tell: (who: string, what: string) => void
  constructor(tell: (who: string, what: string) => void) {
    this.#tell = tell
  }
  commandSent(command: number): void {
    this.#tell('client', `sends command ${command}`)
  }
  commandAnswered(command: number, applied: number): void {
    this.#tell('client', `has the answer to command ${command}, which takes ${applied} slots into account`)
  }
  nodeStarted(node: number): void {
    this.#tell(`node ${node}`, 'starts')
  }
  nodeStopped(node: number): void {
    this.#tell(`node ${node}`, 'stops')
  }
  diskLost(node: number): void {
    this.#tell(`node ${node}`, 'has lost its disk')
  }
  promised(node: number, ballot: number): void {
    this.#tell(`node ${node}`, `promises to accept nothing below ballot ${ballot}`)
  }
  accepted(node: number, { slot, ballot, command }: Acceptance): void {
    this.#tell(`node ${node}`, `accepts command ${command} in slot ${slot} under ballot ${ballot}`)
  }
  rejoined(node: number, promised: number): void {
    this.#tell(`node ${node}`, `votes again, with ballot ${promised}`)
  }
  applied(node: number, slot: number, command: number): void {
    this.#tell(`node ${node}`, `applies command ${command} of slot ${slot}`)
  }
}

/** What a sink has done to an external system, in words. */
function told(change: ExternalChange): string {
  const { system } = change
  switch (change.what) {
    case 'began':
      return `opens transaction ${change.transaction} of ${system}`
    case 'appended':
      return `appends ${shortly(change.row)} to transaction ${change.transaction}`
    case 'prepared':
      return `prepares transaction ${change.transaction}`
    case 'committed':
      return `commits transaction ${change.transaction}: its rows are in ${system}`
    case 'aborted':
      return `aborts transaction ${change.transaction}`
    case 'lost':
      return `learns that transaction ${change.transaction} is lost`
    case 'stored':
      return `writes ${change.path} in ${system}`
    case 'renamed':
      return `renames ${change.path} in ${system} to ${change.to}`
    case 'deleted':
      return `deletes ${change.path} in ${system}`
    case 'set':
      return change.value === undefined
        ? `takes ${shortly(change.key)} out of ${system}`
        : `sets ${shortly(change.key)} in ${system} to ${shortly(change.value)}`
  }
}
function shortly(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** A strike in words, at the place where it happens. */
export function strike(what: FaultKind, target: Role): string {
  if (what === 'savepoint') return 'a user asks for a savepoint'
  if (target === 'job-manager') return `the job manager ${LEADER_WORDS[what] ?? 'crashes'}`
  if (target === 'external') return 'the open transactions of the external log time out'
  if ('slots' in target) return `the job is given ${target.slots} ${target.slots === 1 ? 'slot' : 'slots'}`
  if ('quorumNode' in target) return describeQuorumFault(what, target)
  if ('operator' in target) return `${target.operator}[${target.subtask}] crashes`
  if ('taskManager' in target)
    return `task manager ${target.taskManager} ${what === 'pause-taskmanager' ? 'pauses' : 'crashes'}`
  return `this ${target.effect} ${EFFECT_WORDS[what as EffectFaultKind]}`
}
const LEADER_WORDS: Readonly<Partial<Record<FaultKind, string>>> = {
  'pause-jobmanager': 'pauses',
  'partition-jobmanager': 'is cut off from the metadata store',
}
const EFFECT_WORDS: Readonly<Record<EffectFaultKind, string>> = {
  drop: 'is lost',
  duplicate: 'comes twice',
  delay: 'comes late',
  slow: 'is slow',
  fail: 'fails',
  ambiguous: 'ends with an unknown outcome',
  crash: 'does not happen: its task crashes',
  torn: 'is cut off: its node crashes',
}
