import type { ChartEvent } from './chart-event.ts'
import type { DecisionTree, Operation } from './decision-tree.ts'
import { delayUs, type Members } from './delay-us.ts'
import type { Send } from './send.ts'
import type { DispatchSource } from './table-send.ts'

/**
 * The trees as JavaScript, one `switch` over leaves and events, calling the entity's own methods: a quarter faster than
 * the table in bench/statechart.bench.ts, because every call has a place of its own that the engine can learn. Where a
 * page's content security policy forbids generated code, use the table.
 *
 * All that goes into the source are numbers and names that check-rules.ts has found to be identifiers.
 */
export function generatedSend<E>(source: DispatchSource<E>): Send<E> {
  const { chart, field, trees, faults, overrides } = source
  const guards = overrides.guards ?? {}
  const actions = overrides.actions ?? {}
  const width = trees[0]?.length ?? 0

  const operate = (operation: Operation): string => {
    if (operation.kind === 'disarm') return `x.disarmTimer(${operation.timer});`
    if (operation.kind === 'action') {
      return actions[operation.name] !== undefined ? `actions.${operation.name}(x,e);` : `x.${operation.name}(e);`
    }
    const { timer, delay } = operation
    return `x.armTimer(${timer},${typeof delay === 'number' ? delay : `delay(x,'${delay}',e)`});`
  }
  const write = (tree: DecisionTree, from: number): string => {
    const operations = tree.operations.map(operate).join('')
    if ('guard' in tree) {
      const asked = guards[tree.guard] !== undefined ? `guards.${tree.guard}(x,e)` : `x.${tree.guard}(e)`
      return `${operations}if(${asked}){${write(tree.yes, from)}}else{${write(tree.no, from)}}`
    }
    if (tree.leaf === from) return `${operations}return true;`
    return `${operations}if(x.${field}!==${from})throw faults.meddled(${from},x.${field});x.${field}=${tree.leaf};return true;`
  }
  const rows = trees.map((row, leaf) => {
    const cells = row.map((tree, code) => (tree === null ? '' : `case ${code}:{${write(tree, leaf)}}`))
    return `case ${leaf}:switch(c){${cells.join('')}}return false;`
  })
  const body = `return function send(x,c,e){
if(c>>>0>=${width})throw faults.code(c);
switch(x.${field}){
${rows.join('\n')}
}
throw faults.leaf(x.${field});
}`
  const delay = (self: Members, name: string, event: ChartEvent) => delayUs(chart, self, name, event)
  return new Function('guards', 'actions', 'delay', 'faults', body)(guards, actions, delay, faults) as Send<E>
}
