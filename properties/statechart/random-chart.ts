// Random charts under the rules of check-rules.ts, as an arbitrary of fast-check.
import fc from 'fast-check'
import { type Chart, type ChartNode, chart, ignore } from '../../src/statechart/index.ts'

type AnyMembers = Record<string, never>
type Draw = fc.GeneratorValue

interface Shape {
  readonly key: string
  readonly path: readonly string[]
  readonly final: boolean
  readonly children: readonly Shape[]
}

const EVENTS = ['START', 'A', 'B', 'C', 'D'] as const
// Guards that read the event and guards of `always` are apart, as the rules want.
const GUARDS = ['g0', 'g1', 'g2', 'g3']
const FIELD_GUARDS = ['f0', 'f1', 'f2']
const ACTIONS = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5']
const DELAYS = ['5', '0', '1000', 'short', 'long']

/** Charts with nested and final states, guards, always, entry, exit, reentry, timers, onDone, ignore lists and `*`. */
export const randomChart: fc.Arbitrary<Chart<AnyMembers, string>> = fc.gen().map(draw)

function draw(g: Draw): Chart<AnyMembers, string> {
  const below = (n: number) => g(fc.nat, { max: n - 1 })
  const chance = (percent: number) => below(100) < percent
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!

  const grow = (path: readonly string[], depth: number): Shape[] => {
    const children = Array.from({ length: 1 + below(depth === 0 ? 4 : 3) }, (_, i): Shape => {
      const key = `s${i}`
      const here = [...path, key]
      return { key, path: here, final: false, children: depth < 2 && chance(35) ? grow(here, depth + 1) : [] }
    })
    if (!chance(depth === 0 ? 10 : 40)) return children
    return [...children, { key: 'end', path: [...path, 'end'], final: true, children: [] }]
  }
  const boot: Shape = { key: 'boot', path: ['boot'], final: false, children: [] }
  const shapes = [boot, ...grow([], 0)]
  const flatten = (list: readonly Shape[]): Shape[] => list.flatMap((shape) => [shape, ...flatten(shape.children)])
  const all = flatten(shapes)
  // A `'*'` at the root swallows done and timer events, so such charts have neither.
  const wild = chance(15)

  const actions = () => (chance(60) ? Array.from({ length: 1 + below(2) }, () => pick(ACTIONS)) : undefined)
  const target = (from: Shape | null, candidates: readonly Shape[]): string | undefined => {
    const to = candidates.length === 0 ? undefined : pick(candidates)
    if (to === undefined) return undefined
    const siblings =
      from !== null &&
      to.path.length === from.path.length &&
      to.path.slice(0, -1).join() === from.path.slice(0, -1).join()
    if (siblings && chance(50)) return to.key
    const child =
      to.path.length === (from?.path.length ?? 0) + 1 && to.path.slice(0, -1).join() === (from?.path ?? []).join()
    return child && chance(50) ? `.${to.key}` : `#random.${to.path.join('.')}`
  }
  const candidate = (from: Shape | null, guard: string | undefined, candidates: readonly Shape[]) => {
    const to = chance(70) ? target(from, candidates) : undefined
    const list = actions()
    return {
      ...(to === undefined ? {} : { target: to }),
      ...(to !== undefined && chance(25) ? { reenter: true } : {}),
      ...(guard === undefined ? {} : { guard }),
      ...(list === undefined ? {} : { actions: list.length === 1 ? list[0] : list }),
    }
  }
  const transition = (from: Shape | null) => {
    const guarded = Array.from({ length: below(3) }, () =>
      candidate(from, pick(chance(80) ? GUARDS : FIELD_GUARDS), all),
    )
    const list = guarded.length === 0 || chance(50) ? [...guarded, candidate(from, undefined, all)] : guarded
    return list.length === 1 ? list[0] : list
  }
  const on = (from: Shape | null, percent: number) => {
    const map: Record<string, unknown> = {}
    for (const event of EVENTS) if (chance(percent)) map[event] = transition(from)
    return chance(20) ? { ...ignore(pick(EVENTS)), ...map } : map
  }
  const states = (list: readonly Shape[], firsts: readonly Shape[]): Record<string, unknown> =>
    Object.fromEntries(list.map((shape) => [shape.key, node(shape, firsts)]))
  const node = (shape: Shape, firsts: readonly Shape[]): unknown => {
    if (shape === boot)
      return { on: { START: shapes[1]!.final ? '#random.s0' : { target: pick(firsts).key, actions: 'a0' } } }
    const edges = {
      ...(chance(40) ? { entry: actions() ?? [] } : {}),
      ...(chance(40) ? { exit: actions() ?? [] } : {}),
    }
    if (shape.final) return { type: 'final', ...edges }
    const inside = flatten(shape.children)
    // Later states only: an `always` that leads back may be a cycle, which is refused (rules.test.ts).
    const last = Math.max(all.indexOf(shape), ...inside.map((one) => all.indexOf(one)))
    const later = all.slice(last + 1)
    const made: Record<string, unknown> = { ...edges, on: on(shape, 30) }
    if (later.length > 0 && chance(25)) {
      made.always = Array.from({ length: 1 + below(2) }, () => ({
        target: `#random.${pick(later).path.join('.')}`,
        ...candidate(shape, pick(FIELD_GUARDS), later),
      }))
    }
    if (!wild && chance(25)) {
      made.after = Object.fromEntries(Array.from({ length: 1 + below(2) }, () => [pick(DELAYS), transition(shape)]))
    }
    if (shape.children.length === 0) return made
    const starts = shape.children.filter((child) => !child.final || chance(20))
    made.initial = pick(starts.length === 0 ? shape.children : starts).key
    made.states = states(shape.children, firsts)
    if (!wild && shape.children.some((child) => child.final) && chance(70)) {
      made.onDone = chance(30)
        ? [candidate(shape, pick(GUARDS), later), candidate(shape, undefined, later)]
        : candidate(shape, undefined, later)
    }
    return made
  }
  const firsts = shapes.slice(1).filter((shape) => !shape.final)
  const root = {
    initial: 'boot',
    on: { ...on(null, 15), ...(wild ? { '*': transition(null) } : {}) },
    states: states(shapes, firsts),
  }
  const definition = withoutSwallowed(root, wild) as unknown as ChartNode<AnyMembers, string>
  return chart<AnyMembers>()('random', { events: mentioned(definition), field: 'st' as never, root: definition })
}

/** With a `'*'`, final states below the root become ordinary ones. */
function withoutSwallowed(root: object, wild: boolean): object {
  if (!wild) return root
  return JSON.parse(JSON.stringify(root), (key, value) => {
    if (key !== 'states') return value
    return Object.fromEntries(
      Object.entries(value as Record<string, { type?: string }>).map(([name, { type: _, ...rest }]) => [name, rest]),
    )
  })
}

/** The events that a chart mentions: every declared one must be. */
function mentioned(root: ChartNode<AnyMembers, string>): string[] {
  const text = JSON.stringify(root)
  return EVENTS.filter((event) => text.includes(`"${event}":`))
}
