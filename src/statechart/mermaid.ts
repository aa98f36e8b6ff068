import type { AnyStateNode, AnyTransitionDefinition } from 'xstate'
import type { AnyChart } from './chart.ts'

/** Stands for the root in the picture: what it handles is handled in any state. No path ends with `__`. */
const ANY = 'any__'

/**
 * The chart as a Mermaid `stateDiagram-v2`: transitions as `EVENT (n) [guard] / actions`, with `(n)` the order in which
 * candidates are tried. What a leaf does without moving is written into it, and beside a composite state.
 *
 * @returns the source text, ending with a newline.
 */
export function mermaid(chart: AnyChart): string {
  const { root } = chart.machine
  const notes = new Map<AnyStateNode, string[]>()
  const arrows: string[] = []
  for (const node of nodesBelow(root)) notes.set(node, describe(node, arrows))
  const anywhere = notes.get(root) ?? []
  const lines = ['stateDiagram-v2', ...draw(root, notes, '  ')]
  if (anywhere.length > 0 || arrows.some((arrow) => arrow.startsWith(`${ANY} `))) {
    lines.push(`  state "any state" as ${ANY}`, ...anywhere.map((text) => `  ${ANY} : ${text}`))
  }
  return `${[...lines, ...arrows.map((arrow) => `  ${arrow}`)].join('\n')}\n`
}

/** The states inside a node, composite ones with theirs. */
function draw(node: AnyStateNode, notes: ReadonlyMap<AnyStateNode, readonly string[]>, indent: string): string[] {
  const lines: string[] = []
  const first = node.initial.target[0]
  if (first !== undefined) lines.push(`${indent}[*] --> ${idOf(first)}`)
  for (const child of Object.values(node.states) as AnyStateNode[]) {
    const id = idOf(child)
    const texts = notes.get(child) ?? []
    lines.push(`${indent}state "${child.key}" as ${id}`)
    if (child.type === 'compound') {
      lines.push(`${indent}state ${id} {`, ...draw(child, notes, `${indent}  `), `${indent}}`)
      if (texts.length === 0) continue
      lines.push(`${indent}note right of ${id}`, ...texts.map((text) => `${indent}  ${text}`), `${indent}end note`)
    } else {
      lines.push(...texts.map((text) => `${indent}${id} : ${text}`))
      if (child.type === 'final') lines.push(`${indent}${id} --> [*]`)
    }
  }
  return lines
}

/** What a state does without moving, as texts; its moves are added to `arrows`. */
function describe(node: AnyStateNode, arrows: string[]): string[] {
  const texts: string[] = []
  const ignored: string[] = []
  for (const edge of ['entry', 'exit'] as const) {
    const actions = actionNames(node[edge])
    if (actions !== '') texts.push(`${edge} / ${actions}`)
  }
  const groups: [string, readonly AnyTransitionDefinition[]][] = [...node.transitions]
  if (node.always !== undefined) groups.push(['', node.always])
  for (const [event, candidates] of groups) {
    candidates.forEach((candidate, i) => {
      const label = labelOf(event, candidate, candidates.length > 1 ? i + 1 : 0)
      const target = candidate.target?.[0]
      if (target !== undefined) arrows.push(`${idOf(node)} --> ${idOf(target)} : ${label}`)
      else if (candidate.guard === undefined && candidate.actions.length === 0 && candidates.length === 1)
        ignored.push(event)
      else texts.push(label)
    })
  }
  if (ignored.length > 0) texts.push(`ignores ${ignored.join(', ')}`)
  return texts
}

function labelOf(event: string, candidate: AnyTransitionDefinition, order: number): string {
  const parts = [eventName(event, candidate)]
  if (order > 0) parts.push(`(${order})`)
  if (candidate.guard !== undefined) parts.push(`[${String(candidate.guard)}]`)
  if (candidate.actions.length > 0) parts.push(`/ ${actionNames(candidate.actions)}`)
  if (candidate.reenter) parts.push('(reenter)')
  return parts.join(' ')
}

function eventName(event: string, candidate: AnyTransitionDefinition): string {
  if (event === '') return 'always'
  if (event.startsWith('xstate.done.')) return 'done'
  if (!('delay' in candidate)) return event
  return typeof candidate.delay === 'number' ? `after ${candidate.delay} us` : `after ${String(candidate.delay)}`
}

/** Names, without XState's own actions that arm and disarm timers. */
function actionNames(actions: readonly unknown[]): string {
  return actions.filter((action) => typeof action === 'string').join(', ')
}

function nodesBelow(node: AnyStateNode): AnyStateNode[] {
  return [node, ...(Object.values(node.states) as AnyStateNode[]).flatMap(nodesBelow)]
}

function idOf(node: AnyStateNode): string {
  return node.parent === undefined ? ANY : keywordSafe(node.path.join('__'))
}

/** Mermaid reads these words as keywords wherever a line begins with them. */
function keywordSafe(id: string): string {
  return /^(state|note|end|class|classDef|style|direction|scale|click|hide|default|accTitle|accDescr)$/i.test(id)
    ? `${id}__`
    : id
}
