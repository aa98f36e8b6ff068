/** What a name means where it stands: something of the file, or a global. */
import type { AnyNode, ImportDeclaration, Pattern } from 'acorn'
import { childrenOf } from './syntax-tree.ts'

/** The declaration that a name comes from. */
export type Meaning =
  | { readonly kind: 'global' }
  /** `imported`: '*' for all of a module; 'default' as well, since modules of Node are the same by both. */
  | { readonly kind: 'import'; readonly from: string; readonly imported: string }
  /** Declared on the top level of the file. */
  | { readonly kind: 'module' }
  /** `place`: of the node that declares it, among those above the name. */
  | { readonly kind: 'local'; readonly place: number }

export class NamesInScope {
  readonly #imports = new Map<string, Extract<Meaning, { kind: 'import' }>>()
  /** Names declared right in a node, once somebody has asked. */
  readonly #declared = new Map<AnyNode, ReadonlySet<string>>()

  constructor(root: AnyNode) {
    for (const node of childrenOf(root)) if (node.type === 'ImportDeclaration') this.#import(node)
  }
  #import({ specifiers, source }: ImportDeclaration): void {
    const from = String(source.value)
    for (const specifier of specifiers) {
      const { imported } = specifier.type === 'ImportSpecifier' ? specifier : { imported: null }
      const name = imported === null ? '*' : imported.type === 'Identifier' ? imported.name : String(imported.value)
      this.#imports.set(specifier.local.name, { kind: 'import', from, imported: name === 'default' ? '*' : name })
    }
  }

  /** @param above the nodes above the name, the nearest last */
  meaningOf(name: string, above: readonly AnyNode[]): Meaning {
    for (let i = above.length - 1; i > 0; i -= 1)
      if (this.#namesIn(above[i]!).has(name)) return { kind: 'local', place: i }
    return this.#imports.get(name) ?? (this.#namesIn(above[0]!).has(name) ? { kind: 'module' } : { kind: 'global' })
  }

  #namesIn(node: AnyNode): ReadonlySet<string> {
    let names = this.#declared.get(node)
    if (names === undefined) {
      const found = new Set<string>()
      declaredIn(node, found)
      names = found
      this.#declared.set(node, names)
    }
    return names
  }
}

function declaredIn(node: AnyNode, into: Set<string>): void {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      for (const parameter of node.params) addPattern(parameter, into)
      if (node.id) into.add(node.id.name)
      addVars(node.body, into)
      break
    case 'ClassDeclaration':
    case 'ClassExpression':
      if (node.id) into.add(node.id.name)
      break
    case 'CatchClause':
      if (node.param) addPattern(node.param, into)
      break
    case 'ForStatement':
      if (node.init) addDeclared(node.init, into)
      break
    case 'ForInStatement':
    case 'ForOfStatement':
      addDeclared(node.left, into)
      break
    case 'SwitchStatement':
      for (const { consequent } of node.cases) for (const statement of consequent) addDeclared(statement, into)
      break
    case 'Program':
      addVars(node, into)
      for (const statement of node.body) addDeclared(statement, into)
      break
    case 'BlockStatement':
    case 'StaticBlock':
      for (const statement of node.body) addDeclared(statement, into)
      break
  }
}

/** What a statement declares in the block that it stands in. */
function addDeclared(statement: AnyNode, into: Set<string>): void {
  if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') {
    if (statement.declaration) addDeclared(statement.declaration, into)
  } else if (statement.type === 'VariableDeclaration') {
    for (const { id } of statement.declarations) addPattern(id, into)
  } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
    if (statement.id) into.add(statement.id.name)
  }
}

/** `var` belongs to the function around it, however deep it stands. */
function addVars(node: AnyNode, into: Set<string>): void {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') addDeclared(node, into)
  for (const child of childrenOf(node)) if (!isFunction(child)) addVars(child, into)
}

export const isFunction = (node: AnyNode): boolean =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'

function addPattern(pattern: Pattern, into: Set<string>): void {
  switch (pattern.type) {
    case 'Identifier':
      into.add(pattern.name)
      break
    case 'ObjectPattern':
      for (const property of pattern.properties)
        addPattern(property.type === 'RestElement' ? property.argument : property.value, into)
      break
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) addPattern(element, into)
      break
    case 'RestElement':
      addPattern(pattern.argument, into)
      break
    case 'AssignmentPattern':
      addPattern(pattern.left, into)
      break
  }
}
