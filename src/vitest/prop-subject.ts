/** The dataflow of a property: runs it under a plan for some values, and asks the body about what it has committed. */
import fc from 'fast-check'
import { InputError, Runner, scenarioOf } from '../check/index.ts'
import type { Invariant, Scenario } from '../dataflow/index.ts'
import type { Finding, Mutation } from '../model/index.ts'
import { asScenario, protocolOf, type SubjectOptions } from './survive-options.ts'

/** What the body of a property sees of a run. */
export interface FinishedRun {
  /** What the sinks have made visible, by the name of the log, in order. */
  readonly committed: Readonly<Record<string, readonly unknown[]>>
  /** All records that the source with this uid had to read. */
  inputs(uid: string): readonly unknown[]
}

/** A run of a property: the plan as a token, and the values beside it. */
export interface PropExample<T> {
  readonly token: string
  readonly values: T
}

export interface PropSubjectSettings<T> {
  /** The name of the property. */
  readonly name: string
  readonly job: Scenario | ((values: T) => Scenario)
  readonly body: ((run: FinishedRun, values: T) => void) | undefined
  readonly options: SubjectOptions
}

const NO_MUTATION: Mutation = {}

export class PropSubject<T> {
  readonly #settings: PropSubjectSettings<T>
  /** One per scenario: a job that gives the same one again for other values keeps its clusters. */
  readonly #runners = new WeakMap<Scenario, Runner>()
  #values!: T
  /** Names of the dataflow that was run last and of its protocol; empty before. */
  names = { scenario: '', protocol: '' }
  /** Runs that the body was asked about. */
  asked = 0
  /** What the body has thrown since the last call of `runner`. */
  thrown: unknown

  constructor(settings: PropSubjectSettings<T>) {
    this.#settings = settings
  }

  /**
   * The runner of the dataflow for these values. Its runs are for them until the next call.
   * @throws whatever the job throws
   */
  runner(values: T): Runner {
    const { job, options } = this.#settings
    const { bug } = options
    const scenario = asScenario(typeof job === 'function' ? job(values) : job)
    let runner = this.#runners.get(scenario)
    if (runner === undefined) {
      runner = new Runner(
        this.#withBody(bug === undefined ? scenario : scenarioOf({ scenario, bug })),
        protocolOf(scenario, options),
        bug?.mutation ?? NO_MUTATION,
      )
      this.#runners.set(scenario, runner)
    }
    this.#values = values
    this.names = { scenario: runner.scenario.name, protocol: runner.protocol.name }
    this.thrown = undefined
    return runner
  }

  /** Whether the finding is the body's. */
  isOfBody({ oracle, kind }: Finding): boolean {
    return oracle === 'invariant' && kind === this.#settings.name
  }

  /** The body stands as one more invariant, so that its failures have fingerprints and are shrunk as any other. */
  #withBody(scenario: Scenario): Scenario {
    const { name, body } = this.#settings
    if (body === undefined) return scenario
    const asInvariant: Invariant = {
      name,
      check: (committed, inputs) => {
        try {
          const answer: unknown = body({ committed, inputs }, this.#values)
          if (answer instanceof Promise)
            throw new InputError(`the body of the property '${name}' must be synchronous, but returned a promise`)
          this.asked += 1
          return undefined
        } catch (error) {
          if (error instanceof InputError) throw error
          if (fc.PreconditionFailure.isFailure(error)) return undefined
          this.thrown = error
          return error instanceof Error ? error.message : String(error)
        }
      },
    }
    return { ...scenario, invariants: [...scenario.invariants, asInvariant] }
  }
}
