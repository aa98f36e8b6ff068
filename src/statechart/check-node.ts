import { isMemberName, isStateName } from './check-names.ts'
import { checkActions, checkTransition } from './check-transition.ts'
import { listed, refusal } from './refusal.ts'
import { checkKeys, isRecord, type Survey, type Unchecked } from './survey.ts'

const NODE_KEYS = ['type', 'initial', 'entry', 'exit', 'on', 'always', 'after', 'onDone', 'states', 'description']
const NODE_REASONS = {
  invoke: 'actors live outside the simulation; ask the kernel in an action, and declare an event for the answer',
  history: 'the leaf is all that is remembered; keep what matters in a field and guard the transition',
  context: "the context is the entity's fields",
  output: 'a chart has no caller; keep the result in a field',
  id: "a state's path is its only name; aim at it as '#chart.path'",
  params: 'guards and actions are methods by name; write one method for each case instead',
  tags: 'tags are not in the table; ask matches() with a common parent',
  meta: 'it would not reach the table; write description for the reader',
}

/** Checks one state and all below it. `path` is empty for the root. */
export function checkNode(survey: Survey, path: readonly string[], node: unknown): void {
  const { chart } = survey
  const here = path.join('.') || 'root'
  if (!isRecord(node)) throw refusal(chart, here, `a state is an object; got ${typeof node}`)
  checkKeys(survey, here, node, NODE_KEYS, NODE_REASONS)
  checkType(survey, here, node)
  if (path.length === 0) checkRootKeys(survey, node)
  checkActions(survey, `${here} entry`, node.entry)
  checkActions(survey, `${here} exit`, node.exit)
  checkOn(survey, path, here, node)
  checkAlways(survey, path, here, node)
  checkAfter(survey, path, here, node)
  checkDone(survey, path, here, node)
  checkChildren(survey, path, here, node)
}

function checkType({ chart }: Survey, here: string, node: Unchecked): void {
  if (node.type === undefined) return
  if (node.type === 'parallel') {
    throw refusal(
      chart,
      here,
      'parallel is not allowed because one field holds one leaf; write one chart for each region',
    )
  }
  if (node.type === 'history') throw refusal(chart, here, `history is not allowed because ${NODE_REASONS.history}`)
  if (node.type !== 'final') throw refusal(chart, here, `type is 'final' or left out; got '${String(node.type)}'`)
  const more = Object.keys(node).find((key) => !['type', 'entry', 'exit', 'description'].includes(key))
  if (more !== undefined) throw refusal(chart, here, `a final state has entry and exit actions at most; remove ${more}`)
}

// All of these would act or ask when the machine is created, before START.
function checkRootKeys({ chart }: Survey, root: Unchecked): void {
  for (const key of ['type', 'entry', 'exit', 'always', 'after', 'onDone']) {
    if (root[key] === undefined) continue
    throw refusal(chart, 'root', `${key} is not allowed because nothing happens before START; put it into a state`)
  }
}

function checkOn(survey: Survey, path: readonly string[], here: string, node: Unchecked): void {
  if (node.on === undefined) return
  if (!isRecord(node.on))
    throw refusal(survey.chart, here, `on is a map from events to transitions; got ${typeof node.on}`)
  for (const [event, transition] of Object.entries(node.on)) {
    const where = `${here} on ${event}`
    if (event === '*') {
      if (path.length > 0)
        throw refusal(survey.chart, where, "'*' is allowed at the root only; name the events, or ignore() them")
      for (const declared of survey.events) survey.mentioned.add(declared)
    } else if (!survey.events.has(event)) {
      throw refusal(survey.chart, where, `the event is not declared; the events are ${listed(survey.events)}`)
    }
    survey.mentioned.add(event)
    checkTransition(survey, where, path, transition)
  }
}

// An `always` transition must lead out of its state. XState takes one that does not again after every event, expected
// or not, as long as its guard holds; one that does is asked until it says no, and then rests until something changes.
function checkAlways(survey: Survey, path: readonly string[], here: string, node: Unchecked): void {
  if (node.always === undefined) return
  const where = `${here} always`
  for (const target of checkTransition(survey, where, path, node.always, true)) {
    if (target !== null && path.some((key, depth) => key !== initialLeaf(survey.root, target)[depth])) continue
    throw refusal(
      survey.chart,
      where,
      'it does not lead out of the state, so that it would be taken again after every event; aim at another state',
    )
  }
}

