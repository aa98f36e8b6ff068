/** What the main thread asks of a worker, and what it gets. All of it is plain data: functions do not travel. */
import type { Aggregate, Failure, Order, Replay, Shrunk, SpaceTime, StoryLine } from '../check/index.ts'
import type { Scenario } from '../dataflow/index.ts'
import type { FaultClass, MetadataStoreName, Plan } from '../model/index.ts'
import type { Bundle } from './bundle-files.ts'

/** A check by the names of its parts. */
export interface CheckNames {
  readonly scenario: string
  readonly protocol: string
  /** Id of a bug. */
  readonly bug?: string
  readonly seed: string
  readonly faults?: readonly FaultClass[]
  /** What the job's metadata are entrusted to. */
  readonly store?: MetadataStoreName
  /** File that the scenario reads in place of its default. */
  readonly input?: string
}

/** What a check amounts to before it has begun. */
export interface CheckTerms {
  /** The one that was named, or what the job's checkpointing mode asks for. */
  readonly protocol: string
  /** Invariants that need more than the protocol gives. */
  readonly skipped: readonly { readonly name: string; readonly needs: string }[]
}
export type TermsRequest = Pick<CheckNames, 'scenario' | 'bug'> & Partial<Pick<CheckNames, 'protocol'>>

/** A part of a check: the `from`-th to the `to`-th run (exclusively) of all `runs`, in this order. */
export interface BatchRequest {
  readonly check: CheckNames
  readonly from: number
  readonly to: number
  readonly runs: number
  readonly order: Order
}

/** A token, and the file that its scenario reads in place of its default. */
export interface TokenRequest {
  readonly token: string
  readonly input?: string
}

/** One event of a trace. */
export interface TraceLine {
  /** Virtual time, microseconds. */
  readonly time: number
  readonly entity: string
  readonly message: string
  readonly a: number
  readonly b: number
}
/** A replay without what does not travel. */
export type ReplayAnswered = Omit<Replay, 'result' | 'runner'> & { readonly trace: readonly TraceLine[] }

/** A scenario of the user's, and its file as it is shown. */
export interface OwnScenario {
  readonly name: string
  readonly file: string
}
/** What `cutline list` tells of a scenario. */
export interface ScenarioFacts extends Pick<Scenario, 'name' | 'title' | 'records'> {
  readonly vertices: readonly string[]
}

/** Per kind of question: what is asked and what is answered. */
export interface Questions {
  /** The scenarios in the bundle that the worker was given. */
  own: { ask: Record<string, never>; answer: readonly OwnScenario[] }
  /** Builds a job, but runs nothing. */
  describe: { ask: { readonly scenario: string }; answer: ScenarioFacts }
  /** Builds a job, too. */
  terms: { ask: TermsRequest; answer: CheckTerms }
  batch: { ask: BatchRequest; answer: Aggregate }
  /** What a run would be, and the token of one that has failed; neither makes a run. */
  plan: { ask: { readonly check: CheckNames; readonly index: number }; answer: Plan }
  token: { ask: { readonly check: CheckNames; readonly failure: Failure }; answer: string }
  /** One run once more. */
  repeat: { ask: { readonly check: CheckNames; readonly index: number }; answer: { readonly digest: string } }
  shrink: { ask: { readonly check: CheckNames; readonly failure: Failure }; answer: Shrunk }
  shrinkToken: { ask: TokenRequest; answer: Shrunk }
  replay: { ask: TokenRequest & { readonly traced: boolean }; answer: ReplayAnswered }
  explain: {
    ask: TokenRequest & { readonly drawn: boolean }
    answer: { readonly story: readonly StoryLine[]; readonly diagram: SpaceTime | null }
  }
}
export type Question = keyof Questions

export type ToWorker = { [K in Question]: { readonly kind: K; readonly ask: Questions[K]['ask'] } }[Question]
export type FromWorker =
  | { readonly ok: true; readonly answer: Questions[Question]['answer'] }
  | { readonly ok: false; readonly fault: Blame; readonly message: string; readonly stack: string | undefined }
/** Whose fault an error is: something that the user gave cannot be used, the user's code has thrown, or Cutline has. */
export type Blame = 'usage' | 'user-code' | 'cutline'

/** What a worker is started with. */
export interface WorkerData {
  readonly pulse: Int32Array
  /** The user's scenarios, if there are any. */
  readonly bundle: Bundle | null
}

/** Places in the ints that a worker shares with the main thread. */
export const PULSE = {
  /** Goes up after every run: the worker is alive. */
  beats: 0,
  /** Index of the run that is being made. */
  index: 1,
  /** Set by the main thread: end with what there is before the next run. */
  stop: 2,
} as const
