/**
 * A run as a diagram of space and time (Lamport, Time, Clocks, and the Ordering of Events): what happened where, in which order,
 * and which record went from whom to whom. Across it, the cut of every checkpoint: where each task took its snapshot. A record
 * that crosses a cut forwards was in flight; one that crosses it backwards is known to a state that its sender's does not explain.
 *
 * Made while the plan runs once more, from what the oracles hear. A finding about the metadata quorum is told by its nodes alone.
 */
import { layoutOf } from '../cluster/index.ts'
import {
  type Acceptance,
  type Attempt,
  type CompletedCheckpoint,
  type Observer,
  P,
  type Plan,
  type QuorumObserver,
  type SnapshotFile,
  subtaskName,
} from '../model/index.ts'
import { currentOf, isAboutQuorum, strike } from './explain.ts'
import { isRescaled } from './rescaled-plan.ts'
import type { Runner } from './runner.ts'

/** Something at a place: its number in the order of the run, and its place. */
export interface Moment {
  /** Index in {@link SpaceTime.timesUs}. */
  readonly at: number
  /** Index in {@link SpaceTime.lanes}. */
  readonly lane: number
}
export interface Mark extends Moment {
  /** 'begins': with a state; 'ends': fails, stops; 'barrier': gets one; 'keeps': has made something durable; 'does': anything else. */
  readonly kind: 'begins' | 'ends' | 'barrier' | 'keeps' | 'does'
  readonly label: string
}
export interface SentRecord {
  readonly from: Moment
  /** null: it was never received. */
  readonly to: Moment | null
}
export interface TakenCut {
  readonly checkpoint: number
  /** Where each task took its snapshot, in the order of lanes. */
  readonly points: readonly Moment[]
  readonly completed: boolean
}
export interface SpaceTime {
  readonly lanes: readonly string[]
  /** Virtual time of each moment, microseconds, never falling. */
  readonly timesUs: readonly number[]
  readonly marks: readonly Mark[]
  readonly records: readonly SentRecord[]
  readonly cuts: readonly TakenCut[]
  /** What the plan did, in words. */
  readonly faults: readonly { readonly at: number; readonly what: string }[]
  /** How it ended, in words. */
  readonly ending: string
}

/**
 * Runs the plan with twins and keeps what happened where.
 * @throws what `Runner.run` throws
 */
export function spaceTime(runner: Runner, plan: Plan): SpaceTime {
  const tasks = new TaskLanes(runner, plan)
  const quorum = new QuorumLanes(runner)
  const { finding } = runner.run(plan, {
    twinned: true,
    keepTrace: true,
    listener: {
      observer: tasks,
      quorum,
      strikes(what, target) {
        const told = [tasks, quorum].map(({ diagram }) => diagram.fault(strike(what, target)))
        return (hit) => {
          for (const tell of told) tell(hit)
        }
      },
    },
  })
  tasks.finish()
  const { diagram } = finding !== null && isAboutQuorum(finding) && quorum.diagram.hasLanes ? quorum : tasks
  return diagram.drawn(finding === null ? 'The oracles find nothing wrong.' : finding.message)
}

/** What has been heard so far. Lanes have keys until the diagram is drawn: only those stay on which something happened. */
class Diagram {
  readonly #runner: Runner
  readonly #nameOf: (lane: number) => string
  readonly #timesUs: number[] = []
  readonly #marks: Mark[] = []
  readonly #records: SentRecord[] = []
  readonly #cuts: { checkpoint: number; points: Moment[]; completed: boolean }[] = []
  readonly #faults: { at: number; what: string }[] = []

  /** @param nameOf a lane by its key; they are drawn in the order of their keys */
  constructor(runner: Runner, nameOf: (lane: number) => string) {
    this.#runner = runner
    this.#nameOf = nameOf
  }
  moment(lane: number): Moment {
    this.#timesUs.push(this.#runner.now)
    return { at: this.#timesUs.length - 1, lane }
  }
  mark(lane: number, kind: Mark['kind'], label: string): void {
    this.#marks.push({ ...this.moment(lane), kind, label })
  }
  record(from: Moment, to: Moment | null): void {
    this.#records.push({ from, to })
  }
  get hasLanes(): boolean {
    return this.#marks.length > 0
  }
  /** Its place is before whatever it leads to. */
  fault(what: string): (hit: boolean) => void {
    const at = this.#timesUs.length
    this.#timesUs.push(this.#runner.now)
    return (hit) => {
      if (hit) this.#faults.push({ at, what })
      // nothing has come of it
      else this.#timesUs.length = at
    }
  }
  /** An id that comes again at the same place belongs to another checkpoint: job managers may use one twice. */
  cut(checkpoint: number, lane: number): void {
    let cut = this.#newest(checkpoint)
    if (cut === undefined || cut.points.some((point) => point.lane === lane)) {
      cut = { checkpoint, points: [], completed: false }
      this.#cuts.push(cut)
    }
    cut.points.push(this.moment(lane))
  }
  complete(checkpoint: number): void {
    const cut = this.#newest(checkpoint)
    if (cut !== undefined) cut.completed = true
  }
  #newest(checkpoint: number) {
    return this.#cuts.findLast((cut) => cut.checkpoint === checkpoint)
  }
  drawn(ending: string): SpaceTime {
    const moments = [
      ...this.#marks,
      ...this.#records.flatMap(({ from, to }) => (to === null ? [from] : [from, to])),
      ...this.#cuts.flatMap(({ points }) => points),
    ]
    const keys = [...new Set(moments.map(({ lane }) => lane))].sort((a, b) => a - b)
    const placed = <M extends Moment>(moment: M): M => ({ ...moment, lane: keys.indexOf(moment.lane) })
    return {
      lanes: keys.map((lane) => this.#nameOf(lane)),
      timesUs: this.#timesUs,
      marks: this.#marks.map(placed),
      records: this.#records.map(({ from, to }) => ({ from: placed(from), to: to === null ? null : placed(to) })),
      cuts: this.#cuts.map((cut) => ({ ...cut, points: cut.points.map(placed).sort((a, b) => a.lane - b.lane) })),
      faults: this.#faults,
      ending,
    }
  }
}

/** A lane for each subtask. */
class TaskLanes implements Partial<Observer> {
  readonly diagram: Diagram
  readonly #runner: Runner
  readonly #names: readonly string[]
  /** Where a record was sent, or was in flight again, by its payload slot, until the next one has the slot. */
  readonly #sent = new Map<number, { readonly from: Moment; received: boolean }>()

