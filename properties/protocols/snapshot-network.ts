/** Processes with FIFO channels between them, in a ring and over chords, each with the machine of the protocol. */
import { extent, lease, release } from '../../src/kernel/index.ts'
import type { BARRIER, CANCEL, ChannelStateHost, RecordingTaskHost } from '../../src/model/index.ts'
import { ChandyLamportTask } from '../../src/protocols/chandy-lamport-task.ts'
import { RecordingTaskHost as Host, takeDue } from '../conformance/recording-task-host.ts'

const MONEY = 20
type Sent = { readonly money: number } | { readonly kind: number; readonly checkpoint: number }
interface Channel {
  readonly to: number
  readonly input: number
  readonly queue: Sent[]
}
const SILENT = new Proxy({} as ChannelStateHost, { get: () => () => undefined })

class Process extends Host implements RecordingTaskHost {
  readonly channelState = SILENT
  readonly outputs: Channel[] = []
  balance = MONEY
  /** By checkpoint. */
  readonly copies = new Map<number, number>()
  readonly recorded = new Map<number, number>()
  readonly closed = new Set<number>()
  readonly given = new Set<number>()
  readonly #recording = new Map<number, Set<number>>()

  override broadcast(kind: typeof BARRIER | typeof CANCEL, checkpoint: number): void {
    for (const { queue } of this.outputs) queue.push({ kind, checkpoint })
  }
  override takeSnapshot(checkpoint: number): void {
    this.copies.set(checkpoint, this.balance)
  }
  override decline(checkpoint: number): void {
    this.given.add(checkpoint)
  }
  recordInput(checkpoint: number, input: number): void {
    const inputs = this.#recording.get(checkpoint) ?? new Set()
    this.#recording.set(checkpoint, inputs.add(input))
  }
  stopRecording(checkpoint: number, input: number): void {
    this.#recording.get(checkpoint)?.delete(input)
  }
  closeRecording(checkpoint: number): void {
    this.#recording.delete(checkpoint)
    this.closed.add(checkpoint)
  }
  receive(input: number, money: number): void {
    for (const [checkpoint, inputs] of this.#recording)
      if (inputs.has(input)) this.recorded.set(checkpoint, (this.recorded.get(checkpoint) ?? 0) + money)
    this.balance += money
  }
}

/** @param chords channels besides those of the ring, from and to processes modulo their number */
export function network(size: number, chords: readonly (readonly [from: number, to: number])[]) {
  const ring = Array.from({ length: size }, (_, i) => [i, (i + 1) % size] as const)
  const edges = [...ring, ...chords.map(([from, to]) => [from % size, to % size] as const)]
  const channels: Channel[] = edges.map(([, to], at) => ({
    to,
    input: edges.slice(0, at).filter((edge) => edge[1] === to).length,
    queue: [],
  }))
  const processes = ring.map((_, i) => new Process(edges.filter(([, to]) => to === i).length))
  edges.forEach(([from], at) => void processes[from]!.outputs.push(channels[at]!))
  const before = extent()
  const tasks = processes.map((host, i) => new ChandyLamportTask(host, `process ${i}`, {}))
  const own = lease(before)
  for (const task of tasks) task.reset(0)
  let begun = 0

  const takeAllDue = (i: number): void => {
    const { due } = processes[i]!
    while (due.length > 0) takeDue(tasks[i]!, due.shift()!)
  }
  const deliver = ({ to, input, queue }: Channel): void => {
    const sent = queue.shift()
    if (sent === undefined) return
    if ('money' in sent) processes[to]!.receive(input, sent.money)
    else tasks[to]!.onControl(input, sent.kind, sent.checkpoint)
    takeAllDue(to)
  }
  return {
    total: MONEY * size,
    step(what: 'send' | 'deliver' | 'begin', which: number): void {
      if (what === 'deliver') {
        deliver(channels[which % channels.length]!)
        return
      }
      const process = processes[which % size]!
      if (what === 'begin') {
        begun += 1
        tasks[which % size]!.onTrigger(begun)
        takeAllDue(which % size)
      } else if (process.balance > 0) {
        process.balance -= 1
        process.outputs[which % process.outputs.length]!.queue.push({ money: 1 })
      }
    },
    /** Everything is delivered. */
    finish(): void {
      while (channels.some(({ queue }) => queue.length > 0)) for (const channel of channels) deliver(channel)
      release(own)
    },
    /** The checkpoints that no process has given up. */
    snapshots(): readonly { readonly balances: number; readonly recorded: number }[] {
      const sum = (of: (process: Process) => number): number => processes.reduce((all, p) => all + of(p), 0)
      return Array.from({ length: begun }, (_, i) => i + 1)
        .filter((id) =>
          processes.every(({ closed, given, copies }) => closed.has(id) && copies.has(id) && !given.has(id)),
        )
        .map((id) => ({
          balances: sum(({ copies }) => copies.get(id)!),
          recorded: sum(({ recorded }) => recorded.get(id) ?? 0),
        }))
    },
  }
}
