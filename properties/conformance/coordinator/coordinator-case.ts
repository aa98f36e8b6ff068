import type { CheckpointFailureReason } from '../../../src/model/index.ts'

/** data/vectors/SCHEMA.md, section 6. */
export interface CoordinatorCase {
  readonly id: string
  readonly cfg: CoordinatorConfig
  readonly steps: readonly CoordinatorStep[]
}
export interface CoordinatorConfig {
  readonly interval: number
  readonly minPause: number
  readonly timeout: number
  readonly maxConcurrent: number
  readonly tolerable: number
  readonly retained: number
  readonly unaligned: boolean
  readonly initDelay: number
  readonly finishOk: boolean
  readonly srcP: number
  readonly sinkP: number
  readonly edge?: 'all' | 'pointwise'
  readonly backlogInterval?: number
}
export type CoordinatorStep = { readonly ev: CoordinatorEvent } & Partial<Happened & State>
/** `f` labels the future of the result. */
export type Request =
  | readonly ['cp', future: string]
  | readonly ['sp', future: string]
  | readonly ['ssp', future: string, terminate: boolean]
export type CoordinatorEvent =
  | Request
  | readonly ['start' | 'stop' | 'shutdown' | 'rpcfail' | 'iofail' | 'storefail']
  | readonly ['adv', ms: number]
  | readonly ['both', Request, Request]
  | readonly ['ack' | 'ackFin' | 'ackOld', task: number, checkpoint: number]
  | readonly ['dec' | 'decOld', task: number, checkpoint: number, reason: CheckpointFailureReason]
  | readonly ['fin' | 'run', task: number]
  | readonly ['abortAll', reason: CheckpointFailureReason]
  | readonly ['failover', tasks: readonly number[]]
  | readonly ['backlog', operator: number, on: boolean]

type Notice = [checkpoint: number, other: number, tasks: number[]]
/** What a step has brought about. */
export interface Happened {
  trig: [checkpoint: number, type: string, alignment: string, tasks: number[]][]
  succ: number[]
  fail: [checkpoint: number, reason: string][]
  nc: Notice[]
  na: Notice[]
  fut: [future: string, how: 'ok' | 'fail', what: number | string][]
  job: (['job'] | ['task', task: number])[]
  disc: [checkpoint: number, task: number][]
  ret?: boolean
  restored?: number | null
  throws?: string
}
/** What stands after a step; a step of a case has only what is new. */
export interface State {
  readonly pend: readonly (readonly [checkpoint: number, missing: readonly number[]])[]
  readonly done: readonly number[]
  readonly next: number | null
  readonly q: number
  readonly cfc: number
  readonly now: number
  readonly periodic: boolean
  readonly triggering: boolean
}
