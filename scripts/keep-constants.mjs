import { parse } from 'acorn'

/**
 * esbuild declares what is at the top of a bundled module with `var`, whatever it was. The engine builds the value of a `const`
 * into its machine code, but not that of a variable that might change: this gives the `const` back to all that never does.
 * @param {string} code a bundle, as an ES module
 */
export function keepConstants(code) {
  const { body } = parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true })
  const changed = new Set()
  for (const statement of body) collectChanged(statement, changed)
  const isConstant = ({ id, init }) => init !== null && namesIn(id).every((name) => !changed.has(name))
  let kept = ''
  let at = 0
  for (const { type, kind, declarations, start } of body) {
    if (type !== 'VariableDeclaration' || kind !== 'var' || !declarations.every(isConstant)) continue
    kept += `${code.slice(at, start)}const`
    at = start + 'var'.length
  }
  return kept + code.slice(at)
}

/** Adds every name that is assigned to below a node, in whatever scope. */
function collectChanged(node, names) {
  const target = TARGET[node.type]
  if (target !== undefined) for (const name of namesIn(node[target])) names.add(name)
  for (const child of childrenOf(node)) collectChanged(child, names)
}
const TARGET = {
  AssignmentExpression: 'left',
  UpdateExpression: 'argument',
  ForInStatement: 'left',
  ForOfStatement: 'left',
}
/** Every name in a pattern, those of keys and default values too: a few constants less do no harm. */
function namesIn(pattern) {
  if (pattern.type === 'Identifier') return [pattern.name]
  // what is changed then is an object, not a variable
  return pattern.type === 'MemberExpression' ? [] : childrenOf(pattern).flatMap(namesIn)
}
function childrenOf(node) {
  const children = []
  for (const key in node) {
    const held = node[key]
    if (Array.isArray(held)) children.push(...held.filter((child) => child !== null))
    else if (typeof held?.type === 'string') children.push(held)
  }
  return children
}