  constructor(runner: Runner, plan: Plan) {
    const { vertices } = layoutOf(runner.scenario.graph(plan.parallelism), isRescaled(plan))
    this.#runner = runner
    this.#names = vertices.map(subtaskName)
    this.diagram = new Diagram(runner, (lane) => this.#names[lane]!)
  }
  phase(code: number): void {
    if (code !== P['barrier-received']) return
    const [name] = this.#runner.entityName(currentOf(this.#runner.trace).to).split('@')
    this.diagram.mark(this.#names.indexOf(name!), 'barrier', '')
  }
  send({ vertex }: Attempt, _edge: number, slot: number): void {
    this.#leave(slot, vertex)
  }
  recovered({ vertex }: Attempt, _channel: number, slot: number): void {
    this.#leave(slot, vertex)
  }
  #leave(slot: number, lane: number): void {
    this.#lose(slot)
    this.#sent.set(slot, { from: this.diagram.moment(lane), received: false })
  }
  receive({ vertex }: Attempt, _channel: number, slot: number): void {
    const sent = this.#sent.get(slot)
    if (sent === undefined) return
    sent.received = true
    this.diagram.record(sent.from, this.diagram.moment(vertex))
  }
  #lose(slot: number): void {
    const sent = this.#sent.get(slot)
    if (sent?.received === false) this.diagram.record(sent.from, null)
  }
  sync({ vertex }: Attempt, checkpoint: number): void {
    this.diagram.cut(checkpoint, vertex)
  }
  entryDurable({ id }: CompletedCheckpoint): void {
    this.diagram.complete(id)
  }
  savepointTaken({ id }: CompletedCheckpoint): void {
    this.diagram.complete(id)
  }
  restored({ vertex }: Attempt, file: SnapshotFile | null): void {
    this.diagram.mark(vertex, 'begins', file === null ? 'anew' : `from ${file.checkpoint}`)
  }
  attemptFailed({ vertex }: Attempt): void {
    this.diagram.mark(vertex, 'ends', 'fails')
  }
  /** What is on its way when the run ends. */
  finish(): void {
    for (const slot of this.#sent.keys()) this.#lose(slot)
  }
}

/** A lane for each node, and one for all clients together. */
class QuorumLanes implements Partial<QuorumObserver> {
  readonly diagram: Diagram

  constructor(runner: Runner) {
    this.diagram = new Diagram(runner, (lane) => (lane === CLIENTS ? 'clients' : `node ${lane}`))
  }
  commandSent(command: number): void {
    this.diagram.mark(CLIENTS, 'does', `${command}?`)
  }
  commandAnswered(command: number): void {
    this.diagram.mark(CLIENTS, 'does', `${command}!`)
  }
  nodeStarted(node: number): void {
    this.diagram.mark(node, 'begins', 'starts')
  }
  nodeStopped(node: number): void {
    this.diagram.mark(node, 'ends', 'stops')
  }
  diskLost(node: number): void {
    this.diagram.mark(node, 'ends', 'disk lost')
  }
  promised(node: number, ballot: number): void {
    this.diagram.mark(node, 'keeps', `≥ ${ballot}`)
  }
  rejoined(node: number, promised: number): void {
    this.promised(node, promised)
  }
  accepted(node: number, { slot, ballot, command }: Acceptance): void {
    this.diagram.mark(node, 'keeps', `[${slot}]=${command} at ${ballot}`)
  }
  applied(node: number, slot: number, command: number): void {
    this.diagram.mark(node, 'does', `[${slot}]=${command}`)
  }
}
/** Before the nodes. */
const CLIENTS = -1
