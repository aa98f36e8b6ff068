/** Plans that come from outside: checked piece by piece, so that nothing foreign reaches a run. */
import { z } from 'zod'
import { MAX_CREDIT } from '../cluster/index.ts'
import type { JobGraph } from '../dataflow/index.ts'
import {
  EFFECT_NAMES,
  EFFECTS,
  type Effect,
  type EffectFaultKind,
  type Fault,
  MAX_CONCURRENT_CHECKPOINTS,
  MAX_SAVEPOINTS,
  METADATA_STORES,
  PHASE_NAMES,
  type Phase,
  type Plan,
  QUORUM_LINKS,
  type When,
} from '../model/index.ts'
import { ALL_RECORDS, ENGINE } from './draw-plan.ts'
import { InputError, inWords } from './input-error.ts'

const MOST_US = 4_503_599_627_370_496
const MOST_MANAGERS = 64
/** Effects of these kinds last, as a pause does. */
const LASTING: readonly string[] = ['delay', 'slow']
const EFFECT_KINDS = [
  'drop',
  'duplicate',
  'delay',
  'slow',
  'fail',
  'ambiguous',
  'crash',
  'torn',
] as const satisfies EffectFaultKind[]

// Every message is the rest of a sentence that begins with the place.
const integer = (least: number, most: number) =>
  z.custom<number>((value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most, {
    error: ({ input }) => `must be an integer from ${least} to ${most}, but is ${inWords(input)}`,
  })
const us = integer(0, MOST_US)
const text = (most: number) =>
  z.custom<string>((value) => typeof value === 'string' && value !== '' && value.length <= most, {
    error: ({ input }) => `must be a text of 1 to ${most} characters, but is ${inWords(input)}`,
  })
const hash = z.custom<string>((value) => typeof value === 'string' && /^[0-9a-f]{8}$/.test(value), {
  error: ({ input }) => `must be 8 hexadecimal digits, but is ${inWords(input)}`,
})
const object = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has ${issue.keys.map(inWords).join(', ')}, which nobody reads`
        : `must be an object with ${Object.keys(shape).join(', ')}, but is ${inWords(issue.input)}`,
  })
const list = <S extends z.ZodType>(of: S) =>
  z.array(of, { error: ({ input }) => `must be a list, but is ${inWords(input)}` })

const phase = z.enum(PHASE_NAMES as [Phase, ...Phase[]], {
  error: ({ input }) => `must be a phase ('cutline list' has the table), but is ${inWords(input)}`,
})
const at = object({ at: us })
const anchor = object({ phase, nth: integer(1, 1e9), restore: integer(1, 1e6).optional() })
/** A time or an anchor, told apart by their keys, so that the message is about the right one. */
const when = z.unknown().superRefine((value, context) => {
  const shape = typeof value === 'object' && value !== null && 'at' in value ? at : anchor
  for (const { path, message } of shape.safeParse(value).error?.issues ?? [])
    context.addIssue({ code: 'custom', path, message })
})
const target = (value: string) =>
  z.literal(value, { error: ({ input }) => `must be '${value}', but is ${inWords(input)}` })
const taskManager = object({ taskManager: integer(0, MOST_MANAGERS - 1) })
const node = z.custom<number | 'leader'>(
  (value) => value === 'leader' || (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 8),
  { error: ({ input }) => `must be 'leader' or an integer from 0 to 7, but is ${inWords(input)}` },
)
const quorumNode = object({ quorumNode: node })
const quorumLink = object({
  quorumNode: node,
  link: z.enum(QUORUM_LINKS, {
    error: ({ input }) => `must be one of ${QUORUM_LINKS.join(', ')}, but is ${inWords(input)}`,
  }),
})
const effect = z.enum(EFFECT_NAMES as [Effect, ...Effect[]], {
  error: ({ input }) => `must be one of ${EFFECT_NAMES.join(', ')}, but is ${inWords(input)}`,
})

const effectFault = object({
  what: z.enum(EFFECT_KINDS),
  target: object({ effect }),
  when,
  forUs: us.optional(),
}).superRefine((fault, context) => {
  const { what, target, when, forUs } = fault as Fault & { target: { effect: Effect } }
  const { kinds, phase } = EFFECTS[target.effect]
  const refuse = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message })
  if (!(kinds as readonly string[]).includes(what))
    refuse(['what'], `must be ${kinds.join(' or ')} for the effect '${target.effect}', but is '${what}'`)
  if ('phase' in when && when.phase !== phase)
    refuse(
      ['when', 'phase'],
      `must be '${phase}', where the effect '${target.effect}' begins, but is ${inWords(when.phase)}`,
    )
  if (LASTING.includes(what) !== (forUs !== undefined))
    refuse(
      ['forUs'],
      forUs === undefined ? `must say how long '${what}' lasts, but is missing` : `has no meaning for '${what}'`,
    )
})
const fault = z.discriminatedUnion(
  'what',
  [
    object({
      what: z.literal('crash-task'),
      target: object({ operator: text(200), subtask: integer(0, 1e6) }),
      when,
    }),
    object({ what: z.literal('crash-taskmanager'), target: taskManager, when }),
    object({ what: z.literal('crash-jobmanager'), target: target('job-manager'), when }),
    object({ what: z.literal('pause-jobmanager'), target: target('job-manager'), when, forUs: us }),
    object({ what: z.literal('partition-jobmanager'), target: target('job-manager'), when, forUs: us }),
    object({ what: z.literal('pause-taskmanager'), target: taskManager, when, forUs: us }),
    object({ what: z.literal('expire-transactions'), target: target('external'), when }),
    object({ what: z.literal('rescale'), target: object({ slots: integer(1, 1e4) }), when }),
    object({ what: z.literal('crash-node'), target: quorumNode, when }),
    object({ what: z.literal('pause-node'), target: quorumNode, when, forUs: us }),
    object({ what: z.literal('partition-node'), target: quorumLink, when, forUs: us }),
    object({ what: z.literal('drift-clock'), target: quorumNode, when }),
    object({ what: z.literal('lose-disk'), target: quorumNode, when }),
    object({ what: z.literal('savepoint'), target: target('job-manager'), when }),
    effectFault,
  ],
  {
    error: ({ input }) => `must be a kind of fault, but is ${inWords((input as { what?: unknown } | undefined)?.what)}`,
  },
)
/** The coordinator has places for so many savepoints besides its checkpoints. */
const faults = list(fault).superRefine((all, context) => {
  const savepoints = all.filter(({ what }) => what === 'savepoint').length
  if (savepoints > MAX_SAVEPOINTS)
    context.addIssue({
      code: 'custom',
      message: `must ask for at most ${MAX_SAVEPOINTS} savepoints, but ask for ${savepoints}`,
    })
})

const timing = object({
  unitUs: integer(1, MOST_US),
  sourceCostUs: us,
  operatorCostUs: us,
  channelCapacity: integer(1, MAX_CREDIT),
  checkpointIntervalUs: integer(1, MOST_US),
  checkpointTimeoutUs: us,
  minPauseUs: us,
  maxConcurrentCheckpoints: integer(1, MAX_CONCURRENT_CHECKPOINTS),
  tolerableFailedCheckpoints: integer(0, 1e9),
  retainedCheckpoints: integer(1, 1e6),
  restartDelayUs: us,
  restartAttempts: integer(0, 1e9),
})
const store = z.enum(METADATA_STORES, {
  error: ({ input }) => `must be one of ${METADATA_STORES.join(', ')}, but is ${inWords(input)}`,
})
const override = z.tuple([text(200), integer(-MOST_US, MOST_US), integer(0, 2_147_483_647)], {
  error: ({ input }) => `must be [site, key, value], but is ${inWords(input)}`,
})
const plan = object({
  engine: integer(1, 1e9),
  scenario: text(200),
  protocol: text(200),
  bug: text(200).optional(),
  store: store.optional(),
  input: hash.optional(),
  seed: text(400),
  records: integer(1, ALL_RECORDS),
  parallelism: z.record(text(200), integer(1, 1e4), {
    error: ({ input }) => `must be an object of numbers by uid, but is ${inWords(input)}`,
  }),
  taskManagers: integer(1, MOST_MANAGERS),
  timing,
  faults,
  overrides: list(override),
})

/**
 * A plan from a value that anybody may have written.
 * @throws InputError naming the first place that is not as it must be, or the engine that wrote the plan if it is another one
 */
export function readPlan(value: unknown): Plan {
  if (typeof value === 'object' && value !== null && 'engine' in value) requireEngine(value.engine)
  const read = plan.safeParse(value)
  if (read.success) return read.data as Plan
  const { path, message } = read.error.issues[0]!
  throw new InputError(`the plan cannot be used: ${placeOf(path)} ${message}`)
}

/** @throws InputError if a plan of that engine would run differently on this one */
export function requireEngine(engine: unknown): void {
  if (engine === ENGINE) return
  throw new InputError(
    `the plan was written by engine ${inWords(engine)}, and this Cutline has engine ${ENGINE}, on which it would run differently: run it with the version that wrote it`,
  )
}

/** `faults[2].when.phase` */
function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'it'
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${String(step)}`))
    .join('')
    .replace(/\s+/g, ' ')
}

/**
 * Checks that a plan names only what its job has. Subtasks and task managers are taken modulo their number, as roles are.
 * @throws InputError naming the operator that does not exist
 */
export function requireFit(plan: Plan, graph: JobGraph): void {
  const uids = graph.vertices.map(({ uid }) => uid)
  const require = (uid: string, place: string): void => {
    if (uids.includes(uid)) return
    throw new InputError(
      `the plan does not fit the job: ${place} names '${uid}', but the vertices are ${uids.join(', ')}`,
    )
  }
  for (const uid of Object.keys(plan.parallelism)) require(uid, 'parallelism')
  plan.faults.forEach(({ target }, i) => {
    if (typeof target === 'object' && 'operator' in target) require(target.operator, `faults[${i}].target`)
  })
}

/** The plan as JSON with sorted keys: equal for equal plans, whatever the order in which they were put together. */
export const canonicalPlan = (plan: Plan): string => canonicalJson(plan)

/** JSON with sorted keys and without undefined values. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, held]) => held !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${canonicalJson(held)}`).join(',')}}`
}

/** True for a time, false for an anchor. */
export const isTimed = (when: When): when is { readonly at: number } => 'at' in when
