/** A plan as short nested lists, for tokens. Packing loses nothing; what is unpacked still has to be read by `readPlan`. */
import { EFFECTS, type Fault, type Plan, type Role, type Timing, type When } from '../model/index.ts'
import { isTimed } from './plan-codec.ts'

/** Order of the settings in a packed plan; a token of version 1 has exactly these. */
const TIMING = [
  'unitUs',
  'sourceCostUs',
  'operatorCostUs',
  'channelCapacity',
  'checkpointIntervalUs',
  'checkpointTimeoutUs',
  'minPauseUs',
  'maxConcurrentCheckpoints',
  'tolerableFailedCheckpoints',
  'retainedCheckpoints',
  'restartDelayUs',
  'restartAttempts',
] as const satisfies (keyof Timing)[]

/** [engine, protocol or [protocol, store], bug or 0, seed, records, parallelism, task managers, timing, faults, overrides] */
export function packPlan(plan: Plan): unknown[] {
  return [
    plan.engine,
    plan.store === undefined ? plan.protocol : [plan.protocol, plan.store],
    plan.bug ?? 0,
    plan.seed,
    plan.records,
    plan.parallelism,
    plan.taskManagers,
    TIMING.map((setting) => plan.timing[setting]),
    plan.faults.map(packFault),
    plan.overrides,
  ]
}

/**
 * Puts a plan together again, as far as the lists allow; whatever else they hold ends up where `readPlan` refuses it.
 * @param input hash of the text that the scenario reads, which is not among the packed
 */
export function unpackPlan(scenario: string, packed: readonly unknown[], input?: unknown): unknown {
  const [engine, terms, bug, seed, records, parallelism, taskManagers, timing, faults, overrides] = packed
  const [protocol, store] = Array.isArray(terms) ? terms : [terms]
  const settings = Array.isArray(timing) ? timing : []
  return {
    engine,
    scenario,
    protocol,
    ...(bug === 0 ? {} : { bug }),
    ...(store === undefined ? {} : { store }),
    ...(input === undefined ? {} : { input }),
    seed,
    records,
    parallelism,
    taskManagers,
    timing: Object.fromEntries(TIMING.map((setting, i) => [setting, settings[i]])),
    faults: Array.isArray(faults) ? faults.map(unpackFault) : faults,
    overrides,
  }
}

/** [kind, target, when] or [kind, target, when, for how long] */
function packFault({ what, target, when, forUs }: Fault): unknown[] {
  const packed = [what, packRole(target), packWhen(when, target)]
  return forUs === undefined ? packed : [...packed, forUs]
}
function packRole(role: Role): unknown {
  if (typeof role === 'string') return role
  if ('operator' in role) return [role.operator, role.subtask]
  if ('slots' in role || 'quorumNode' in role) return role
  return 'effect' in role ? role.effect : role.taskManager
}
/** A time, [phase, nth] or [phase, nth, restore]; the phase of an effect goes without saying. */
function packWhen(when: When, target: Role): unknown {
  if (isTimed(when)) return when.at
  const count = when.restore === undefined ? [when.nth] : [when.nth, when.restore]
  return isEffect(target) ? count : [when.phase, ...count]
}
const isEffect = (role: Role): boolean => typeof role === 'object' && 'effect' in role

function unpackFault(packed: unknown): unknown {
  if (!Array.isArray(packed)) return packed
  const [what, role, time, forUs] = packed
  const target = unpackRole(role)
  const phase = typeof role === 'string' && role in EFFECTS ? EFFECTS[role as keyof typeof EFFECTS].phase : undefined
  const when = unpackWhen(time, phase)
  return forUs === undefined ? { what, target, when } : { what, target, when, forUs }
}
function unpackRole(role: unknown): unknown {
  if (Array.isArray(role)) return { operator: role[0], subtask: role[1] }
  if (typeof role === 'number') return { taskManager: role }
  if (typeof role === 'object') return role
  return role === 'job-manager' || role === 'external' ? role : { effect: role }
}
function unpackWhen(time: unknown, phaseOfEffect: string | undefined): unknown {
  if (!Array.isArray(time)) return { at: time }
  const [phase, nth, restore] = phaseOfEffect === undefined ? time : [phaseOfEffect, ...time]
  return restore === undefined ? { phase, nth } : { phase, nth, restore }
}