/** The leaf in which a transition to the state at `path` ends: its initial state, and so on. */
function initialLeaf(root: Unchecked, path: readonly string[]): readonly string[] {
  let node: unknown = path.reduce<unknown>((at, key) => childOf(at, key), root)
  const leaf = [...path]
  while (isRecord(node) && typeof node.initial === 'string') {
    leaf.push(node.initial)
    node = childOf(node, node.initial)
  }
  return leaf
}

function childOf(node: unknown, key: string): unknown {
  return isRecord(node) && isRecord(node.states) ? node.states[key] : undefined
}

function checkAfter(survey: Survey, path: readonly string[], here: string, node: Unchecked): void {
  if (node.after === undefined) return
  if (!isRecord(node.after))
    throw refusal(survey.chart, here, `after is a map from delays to transitions; got ${typeof node.after}`)
  for (const [delay, transition] of Object.entries(node.after)) {
    const where = `${here} after ${delay}`
    survey.swallowable ??= where
    // The numeric key must be canonical, or '7' and '07' would share one timer; `Infinity` is a number to XState.
    const delayUs = Number(delay)
    if (Number.isNaN(delayUs) && isMemberName(delay)) survey.delays.add(delay)
    else if (!Number.isSafeInteger(delayUs) || delayUs < 0 || String(delayUs) !== delay) {
      throw refusal(
        survey.chart,
        where,
        'a delay is a finite integer >= 0 in microseconds, or the name of a member that gives it',
      )
    }
    checkTransition(survey, where, path, transition)
  }
}

function checkDone(survey: Survey, path: readonly string[], here: string, node: Unchecked): void {
  const children = isRecord(node.states) ? Object.values(node.states) : []
  const final = children.some((child) => isRecord(child) && child.type === 'final')
  // A final child of the root ends the machine; below the root it raises a done event, with or without onDone.
  if (final && path.length > 0) survey.swallowable ??= `${here} with a final state`
  if (node.onDone === undefined) return
  const where = `${here} onDone`
  if (!final)
    throw refusal(survey.chart, where, 'it is never taken because no child is final; remove it, or make a child final')
  checkTransition(survey, where, path, node.onDone)
}

function checkChildren(survey: Survey, path: readonly string[], here: string, node: Unchecked): void {
  const { chart } = survey
  if (node.states === undefined) {
    if (node.initial !== undefined) throw refusal(chart, here, 'initial needs states; remove it, or add the states')
    return
  }
  if (!isRecord(node.states))
    throw refusal(chart, here, `states is a map from names to states; got ${typeof node.states}`)
  const names = Object.keys(node.states)
  if (names.length === 0) throw refusal(chart, here, 'states is empty; add a state, or remove it')
  for (const name of names) {
    if (!isStateName(name)) {
      throw refusal(
        chart,
        here,
        `a state's name is letters, digits and single '_', beginning with a letter; got '${name}'`,
      )
    }
  }
  if (typeof node.initial !== 'string' || !names.includes(node.initial)) {
    const got = typeof node.initial === 'string' ? `'${node.initial}'` : typeof node.initial
    throw refusal(chart, here, `initial is the name of one of its states (${listed(names)}); got ${got}`)
  }
  for (const name of names) checkNode(survey, [...path, name], node.states[name])
}

/** The initial leaf: `boot`, empty but for `on`, left by START. */
export function checkBoot(survey: Survey): void {
  const { chart, root } = survey
  const boot = isRecord(root.states) ? root.states.boot : undefined
  if (root.initial !== 'boot' || !isRecord(boot)) {
    throw refusal(chart, 'root', "initial is not 'boot'; begin in an empty state boot that START leaves")
  }
  const more = Object.keys(boot).find((key) => key !== 'on' && key !== 'description')
  if (more !== undefined) {
    throw refusal(
      chart,
      'boot',
      `${more} is not allowed because nothing happens before START; put it into the next state`,
    )
  }
  const start = isRecord(boot.on) ? boot.on.START : undefined
  const targets = start === undefined ? [] : checkTransition(survey, 'boot on START', ['boot'], start)
  if (!targets.some((target) => target !== null && target[0] !== 'boot')) {
    throw refusal(chart, 'boot', 'START does not leave it; give it a transition on START to the first state')
  }
}
