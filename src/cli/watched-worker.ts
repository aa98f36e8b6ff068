/**
 * A worker thread with a pulse. The simulator runs user code, which may loop for ever: so it runs in a thread of its own, and
 * this one looks at the count that goes up after every run. A worker without a pulse is ended.
 */
import { Worker } from 'node:worker_threads'
import type { Bundle } from './bundle-files.ts'
import {
  type Blame,
  type FromWorker,
  PULSE,
  type Question,
  type Questions,
  type ToWorker,
  type WorkerData,
} from './check-messages.ts'
import { NoPulse } from './no-pulse.ts'
import { UsageError } from './usage-error.ts'
import { UserCodeFailure } from './user-code-failure.ts'

/** A run takes milliseconds; one that takes this long does not return. */
const PATIENCE_MS = 10_000
const LOOK_EVERY_MS = 200

export interface WatchedWorkerOptions {
  /** The user's scenarios. */
  readonly bundle?: Bundle | null
  /** What the worker runs; check-worker if left out. */
  readonly script?: URL
  readonly patienceMs?: number
}

/** From dist/chunks and dist/cli alike. */
const SCRIPT = new URL('../cli/check-worker.js', import.meta.url)

export class WatchedWorker {
  readonly #worker: Worker
  readonly #pulse = new Int32Array(new SharedArrayBuffer(16))
  readonly #patienceMs: number
  /** Stops listening for the answer that is due. */
  #leave = (): void => {}

  constructor({ bundle = null, script = SCRIPT, patienceMs = PATIENCE_MS }: WatchedWorkerOptions = {}) {
    const workerData: WorkerData = { pulse: this.#pulse, bundle }
    this.#worker = new Worker(script, { workerData, stdout: true })
    // user code may print, but stdout is for the command's answer
    this.#worker.stdout.on('data', (printed) => process.stderr.write(printed))
    this.#patienceMs = patienceMs
  }

  /** Runs made so far. */
  get beats(): number {
    return Atomics.load(this.#pulse, PULSE.beats)
  }

  /** Lets the answer that is being worked on end with what there is. For good: ask no more. */
  stop(): void {
    Atomics.store(this.#pulse, PULSE.stop, 1)
  }

  /** Ends the thread. What it was asked remains unanswered. */
  end(): void {
    this.#leave()
    void this.#worker.terminate()
  }

  /**
   * Asks, one question at a time.
   * @throws UsageError if what the user gave cannot be used; UserCodeFailure, of which NoPulse is one; whatever else went
   * wrong in the worker
   */
  ask<K extends Question>(kind: K, ask: Questions[K]['ask']): Promise<Questions[K]['answer']> {
    const worker = this.#worker
    return new Promise((resolve, reject) => {
      let beats = this.beats
      let beatAt = performance.now()
      const timer = setInterval(() => {
        const now = performance.now()
        if (this.beats !== beats) {
          beats = this.beats
          beatAt = now
        } else if (now - beatAt > this.#patienceMs) {
          this.end()
          reject(new NoPulse(Atomics.load(this.#pulse, PULSE.index), this.#patienceMs))
        }
      }, LOOK_EVERY_MS)
      const onMessage = (message: FromWorker): void => {
        leave()
        if (message.ok) resolve(message.answer as Questions[K]['answer'])
        else reject(thrown(message))
      }
      const onError = (error: unknown): void => {
        leave()
        reject(error)
      }
      const onExit = (code: number): void => {
        leave()
        reject(new Error(`a worker thread ended with code ${code} before it answered`))
      }
      const leave = (): void => {
        clearInterval(timer)
        worker.off('message', onMessage)
        worker.off('error', onError)
        worker.off('exit', onExit)
      }
      this.#leave = leave
      worker.on('message', onMessage)
      worker.on('error', onError)
      worker.on('exit', onExit)
      worker.postMessage({ kind, ask } as ToWorker)
    })
  }
}

const ERRORS: Readonly<Record<Blame, new (message: string) => Error>> = {
  usage: UsageError,
  'user-code': UserCodeFailure,
  cutline: Error,
}

function thrown({ fault, message, stack }: Extract<FromWorker, { ok: false }>): Error {
  const error = new ERRORS[fault](message)
  if (stack !== undefined) error.stack = stack
  return error
}
