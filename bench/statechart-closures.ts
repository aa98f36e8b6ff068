// A peer of src/statechart/table-send.ts for the benchmark only: the trees as closures, one for each node.
import type { ChartEvent, CompiledChart, DecisionTree } from '../src/statechart/index.ts'

type Entity = Record<string, unknown>
type Step = (self: Entity, event: ChartEvent) => void
type Method = (event: ChartEvent) => unknown

/** Dispatch by closures over method names. Only for charts without timers. */
export function closureSend<E>(compiled: CompiledChart<E>, field: string): CompiledChart<E>['send'] {
  const width = compiled.events.length
  const cells = compiled.leaves.flatMap((_, leaf) =>
    compiled.events.map((_, code) => {
      const tree = compiled.tree(leaf, code)
      return tree === null ? null : closure(tree, leaf, field)
    }),
  )
  return (self, code, event) => {
    const entity = self as Entity
    const step = cells[(entity[field] as number) * width + code] ?? null
    if (step === null) return false
    step(entity, event)
    return true
  }
}

function closure(tree: DecisionTree, from: number, field: string): Step {
  const names = tree.operations.map((operation) => {
    if (operation.kind !== 'action') throw new Error('closureSend: a chart without timers was expected')
    return operation.name
  })
  const act: Step = (self, event) => {
    for (let i = 0; i < names.length; i++) (self[names[i]!] as Method)(event)
  }
  if ('guard' in tree) {
    const { guard } = tree
    const yes = closure(tree.yes, from, field)
    const no = closure(tree.no, from, field)
    const ask: Step = (self, event) => ((self[guard] as Method)(event) ? yes(self, event) : no(self, event))
    if (names.length === 0) return ask
    return (self, event) => {
      act(self, event)
      ask(self, event)
    }
  }
  const { leaf } = tree
  if (leaf === from) {
    const [name] = names
    if (name !== undefined && names.length === 1) return (self, event) => void (self[name] as Method)(event)
    return act
  }
  return (self, event) => {
    act(self, event)
    self[field] = leaf
  }
}
