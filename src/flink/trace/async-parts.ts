import { A_TURN_MS, type Debts } from './debts.ts'
import type { AsyncEvent } from './trace-event.ts'

interface Part {
  started: boolean
  /** When it has come to its end, and the coordinator is told; null: not yet. */
  endedMs: number | null
  failed: boolean
  /** The line that it is done, which is written after the acknowledgement was sent. */
  logged: boolean
}

/** Whose parts these are. */
export interface AsyncOwner {
  readonly name: string
  readonly proc: string
  /** Why the part cannot come to its end yet; null if it can. */
  waitsFor(checkpoint: number): string | null
  /** The machine comes to the end of the part. */
  end(checkpoint: number, done: boolean): void
}
export interface AsyncSurroundings {
  readonly nowMs: number
  readonly debts: Debts
  isDead(proc: string): boolean
}

/** The asynchronous parts of the snapshots of one attempt. Each runs in a thread of its own. Flink: AsyncCheckpointRunnable. */
export class AsyncParts {
  #parts = new Map<number, Part>()
  readonly #owner: AsyncOwner
  readonly #surroundings: AsyncSurroundings

  constructor(owner: AsyncOwner, surroundings: AsyncSurroundings) {
    this.#owner = owner
    this.#surroundings = surroundings
  }
  clear(): void {
    this.#parts = new Map()
  }
  begin(checkpoint: number): void {
    this.#parts.set(checkpoint, { started: false, endedMs: null, failed: false, logged: false })
  }
  refuses({ event, checkpoint }: AsyncEvent): string | null {
    const { name } = this.#owner
    const part = this.#parts.get(checkpoint)
    if (part === undefined) return `${name} has not come to the asynchronous part of checkpoint ${checkpoint}`
    if (event === 'async_start')
      return part.started ? `the asynchronous part of checkpoint ${checkpoint} has begun before in ${name}` : null
    if (!part.started) return `the asynchronous part of checkpoint ${checkpoint} has not begun in ${name}`
    if (part.failed) return `the asynchronous part of checkpoint ${checkpoint} has failed in ${name}`
    if (part.logged) return `the asynchronous part of checkpoint ${checkpoint} was done before in ${name}`
    return part.endedMs === null ? this.#owner.waitsFor(checkpoint) : null
  }
  take({ event, checkpoint }: AsyncEvent): void {
    const part = this.#parts.get(checkpoint)!
    if (event === 'async_start') part.started = true
    else {
      this.settle(checkpoint)
      part.logged = true
    }
  }
  /** True if it may come to its end, one way or the other, although no line says so yet. */
  mayEnd(checkpoint: number): boolean {
    const part = this.#parts.get(checkpoint)
    return part?.started === true && part.endedMs === null && !part.failed
  }
  /** True if it may come to a good end. */
  mayComplete(checkpoint: number): boolean {
    return this.mayEnd(checkpoint) && this.#owner.waitsFor(checkpoint) === null
  }
  /** It comes to its end, if it has not: the line that says so may follow. */
  settle(checkpoint: number): void {
    const part = this.#parts.get(checkpoint)
    if (part === undefined || part.endedMs !== null) return
    const { name, proc } = this.#owner
    const { nowMs, debts } = this.#surroundings
    part.endedMs = nowMs
    this.#owner.end(checkpoint, true)
    debts.owe(
      `${name} has acknowledged checkpoint ${checkpoint}, and never wrote async_done ${checkpoint}`,
      nowMs,
      () => part.logged || this.#surroundings.isDead(proc),
    )
  }
  /** It fails, which no line of its own says. */
  fail(checkpoint: number): void {
    this.#parts.get(checkpoint)!.failed = true
    this.#owner.end(checkpoint, false)
  }
  /** A checkpoint whose part has come to its end without its last line, although there was time for that; null: none. */
  unwritten(): number | null {
    const { nowMs } = this.#surroundings
    for (const [checkpoint, { endedMs, logged }] of this.#parts)
      if (endedMs !== null && !logged && nowMs - endedMs > A_TURN_MS) return checkpoint
    return null
  }
  /** Lines that may come now. */
  allowed(): readonly string[] {
    return [...this.#parts].flatMap(([checkpoint, { started, endedMs, failed, logged }]) => {
      if (!started) return [`async_start ${checkpoint}`]
      return failed || logged || !(endedMs !== null || this.mayComplete(checkpoint)) ? [] : [`async_done ${checkpoint}`]
    })
  }
}
