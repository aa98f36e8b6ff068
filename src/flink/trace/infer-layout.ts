/**
 * Who is wired to whom in the job that a trace is of. A trace names tasks and the channels of their inputs, but not who is at
 * the other end. Vertices are scheduled in topological order, and a barrier comes after its sender has broadcast it: the sender
 * of a gate is the nearest vertex before it that fits the gate's channels and most of its barriers.
 */
import type { Layout, LayoutChannel, LayoutVertex } from '../../model/index.ts'
import type { EventOf, TraceEvent } from './trace-event.ts'

export interface TracedLayout {
  readonly layout: Layout
  /** Name of each task, `work:0`, by its number in the layout. */
  readonly names: readonly string[]
  /** Number of a task by its name. */
  readonly indexOf: ReadonlyMap<string, number>
  /** Names of each task's inputs, `0.1`: gate and channel, in the order of the layout. */
  readonly inputNames: readonly (readonly string[])[]
}

interface TracedVertex {
  readonly uid: string
  readonly subtasks: number
  /** Channels of each input gate that barriers came from. */
  readonly gates: readonly number[]
  /** True if all channels have brought a barrier: a line says that those of a checkpoint were all there. */
  readonly allSeen: boolean
}
type Barrier = EventOf<'barrier'>

export function inferLayout(events: readonly TraceEvent[]): TracedLayout {
  const vertices = verticesOf(events)
  const bySpec: number[][] = []
  const names: string[] = []
  for (const { uid, subtasks } of vertices) {
    bySpec.push(Array.from({ length: subtasks }, (_, subtask) => names.length + subtask))
    for (let subtask = 0; subtask < subtasks; subtask += 1) names.push(`${uid}:${subtask}`)
  }
  const wires = wiresOf(vertices, witnessesOf(events))
  const channels: LayoutChannel[] = []
  const inputs = names.map((): number[] => [])
  const outputs = names.map((): number[] => [])
  const inputNames = names.map((): string[] => [])
  for (const { sender, spec, gate } of wires)
    for (const [subtask, to] of bySpec[spec]!.entries())
      for (const [channel, fromSubtask] of feeders(vertices[sender]!, vertices[spec]!, gate, subtask).entries()) {
        const from = bySpec[sender]![fromSubtask]!
        const [outputIndex, inputIndex] = [outputs[from]!.length, inputs[to]!.length]
        const id = channels.length
        channels.push({ id, edge: spec, partitioner: 'key', input: gate, from, to, outputIndex, inputIndex })
        outputs[from]!.push(id)
        inputs[to]!.push(id)
        inputNames[to]!.push(`${gate}.${channel}`)
      }
  const layoutVertices = vertices.flatMap(({ uid, subtasks }, spec) =>
    bySpec[spec]!.map((id, subtask): LayoutVertex => {
      const kind = inputs[id]!.length === 0 ? 'source' : outputs[id]!.length === 0 ? 'sink' : 'operator'
      return { id, uid, spec, kind, subtask, parallelism: subtasks, inputs: inputs[id]!, outputs: outputs[id]! }
    }),
  )
  return {
    layout: { vertices: layoutVertices, channels, bySpec },
    names,
    indexOf: new Map(names.map((name, index) => [name, index])),
    inputNames,
  }
}

/** The vertices in the order in which their tasks are scheduled. */
function verticesOf(events: readonly TraceEvent[]): readonly TracedVertex[] {
  const subtasks = new Map<string, number>()
  const gates = new Map<string, Map<number, number>>()
  const allSeen = new Set<string>()
  for (const e of events) {
    if (e.event !== 'task_state') continue
    const task = /^(.+):(\d+)$/.exec(e.detail.task)
    if (task !== null) subtasks.set(task[1]!, Math.max(subtasks.get(task[1]!) ?? 0, Number(task[2]) + 1))
  }
  for (const e of events) {
    if (e.event === 'aligned') allSeen.add(vertexOf(e.who))
    if (e.event !== 'barrier') continue
    const channel = /^(\d+)\.(\d+)$/.exec(e.channel)
    if (channel === null) continue
    const uid = vertexOf(e.who)
    const own = gates.get(uid) ?? new Map<number, number>()
    gates.set(uid, own)
    const gate = Number(channel[1])
    own.set(gate, Math.max(own.get(gate) ?? 0, Number(channel[2]) + 1))
  }
  return [...subtasks].map(([uid, count]) => {
    const own = gates.get(uid) ?? new Map<number, number>()
    const sizes = Array.from({ length: Math.max(-1, ...own.keys()) + 1 }, (_, gate) => own.get(gate) ?? 0)
    return { uid, subtasks: count, gates: sizes, allSeen: allSeen.has(uid) }
  })
}
const vertexOf = (task: string): string => task.replace(/:\d+$/, '')

