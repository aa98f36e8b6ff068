/** Draws plans and values until one fails or the effort is spent. */
import fc from 'fast-check'
import {
  type Aggregate,
  addRun,
  type DrawOptions,
  emptyAggregate,
  type Failure,
  InputError,
  type planDraw,
  planOfToken,
  type Runner,
  TWIN_EVERY,
} from '../check/index.ts'
import type { Scenario } from '../dataflow/index.ts'
import { hashText } from '../kernel/index.ts'
import type { Plan } from '../model/index.ts'
import { type Budget, PATIENCE_MS } from './budget.ts'
import { doesNotReturn } from './does-not-return.ts'
import { CutOff, guarded } from './guarded.ts'
import type { PropExample, PropSubject } from './prop-subject.ts'
import { nextTurn, nowMs } from './real-time.ts'

/** What is drawn. */
export interface PropDrawing<T> {
  readonly values: fc.Arbitrary<T>
  readonly draws: ReturnType<typeof planDraw>
  readonly seed: string
  /** What plans are drawn with, besides the protocol, which is the dataflow's. */
  readonly options: Omit<DrawOptions, 'protocol'>
}

/** A failing run and where fast-check drew it. */
export interface FoundProp<T> {
  readonly failure: Failure
  readonly values: T
  /** Null for an example, which nobody drew. */
  readonly drawn: { readonly seed: number; readonly path: string } | null
}

/** Runs that fast-check is asked for at once: always as many, so that the same seed draws the same. */
const CHUNK = 20

export class PropSearch<T> {
  readonly total: Aggregate = emptyAggregate()
  /** Index of a run that had not returned when the time was up. */
  stuckAt: number | null = null
  readonly #subject: PropSubject<T>
  readonly #drawing: PropDrawing<T>
  readonly #budget: Budget
  readonly #startedAtMs: number

  constructor(subject: PropSubject<T>, drawing: PropDrawing<T>, budget: Budget, startedAtMs: number) {
    this.#subject = subject
    this.#drawing = drawing
    this.#budget = budget
    this.#startedAtMs = startedAtMs
  }

  /** The first failing run: examples come first. @throws whatever the job throws; InputError if an example cannot be run */
  async find(examples: readonly PropExample<T>[]): Promise<FoundProp<T> | null> {
    for (const { token, values } of examples) {
      const { plan, runner } = planOfToken(token, () => this.#subject.runner(values))
      const failure = this.#run(runner, plan)
      if (failure !== null) return { failure, values, drawn: null }
    }
    for (let chunk = 0; !this.#spent; chunk += 1) {
      const found = this.#chunk(hashText(`${this.#drawing.seed}/${chunk}`))
      if (found !== null) return found
      await nextTurn()
    }
    return null
  }

  get #spent(): boolean {
    const { runs, runMs } = this.#budget
    if (this.stuckAt !== null || this.total.runs >= runs) return true
    return this.total.runs > 0 && nowMs() >= this.#startedAtMs + runMs
  }

  #chunk(seed: number): FoundProp<T> | null {
    const seen: { failure: Failure | null; error: unknown } = { failure: null, error: undefined }
    const { values, draws } = this.#drawing
    const details = fc.check(
      fc.property(values, draws, (drawn, planFor) => {
        if (this.#spent) return
        try {
          seen.failure = this.#draw(drawn, planFor)
        } catch (error) {
          if (!fc.PreconditionFailure.isFailure(error)) seen.error = withValues(error, drawn)
          throw error
        }
        if (seen.failure !== null) throw new Error(seen.failure.finding.fingerprint)
      }),
      { seed, numRuns: CHUNK, endOnFailure: true },
    )
    if (seen.error !== undefined) throw seen.error
    if (seen.failure !== null)
      return {
        failure: seen.failure,
        values: details.counterexample![0],
        drawn: { seed, path: details.counterexamplePath! },
      }
    if (details.failed)
      throw new InputError(
        `fc.pre() refused ${details.numSkips} of ${details.numSkips + details.numRuns} drawings: draw values that fit in the first place`,
      )
    return null
  }

  #draw(values: T, planFor: (scenario: Scenario, options: DrawOptions) => Plan): Failure | null {
    const runner = this.#subject.runner(values)
    const options = { ...this.#drawing.options, protocol: runner.protocol.name }
    return this.#run(runner, planFor(runner.scenario, options))
  }

  #run(runner: Runner, plan: Plan): Failure | null {
    const index = this.total.runs
    const leftMs = this.#startedAtMs + this.#budget.giveUpMs - nowMs()
    try {
      const twinned = index % TWIN_EVERY === 0
      addRun(
        this.total,
        index,
        plan,
        guarded(() => runner.run(plan, { twinned }), Math.min(PATIENCE_MS, leftMs)),
      )
      runner.phasesSeen(this.total.phases)
    } catch (error) {
      if (!(error instanceof CutOff)) throw error
      if (leftMs < PATIENCE_MS) this.stuckAt = index
      else this.total.failure = doesNotReturn(index, plan, PATIENCE_MS)
    }
    return this.total.failure
  }
}

/** What the job throws, with the values that it was built for. */
function withValues(error: unknown, values: unknown): unknown {
  if (error instanceof Error) error.message += ` (with the values ${fc.stringify(values)})`
  return error
}
