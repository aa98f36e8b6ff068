/**
 * Finds what is not portable in the text of a file. A run must be a function of its plan: the same on every machine, at any
 * time, and again after a restart. Much of it is refused while a job runs, too; here it is found before, and with its place.
 *
 * What runs once, when the file is loaded, may wait and may read texts of times: that is how data gets in.
 */
import type { AnyNode, Class, Identifier, MemberExpression } from 'acorn'
import { isFunction, NamesInScope } from './names-in-scope.ts'
import {
  type Fault,
  faultOf,
  faultOfMethod,
  MATH,
  PORTABILITY_RULES,
  type PortabilityRule,
} from './portability-rules.ts'
import { type SyntaxTree, walk } from './syntax-tree.ts'

export interface PortabilityFinding {
  readonly line: number
  readonly column: number
  readonly rule: PortabilityRule
  /** 'Math.random is another one in every run' */
  readonly what: string
  readonly instead: string
}

/** In the order of the text. */
export function portabilityFindings(tree: SyntaxTree): PortabilityFinding[] {
  return new Inspection(tree).findings()
}

type Above = readonly AnyNode[]

/** Calls that hand their function nothing but what is there: at the top of a file they belong to its loading. */
const AT_ONCE = new Set(
  'map flatMap filter forEach reduce some every find findIndex sort toSorted from all allSettled'.split(' '),
)
/** Of these, those that a stream has not. */
const OF_ARRAYS = new Set('forEach reduce some every find findIndex sort toSorted'.split(' '))
const IN_ORDER = new Set(['sort', 'toSorted'])
const CHANGES = new Set('set add delete clear push pop shift unshift splice sort reverse fill copyWithin'.split(' '))
const GLOBAL_OBJECTS = new Set(['globalThis', 'global', 'self', 'window'])
const READERS = new Set(['keys', 'values', 'entries', 'forEach'])

class Inspection {
  readonly #tree: SyntaxTree
  readonly #names: NamesInScope
  readonly #found = new Map<string, PortabilityFinding>()
  /** Asynchronous functions on the top level, by name. */
  readonly #asynchronous = new Map<string, AnyNode>()
  /** Names of collections on the top level and in functions that build scenarios. */
  readonly #collections = new Set<string>()

  constructor(tree: SyntaxTree) {
    this.#tree = tree
    this.#names = new NamesInScope(tree.root)
  }

