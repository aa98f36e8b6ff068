import { isMemberName } from './check-names.ts'
import { refusal } from './refusal.ts'
import { resolveTarget } from './resolve-target.ts'
import { asList, checkKeys, isRecord, type Survey } from './survey.ts'

const CANDIDATE_KEYS = ['target', 'guard', 'actions', 'reenter', 'description']
const CANDIDATE_REASONS = {
  params: 'guards and actions are methods by name; write one method for each case instead',
  cond: "it is XState 4's; write guard instead",
  in: "it is XState 4's; put the transition into that state instead",
  internal: "it is XState 4's; leave out the target, or say reenter: true",
}
const ACTION_REASONS: Readonly<Record<string, string>> = {
  assign: "the context is the entity's fields, which only its own methods change",
  raise: 'one event is one step of the simulation, and what follows from it is decided by guards',
  sendTo: 'events go through the kernel, which gives each its own time',
  spawnChild: 'a chart runs alone; other participants are entities of their own',
  stopChild: 'a chart runs alone; other participants are entities of their own',
  emit: 'what others may see goes through the kernel',
  log: 'what happened is in the trace',
  cancel: 'a delayed transition is cancelled by leaving its state',
  enqueueActions: 'actions that depend on a condition are transitions with guards',
}
const GUARD_COMBINATORS = ['not', 'and', 'or', 'stateIn']

/** Actions by name: checks each and takes it down. */
export function checkActions(survey: Survey, where: string, actions: unknown): void {
  if (actions === undefined) return
  for (const action of asList(actions)) {
    if (typeof action === 'string') {
      checkMember(survey, where, 'action', action)
      survey.actions.add(action)
      continue
    }
    throw refusal(survey.chart, where, `${actionFault(action)}; write an action method instead and name it here`)
  }
}

function actionFault(action: unknown): string {
  if (typeof action === 'function') {
    const type = 'type' in action && typeof action.type === 'string' ? action.type.replace(/^xstate\./, '') : ''
    const reason = Object.hasOwn(ACTION_REASONS, type) ? ACTION_REASONS[type] : undefined
    return reason === undefined
      ? 'an inline action is not allowed because mutants, the picture and the table know actions by name'
      : `${type} is not allowed because ${reason}`
  }
  if (isRecord(action) && 'params' in action) {
    return 'params are not allowed because an action is a method that takes the event alone'
  }
  return `an action is the name of a method; got ${typeof action}`
}

/** A guard by name. `always`: it may not read the event, which whoever compiles the chart checks on the entity. */
function checkGuard(survey: Survey, where: string, guard: unknown, always: boolean): void {
  if (typeof guard === 'string') {
    checkMember(survey, where, 'guard', guard)
    survey.guards.add(guard)
    if (always) survey.alwaysGuards.add(guard)
    return
  }
  let fault = `a guard is the name of a method; got ${typeof guard}`
  if (typeof guard === 'function') {
    fault = GUARD_COMBINATORS.includes(guard.name)
      ? `${guard.name} is not allowed because a guard is one question with one name`
      : 'an inline guard is not allowed because mutants, the picture and the table know guards by name'
  } else if (isRecord(guard) && 'params' in guard) {
    fault = 'params are not allowed because a guard is a method that takes the event alone'
  }
  throw refusal(survey.chart, where, `${fault}; write a guard method instead and name it here`)
}

function checkMember(survey: Survey, where: string, role: 'guard' | 'action', name: string): void {
  if (!isMemberName(name)) {
    throw refusal(survey.chart, where, `the ${role} '${name}' cannot be a method of an entity; give it another name`)
  }
  if ((role === 'guard' ? survey.actions : survey.guards).has(name)) {
    throw refusal(
      survey.chart,
      where,
      `'${name}' is both a guard and an action; a guard only answers: write two methods`,
    )
  }
}

/**
 * Checks what follows one event, delay or done event in the state at `source`.
 * @returns the path of each candidate's target; null for a candidate that stays.
 */
export function checkTransition(
  survey: Survey,
  where: string,
  source: readonly string[],
  transition: unknown,
  always = false,
): readonly (readonly string[] | null)[] {
  if (transition === undefined) {
    throw refusal(survey.chart, where, 'undefined is not a transition; to drop the event, say so with ignore()')
  }
  const candidates = asList(transition)
  if (candidates.length === 0) {
    throw refusal(survey.chart, where, 'an empty list handles nothing; to drop the event, say so with ignore()')
  }
  let certain = false
  return candidates.map((candidate) => {
    if (certain) {
      throw refusal(
        survey.chart,
        where,
        'a candidate follows one without a guard, so that it is never taken; remove it',
      )
    }
    const { guard, target } = checkCandidate(survey, where, source, candidate, always)
    certain = guard === undefined
    return target
  })
}

function checkCandidate(
  survey: Survey,
  where: string,
  source: readonly string[],
  candidate: unknown,
  always: boolean,
): { guard: unknown; target: readonly string[] | null } {
  const { chart } = survey
  const { target, guard, actions, reenter, ...rest } = toRecord(survey, where, candidate)
  checkKeys(survey, where, rest, CANDIDATE_KEYS, CANDIDATE_REASONS)
  if (guard !== undefined) checkGuard(survey, where, guard, always)
  else if (always) {
    throw refusal(chart, where, 'it has no guard, so that the state is never rested in; guard it, or aim at its target')
  }
  checkActions(survey, where, actions)
  if (reenter !== undefined && typeof reenter !== 'boolean') {
    throw refusal(chart, where, `reenter is true or false; got ${typeof reenter}`)
  }
  if (target === undefined) {
    if (reenter === true)
      throw refusal(chart, where, 'reenter needs a target; name the state that is to be entered again')
    return { guard, target: null }
  }
  if (typeof target !== 'string') {
    throw refusal(
      chart,
      where,
      `a target is one state, as a string; got ${Array.isArray(target) ? 'a list' : typeof target}`,
    )
  }
  return { guard, target: resolveTarget(survey, where, source, target) }
}

function toRecord(survey: Survey, where: string, candidate: unknown): Readonly<Record<string, unknown>> {
  if (typeof candidate === 'string') return { target: candidate }
  if (isRecord(candidate)) return candidate
  throw refusal(survey.chart, where, `a transition is a target, a candidate or a list of them; got ${typeof candidate}`)
}
