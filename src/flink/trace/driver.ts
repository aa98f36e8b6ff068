import type { DriverEvent } from './trace-event.ts'

/** Whoever drives the experiment: it injects failures, and watches the output come back. */
export class Driver {
  readonly #execution: () => number
  readonly #killed = new Set<string>()
  /** Execution in which the last failure was injected; null: none was, or the output has recovered. */
  #failedIn: number | null = null
  #hasOutput = false

  /** @param execution number of the job's execution */
  constructor(execution: () => number) {
    this.#execution = execution
  }
  hasKilled(proc: string): boolean {
    return this.#killed.has(proc)
  }
  refuses({ event }: DriverEvent): string | null {
    if (event === 'failure_injected' || event === 'act') return null
    if (this.#failedIn === null) return 'no failure has been injected'
    if (event === 'recovered') return this.#hasOutput ? null : 'there has been no output since the failure'
    if (this.#hasOutput) return 'there has been output since the failure'
    return this.#execution() > this.#failedIn ? null : 'the job has not been restarted since the failure'
  }
  take(e: DriverEvent): void {
    if (e.event === 'failure_injected') {
      this.#failedIn = this.#execution()
      this.#hasOutput = false
      if (e.detail.kind === 'kill' && typeof e.detail.tm === 'string') this.#killed.add(e.detail.tm)
    } else if (e.event === 'first_out') this.#hasOutput = true
    else if (e.event === 'recovered') this.#failedIn = null
  }
  allowed(): readonly string[] {
    const waits = this.#failedIn === null ? [] : [this.#hasOutput ? 'recovered' : 'first_out']
    return ['failure_injected', 'act', ...waits]
  }
}