  findings(): PortabilityFinding[] {
    const { root } = this.#tree
    walk(root, (node, above) => this.#remember(node, above))
    walk(root, (node, above) => this.#look(node, above))
    return [...this.#found.values()].sort((a, b) => a.line - b.line || a.column - b.column)
  }

  #report(node: AnyNode, name: string, { rule, why }: Fault): void {
    const { line, column } = this.#tree.placeOf(node)
    const key = `${line}:${column}:${rule}`
    if (this.#found.has(key)) return
    this.#found.set(key, { line, column, rule, what: `${name} ${why}`, instead: PORTABILITY_RULES[rule] })
  }

  /** What the top level declares, and what the function that builds a scenario does, before anything uses it. */
  #remember(node: AnyNode, above: Above): void {
    const isTop = !above.some(isFunction)
    if (!isTop && !above.every((at, i) => !isFunction(at) || isBuilder(at, above[i - 1]))) return
    if (isTop && node.type === 'FunctionDeclaration' && node.async && node.id)
      this.#asynchronous.set(node.id.name, node)
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return
    const { name } = node.id
    if (isTop && isFunction(node.init) && 'async' in node.init && node.init.async)
      this.#asynchronous.set(name, node.init)
    if (isCollection(node.init)) this.#collections.add(name)
  }

  #look(node: AnyNode, above: Above): void {
    switch (node.type) {
      case 'Identifier':
        if (isReference(node, above)) this.#reference(node, above)
        break
      case 'MemberExpression':
        this.#member(node, above)
        break
      case 'BinaryExpression':
        if (node.operator === '**') this.#report(node, '**', MATH)
        break
      case 'AssignmentExpression':
        if (node.operator === '**=') this.#report(node, '**=', MATH)
        this.#assigned(node.left, above)
        break
      case 'UpdateExpression':
        this.#assigned(node.argument, above)
        break
      case 'ForInStatement':
        this.#report(node, 'for … in', {
          rule: 'order',
          why: 'goes by how the object came to be, and over what it inherits',
        })
        break
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        if (node.async) this.#asyncFunction(node, above)
        break
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#fields(node)
        break
    }
  }

  // names

  #reference(node: Identifier, above: Above): void {
    const { name } = node
    const meaning = this.#names.meaningOf(name, above)
    if (meaning.kind === 'module') {
      const made = this.#asynchronous.get(name)
      if (made !== undefined && !(isCalled(node, above) && isLoading(above))) this.#reportAsync(made, `${name}()`)
      return
    }
    if (meaning.kind === 'local') return
    const parts =
      meaning.kind === 'global'
        ? [name]
        : [asNode(meaning.from), ...(meaning.imported === '*' ? [] : [meaning.imported])]
    this.#used(node, parts, above)
  }

  /** A name, and the members that are taken from it. */
  #used(node: AnyNode, from: readonly string[], above: Above): void {
    const parts = [...from]
    let outer = above.length - 1
    let whole: AnyNode = node
    for (; outer >= 0; outer -= 1) {
      const parent = above[outer]!
      const member = parent.type === 'MemberExpression' && parent.object === whole ? nameOf(parent) : null
      if (member === null) break
      parts.push(member)
      whole = parent
    }
    if (parts.length > 1 && GLOBAL_OBJECTS.has(parts[0]!)) parts.shift()
    const parent = above[outer]
    if (parts[0] === 'Date') {
      this.#date(node, parts, whole, parent, above)
      return
    }
    for (const taken of takenApart(whole, parent)) this.#named(node, [...parts, ...taken], above)
  }
  #named(node: AnyNode, parts: readonly string[], above: Above): void {
    const fault = faultOf(parts)
    if (fault !== null) {
      // what is loaded may wait
      if (fault.rule === 'async' && isLoading(above)) return
      this.#report(node, parts.slice(0, parts[0]!.startsWith('node:') ? 2 : parts.length).join('.'), fault)
    } else if (parts.length === 1 && parts[0] === 'Math')
      this.#report(node, 'Math by another name', { rule: 'math', why: 'hides which of its functions are used' })
  }

  #date(node: AnyNode, parts: readonly string[], whole: AnyNode, parent: AnyNode | undefined, above: Above): void {
    const made = parent?.type === 'NewExpression' && parent.callee === whole
    const called = parent?.type === 'CallExpression' && parent.callee === whole
    const now = faultOf(['Date', 'now'])!
    if (parts[1] === 'now') this.#report(node, 'Date.now', now)
    else if (parts.length === 1 && ((made && parent.arguments.length === 0) || called))
      this.#report(node, made ? 'new Date()' : 'Date()', now)
    else if (!isLoading(above))
      this.#report(node, parts.slice(0, 2).join('.'), {
        rule: 'clock',
        why: 'is refused while a job runs; count in milliseconds, and read texts of times at the top of the file',
      })
  }

  #member(node: MemberExpression, above: Above): void {
    const name = nameOf(node)
    const fault = name === null ? null : faultOfMethod(name)
    if (fault !== null) this.#report(node.property, name!, fault)
    if (name === null || !CHANGES.has(name) || node.object.type !== 'Identifier') return
    if (isCalled(node, above)) this.#changed(node.object, above)
  }

  // state outside of state

  #assigned(target: AnyNode, above: Above): void {
    if (target.type === 'Identifier') this.#shared(target, above)
    else if (target.type === 'MemberExpression' && target.object.type === 'Identifier')
      this.#changed(target.object, above)
  }
  /** A collection that is changed in place. */
  #changed(node: Identifier, above: Above): void {
    if (this.#collections.has(node.name)) this.#shared(node, above)
  }
  /** A name that is written to, if it outlives the attempt that writes it. */
  #shared(node: Identifier, above: Above): void {
    const meaning = this.#names.meaningOf(node.name, above)
    const owner =
      meaning.kind === 'module' && !isLoading(above)
        ? 'file'
        : meaning.kind === 'local' && isOfBuilder(above, meaning.place)
          ? 'scenario'
          : null
    if (owner === null) return
    this.#report(node, node.name, {
      rule: 'shared',
      why: `belongs to the ${owner}, not to an attempt of the job: no crash takes it back, and one run leaves it to the next`,
    })
  }

  // functions and classes

  #asyncFunction(node: AnyNode, above: Above): void {
    const parent = above.at(-1)
    // these are looked at where they are used
    if ([...this.#asynchronous.values()].includes(node)) return
    const calledAtOnce = parent?.type === 'CallExpression' && parent.callee === node
    if (isLoading(above) && (calledAtOnce || isAtOnce(node, parent))) return
    this.#reportAsync(node, 'an asynchronous function')
  }
  #reportAsync(node: AnyNode, name: string): void {
    this.#report(node, name, { rule: 'async', why: 'is done only when the event that called it is long over' })
  }

  /** Collections in fields, and where they are gone through. */
  #fields(node: Class): void {
    const collections = new Set<string>()
    walk(node.body, (at) => {
      if (at.type === 'PropertyDefinition' && at.value && isMapOrSet(at.value)) collections.add(keyOf(at.key))
      if (at.type === 'AssignmentExpression' && isMapOrSet(at.right)) {
        const field = fieldOf(at.left)
        if (field !== null) collections.add(field)
      }
    })
    if (collections.size === 0) return
    walk(node.body, (at, above) => {
      const field = fieldOf(at)
      if (field === null || !collections.has(field) || !isGoneThrough(at, above)) return
      this.#report(at, `this.${field}`, {
        rule: 'order',
        why: 'is gone through in the order in which things came, and after a restart they come in another',
      })
    })
  }
}

