import { listed, refusal } from './refusal.ts'
import { isRecord, type Survey, type Unchecked } from './survey.ts'

/**
 * The path of a transition's target, refused if there is no such state. XState resolves targets itself, and this agrees
 * with it; it is checked first because XState's message does not say which transition is wrong.
 */
export function resolveTarget(
  survey: Survey,
  where: string,
  source: readonly string[],
  target: string,
): readonly string[] {
  const path = absolutePath(survey, where, source, target)
  let node: Unchecked = survey.root
  for (const [depth, key] of path.entries()) {
    const states: Unchecked = isRecord(node.states) ? node.states : {}
    if (!Object.hasOwn(states, key)) {
      const parent = path.slice(0, depth).join('.') || 'the root'
      throw refusal(
        survey.chart,
        where,
        `the target '${target}' is not a state: ${parent} has no '${key}', only ${listed(Object.keys(states))}`,
      )
    }
    // What is no object is refused as a state, in its turn.
    node = isRecord(states[key]) ? states[key] : {}
  }
  return path
}

function absolutePath(survey: Survey, where: string, source: readonly string[], target: string): readonly string[] {
  const keys = target.split('.')
  if (target.startsWith('#')) {
    if (keys[0] !== `#${survey.chart}` || keys.length === 1) {
      throw refusal(survey.chart, where, `the target '${target}' is no state's path; write '#${survey.chart}.state'`)
    }
    return keys.slice(1)
  }
  if (target.startsWith('.')) return [...source, ...keys.slice(1)]
  if (source.length === 0) {
    throw refusal(survey.chart, where, `the target '${target}' of the root must be a child; write '.${target}'`)
  }
  return [...source.slice(0, -1), ...keys]
}