/** When each task sent the barrier of each checkpoint, and all barriers that were received, by vertex and gate. */
interface Witnesses {
  readonly sentAt: ReadonlyMap<string, number>
  readonly received: ReadonlyMap<string, readonly Barrier[]>
}
function witnessesOf(events: readonly TraceEvent[]): Witnesses {
  const sentAt = new Map<string, number>()
  const received = new Map<string, Barrier[]>()
  for (const e of events) {
    if (e.event === 'broadcast') {
      const key = `${e.who} ${e.checkpoint}`
      if (!sentAt.has(key)) sentAt.set(key, e.t_ms)
    } else if (e.event === 'barrier') {
      const key = `${vertexOf(e.who)} ${e.channel.replace(/\.\d+$/, '')}`
      const known = received.get(key)
      if (known === undefined) received.set(key, [e])
      else known.push(e)
    }
  }
  return { sentAt, received }
}

interface Wire {
  /** Indices of vertices. */
  readonly sender: number
  readonly spec: number
  readonly gate: number
}
function wiresOf(vertices: readonly TracedVertex[], witnesses: Witnesses): readonly Wire[] {
  const wires: Wire[] = []
  const fed = new Set<number>()
  for (const [spec, { gates }] of vertices.entries()) {
    const own: Wire[] = []
    for (const gate of gates.keys()) {
      const free = sendersOf(vertices, spec, gate, witnesses).filter((sender) => own.every((w) => w.sender !== sender))
      // whoever nobody reads from yet comes first: of what it makes somebody has to read
      const sender = free.find((candidate) => !fed.has(candidate)) ?? free[0]
      if (sender !== undefined) own.push({ sender, spec, gate })
    }
    for (const { sender } of own) fed.add(sender)
    wires.push(...own)
  }
  return wires
}

/** The vertices before `spec` that may be behind one of its gates, the nearest first. A trace may be damaged: most barriers are enough. */
function sendersOf(
  vertices: readonly TracedVertex[],
  spec: number,
  gate: number,
  { sentAt, received }: Witnesses,
): readonly number[] {
  const consumer = vertices[spec]!
  const barriers = received.get(`${consumer.uid} ${gate}`) ?? []
  return Array.from({ length: spec }, (_, i) => spec - 1 - i).filter((sender) => {
    const { uid } = vertices[sender]!
    const sent = barriers.filter(({ who, channel, checkpoint, t_ms }) => {
      const subtask = Number(who.slice(consumer.uid.length + 1))
      const from = feeders(vertices[sender]!, consumer, gate, subtask)[Number(channel.split('.')[1])]
      const at = from === undefined ? undefined : sentAt.get(`${uid}:${from} ${checkpoint}`)
      return at !== undefined && at <= t_ms
    })
    return sent.length * 2 >= barriers.length
  })
}

/** Subtasks of the sender behind the channels of one subtask's gate: all of them, or pointwise its share. Flink: VertexInputInfoComputationUtils. */
function feeders(sender: TracedVertex, consumer: TracedVertex, gate: number, subtask: number): readonly number[] {
  const [p, q] = [sender.subtasks, consumer.subtasks]
  const all = Array.from({ length: p }, (_, from) => from)
  if (p === consumer.gates[gate] || !consumer.allSeen) return all
  return all.filter((from) =>
    p <= q ? Math.floor((subtask * p) / q) === from : Math.floor((from * q) / p) === subtask,
  )
}