// what a node is

/** Whether an identifier stands for a value, and is not a name of something. */
function isReference(node: Identifier, above: Above): boolean {
  const parent = above.at(-1)
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed
    case 'Property':
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return parent.value === node || parent.computed
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'MetaProperty':
      return false
    case 'ExportSpecifier':
      return parent.local === node
    default:
      return true
  }
}

/** Whether the code runs once, when the file is loaded: on its top level, or in a function that is called there and then. */
function isLoading(above: Above): boolean {
  return above.every((node, i) => {
    if (!isFunction(node)) return true
    const parent = above[i - 1]
    return (parent?.type === 'CallExpression' && parent.callee === node) || isAtOnce(node, parent)
  })
}
/** `rows.map(FUNCTION)` */
const isAtOnce = (node: AnyNode, parent: AnyNode | undefined, calls = AT_ONCE): boolean =>
  parent?.type === 'CallExpression' &&
  parent.callee.type === 'MemberExpression' &&
  calls.has(nameOf(parent.callee) ?? '') &&
  parent.arguments.some((argument) => argument === node)

/** `scenario('name', FUNCTION)` */
const isBuilder = (node: AnyNode, parent: AnyNode | undefined): boolean =>
  parent?.type === 'CallExpression' &&
  parent.callee.type === 'Identifier' &&
  parent.callee.name === 'scenario' &&
  parent.arguments.some((argument) => argument === node)

/** Whether something declared at `place` belongs to a function that builds a scenario, and is used in one that the job is given. */
function isOfBuilder(above: Above, place: number): boolean {
  const owner = above.findLastIndex((node, i) => i <= place && isFunction(node))
  if (owner < 0 || !isBuilder(above[owner]!, above[owner - 1])) return false
  return above.some((node, i) => i > place && isFunction(node) && !isAtOnce(node, above[i - 1], OF_ARRAYS))
}

const isCalled = (node: AnyNode, above: Above): boolean => {
  const parent = above.at(-1)
  return parent?.type === 'CallExpression' && parent.callee === node
}

/** The name of a member, if the text says it. */
function nameOf({ property, computed }: MemberExpression): string | null {
  if (!computed) return property.type === 'Identifier' ? property.name : null
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : null
}

/** `const { log, sin: s } = Math` takes ['log'] and ['sin'] from it; otherwise a value is taken as it is. */
function takenApart(value: AnyNode, parent: AnyNode | undefined): (readonly string[])[] {
  const pattern =
    parent?.type === 'VariableDeclarator' && parent.init === value
      ? parent.id
      : parent?.type === 'AssignmentExpression' && parent.right === value
        ? parent.left
        : null
  if (pattern?.type !== 'ObjectPattern') return [[]]
  return pattern.properties.map((property) => (property.type === 'Property' ? [keyOf(property.key)] : []))
}

const keyOf = (key: AnyNode): string =>
  key.type === 'Identifier'
    ? key.name
    : key.type === 'PrivateIdentifier'
      ? `#${key.name}`
      : key.type === 'Literal'
        ? String(key.value)
        : ''

/** 'x' of `this.x` and '#x' of `this.#x`. */
function fieldOf(node: AnyNode): string | null {
  if (node.type !== 'MemberExpression' || node.object.type !== 'ThisExpression' || node.computed) return null
  return keyOf(node.property)
}

const isMapOrSet = (node: AnyNode): boolean =>
  node.type === 'NewExpression' && node.callee.type === 'Identifier' && /^(Map|Set)$/.test(node.callee.name)
const isCollection = (node: AnyNode): boolean =>
  isMapOrSet(node) || node.type === 'ArrayExpression' || node.type === 'ObjectExpression'

/** Whether a loop, a spread or an array is made of a collection, and not put in order right after. */
function isGoneThrough(node: AnyNode, above: Above): boolean {
  let at = node
  let i = above.length - 1
  const called = above[i - 1]
  const member = above[i]
  if (member?.type === 'MemberExpression' && member.object === node) {
    if (!READERS.has(nameOf(member) ?? '') || called?.type !== 'CallExpression' || called.callee !== member)
      return false
    if (nameOf(member) === 'forEach') return true
    at = called
    i -= 2
  }
  const user = above[i]
  if (user?.type === 'ForOfStatement') return user.right === at
  const made =
    user?.type === 'SpreadElement'
      ? above[i - 1]
      : user?.type === 'CallExpression' && user.callee.type === 'MemberExpression' && nameOf(user.callee) === 'from'
        ? user
        : undefined
  if (made === undefined) return false
  const next = above[above.indexOf(made) - 1]
  return !(next?.type === 'MemberExpression' && next.object === made && IN_ORDER.has(nameOf(next) ?? ''))
}

/** Modules of Node are the same with and without the scheme. */
const asNode = (specifier: string): string =>
  /^[a-z_]+(\/promises)?$/.test(specifier) ? `node:${specifier}` : specifier
