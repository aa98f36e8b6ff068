/**
 * The job as it was written, and the job graph that it amounts to.
 *
 * ```
 *   source ─ map ─ filter ──keyBy── process ─ map ──┬── sink          as written: transformations
 *                                                   └── sink
 *   [source map filter] ──key──> [process map] ──forward──> [sink]    as run: vertices and edges
 *                                              ──forward──> [sink]
 * ```
 *
 * A stateless step is chained to what stands before it if nobody else reads that, no partitioner comes between, and both
 * have the same parallelism; otherwise it is a vertex of its own. Vertices depend on the parallelism that the job declares,
 * not on what a plan replaces it with, so that a plan can change the parallelism and the names stay.
 */
import type { ChainedStep } from './functions.ts'
import { integerIn, inWords, isPromise, JobError } from './job-error.ts'
import type { EdgeSpec, VertexSpec } from './job-graph.ts'
import { loopHeads } from './loop-heads.ts'
import type { Operator, OperatorContext } from './operator.ts'
import type { Body, Input, UserFactory } from './transformation.ts'
import { Transformation } from './transformation.ts'

/** What has to follow a method that adds no operator itself. */
const NEXT: Readonly<Record<string, string>> = {
  keyBy: 'process or window',
  window: 'reduce, aggregate or process',
  countWindow: 'reduce, aggregate or process',
  windowAll: 'reduce, aggregate or process',
  countWindowAll: 'reduce, aggregate or process',
  join: 'where, equalTo, window and apply',
  coGroup: 'where, equalTo, window and apply',
}

interface Vertex {
  readonly uid: string
  readonly head: Transformation
  readonly parallelism: number
  readonly chain: ChainedStep[]
}

export class Topology {
  readonly #transformations: Transformation[] = []
  /** keyBy, rebalance and forward that nothing has followed yet, and where they were written. */
  readonly #open = new Map<Input, { readonly method: string; readonly written: Error }>()
  readonly #probed = new Set<Transformation>()

  /** Adds a transformation. */
  add(label: string, body: Body, inputs: readonly (readonly Input[])[] = []): Transformation {
    const added = new Transformation(label, body, inputs)
    this.#transformations.push(added)
    for (const input of inputs.flat()) this.#open.delete(input)
    return added
  }

  /**
   * Closes the loop that `head` begins.
   * @throws JobError if what comes round does not come from the loop
   */
  closeLoop(head: Transformation, feedback: readonly Input[]): void {
    for (const input of feedback) {
      if (!comesFrom(input.from, head))
        throw new JobError(
          'closeWith takes a stream that comes from the iteration itself: what does not is an input of the loop, so unite it with the stream before iterate()',
        )
      this.#open.delete(input)
    }
    head.feedback.push(...feedback)
  }

  /** Notes that inputs were described by `method`, so that they are missed if nothing comes to read them. */
  expectReader(inputs: readonly Input[], method: string): readonly Input[] {
    const written = new Error()
    for (const input of inputs) this.#open.set(input, { method, written })
    return inputs
  }

  /**
   * The vertices, in the order in which they were written, and the edges.
   * @param parallelismOf replaces the parallelism of vertices, by uid
   * @throws JobError if the job cannot be run
   */
  build(
    defaultParallelism: number,
    parallelismOf: Readonly<Record<string, number>>,
  ): { vertices: readonly VertexSpec[]; edges: readonly EdgeSpec[] } {
    const uids = this.#uids()
    this.#checkEnds(uids)
    for (const transformation of this.#transformations) this.#probe(transformation, uids.get(transformation)!)
    const vertices = this.#vertices(uids, defaultParallelism, parallelismOf)
    const specs = [...new Set(vertices.values())]
    const edges = uniquelyNamed([
      ...specs.flatMap((to) =>
        to.head.inputs.flatMap((union, input) =>
          union.map((from) => edgeSpec(specs, vertices.get(from.from)!, to, from, input)),
        ),
      ),
      // what closes a loop comes last, so that it comes last among the inputs and outputs of every subtask
      ...specs.flatMap((to) =>
        to.head.feedback.map((from): EdgeSpec => {
          return { ...edgeSpec(specs, vertices.get(from.from)!, to, from, 0), feedback: true }
        }),
      ),
    ])
    checkLoops(specs, edges)
    return { vertices: specs.map(vertexSpec), edges }
  }

  /** A name for everything: what the user gave, or the kind and a number. */
  #uids(): Map<Transformation, string> {
    const uids = new Map<Transformation, string>()
    const taken = new Set<string>()
    for (const transformation of this.#transformations) {
      const given = transformation.uid ?? transformation.name
      if (given === undefined) continue
      if (taken.has(given))
        throw new JobError(`two operators have the uid '${given}': give each one of its own`, transformation.written)
      taken.add(given)
      uids.set(transformation, given)
    }
    for (const transformation of this.#transformations) {
      if (uids.has(transformation)) continue
      let uid = transformation.label
      for (let n = 2; taken.has(uid); n += 1) uid = `${transformation.label}-${n}`
      taken.add(uid)
      uids.set(transformation, uid)
    }
    return uids
  }

  #checkEnds(uids: ReadonlyMap<Transformation, string>): void {
    if (this.#transformations.length === 0) throw new JobError('the job has no source: begin with env.fromSource(...)')
    for (const [reader, uid] of uids)
      if (inputsOf(reader).some(({ from }) => !uids.has(from)))
        throw new JobError(
          `'${uid}' reads a stream of another environment: let all streams of the job begin at one env, the one that scenario() hands over`,
          reader.written,
        )
    for (const [input, { method, written }] of this.#open) {
      const next = NEXT[method] ?? 'an operator or a sink'
      throw new JobError(
        `${method} after '${uids.get(input.from)}' leads nowhere: let ${next} follow, or take it out`,
        written,
      )
    }
    const logs = new Set<string>()
    for (const transformation of this.#transformations) {
      if (transformation.body.kind === 'iteration' && transformation.feedback.length === 0)
        throw new JobError(
          `the loop that begins at '${uids.get(transformation)}' is never closed: say what comes round with closeWith(...)`,
          transformation.written,
        )
      if (transformation.body.kind !== 'sink') {
        if (this.#readers(transformation) > 0) continue
        throw new JobError(
          `the stream of '${uids.get(transformation)}' has no sink: end it with sinkTo(...)`,
          transformation.written,
        )
      }
      const { sink } = transformation.body
      // the name of a user's sink says nothing about what it writes to
      if (sink.kind === 'own' && sink.shows.kind !== 'upserts') continue
      const { log } = sink
      if (logs.has(log))
        throw new JobError(`two sinks write to the log '${log}': give each a log of its own`, transformation.written)
      logs.add(log)
    }
  }

  #readers(of: Transformation): number {
    return this.#transformations.filter((reader) => inputsOf(reader).some((input) => input.from === of)).length
  }

  /** Whether `reader` alone reads the main output of what it stands behind. */
  #readsAlone(reader: Transformation, input: Input): boolean {
    return this.#transformations.every(
      (other) => other === reader || inputsOf(other).every(({ from, tag }) => from !== input.from || tag !== undefined),
    )
  }

  /** Calls the factory of a process function, once in the life of the job, to refuse what could not be run. */
  #probe(transformation: Transformation, uid: string): void {
    if (transformation.body.kind !== 'operator' || this.#probed.has(transformation)) return
    const { user } = transformation.body
    if (user === undefined) return
    const { written } = transformation
    const made = instance(user, uid, written)
    if (made === instance(user, uid, written)) {
      throw new JobError(
        `the factory of '${uid}' returns the same object twice: every attempt needs a fresh one, write process(() => new …())`,
        written,
      )
    }
    this.#probed.add(transformation)
  }

  #vertices(
    uids: ReadonlyMap<Transformation, string>,
    defaultParallelism: number,
    parallelismOf: Readonly<Record<string, number>>,
  ): Map<Transformation, Vertex> {
    const vertices = new Map<Transformation, Vertex>()
    // the head of a loop has the parallelism of what it reads. Flink: FeedbackTransformation
    const declared = (transformation: Transformation): number =>
      transformation.parallelism ??
      (transformation.body.kind === 'iteration' ? declared(transformation.inputs[0]![0]!.from) : defaultParallelism)
    for (const transformation of this.#transformations) {
      const uid = uids.get(transformation)!
      const { body, inputs } = transformation
      const step = body.kind === 'step' ? body.make(uid) : undefined
      const [input, ...more] = inputs.flat()
      const chains =
        step !== undefined &&
        input !== undefined &&
        more.length === 0 &&
        input.tag === undefined &&
        (input.partitioner ?? 'forward') === 'forward' &&
        declared(input.from) === declared(transformation) &&
        this.#readsAlone(transformation, input)
      if (chains) {
        const vertex = vertices.get(input.from)!
        vertex.chain.push(step)
        vertices.set(transformation, vertex)
      } else {
        const parallelism = parallelismOf[uid] ?? declared(transformation)
        vertices.set(transformation, { uid, head: transformation, parallelism, chain: step ? [step] : [] })
      }
    }
    checkReplaced(vertices, uids, parallelismOf)
    return vertices
  }
}

/** All that a transformation reads. */
const inputsOf = ({ inputs, feedback }: Transformation): readonly Input[] => [...inputs.flat(), ...feedback]

/** Whether records of `head` can come to `from` without going round. */
const comesFrom = (from: Transformation, head: Transformation): boolean =>
  from === head || from.inputs.flat().some((input) => comesFrom(input.from, head))

/** @throws JobError if loops lie within one another or cross: when a loop is over, is told for one that stands alone */
function checkLoops(vertices: readonly Vertex[], edges: readonly EdgeSpec[]): void {
  const heads = loopHeads(vertices.length, edges)
  for (const { to, feedback } of edges) {
    if (feedback !== true || heads[to] === to) continue
    const [inner, outer] = [vertices[to]!, vertices[heads[to]!]!]
    throw new JobError(
      `the loops that begin at '${outer.uid}' and '${inner.uid}' have a circle in common: make one loop of them`,
      inner.head.written,
    )
  }
}

function checkReplaced(
  vertices: ReadonlyMap<Transformation, Vertex>,
  uids: ReadonlyMap<Transformation, string>,
  parallelismOf: Readonly<Record<string, number>>,
): void {
  const names = [...new Set(vertices.values())].map((vertex) => vertex.uid)
  for (const [uid, parallelism] of Object.entries(parallelismOf)) {
    integerIn(parallelism, `the parallelism of '${uid}'`, 1)
    if (names.includes(uid)) continue
    for (const [transformation, vertex] of vertices) {
      if (uids.get(transformation) !== uid) continue
      throw new JobError(
        `'${uid}' is chained to '${vertex.uid}' and has no parallelism of its own: set that of '${vertex.uid}'`,
      )
    }
    throw new JobError(`the job has no operator '${uid}': its operators are ${names.join(', ')}`)
  }
}

function vertexSpec({ uid, head, parallelism, chain }: Vertex): VertexSpec {
  const { body } = head
  const common = { uid, parallelism, chain }
  switch (body.kind) {
    case 'source':
      return {
        ...common,
        kind: 'source',
        source: body.source,
        ...(body.watermarks === undefined ? {} : { watermarks: body.watermarks }),
      }
    case 'step':
    case 'iteration':
      return { ...common, kind: 'operator', operator: () => new PassThrough() }
    case 'operator':
      return { ...common, kind: 'operator', operator: body.operator }
    case 'sink':
      return { ...common, kind: 'sink', sink: body.sink }
  }
}

/** The head of a vertex that has stateless steps only, or of a loop. */
class PassThrough implements Operator {
  #context!: OperatorContext
  open(context: OperatorContext): void {
    this.#context = context
  }
  processElement(value: unknown): void {
    this.#context.emit(value, this.#context.timestampMs())
  }
}

function edgeSpec(vertices: readonly Vertex[], from: Vertex, to: Vertex, by: Input, input: number): EdgeSpec {
  const { partitioner, keyOf, keyType, tag } = by
  const equal = from.parallelism === to.parallelism
  if (partitioner === 'forward' && !equal) {
    throw new JobError(
      `forward from '${from.uid}' to '${to.uid}' needs equal parallelism, but it is ${from.parallelism} and ${to.parallelism}: make them equal or use rebalance()`,
      to.head.written,
    )
  }
  return {
    name: `${from.uid}->${to.uid}`,
    from: vertices.indexOf(from),
    to: vertices.indexOf(to),
    input,
    partitioner: partitioner ?? (equal ? 'forward' : 'rebalance'),
    ...(tag === undefined ? {} : { tag }),
    ...(keyOf === undefined ? {} : { keyOf }),
    ...(keyType === undefined ? {} : { keyType }),
  }
}

/** Edges between the same two vertices get a number. */
function uniquelyNamed(edges: readonly EdgeSpec[]): readonly EdgeSpec[] {
  const taken = new Set<string>()
  return edges.map((edge) => {
    let { name } = edge
    for (let n = 2; taken.has(name); n += 1) name = `${edge.name}#${n}`
    taken.add(name)
    return name === edge.name ? edge : { ...edge, name }
  })
}

function instance({ factory, methods }: UserFactory, uid: string, written: Error): unknown {
  let made: unknown
  try {
    made = factory()
  } catch (error) {
    throw new JobError(
      `the factory of '${uid}' threw: ${error instanceof Error ? error.message : inWords(error)}`,
      error instanceof Error ? error : written,
    )
  }
  if (isPromise(made)) {
    throw new JobError(
      `the factory of '${uid}' returned a promise: user code is synchronous, so make it a plain function that returns the process function`,
      written,
    )
  }
  for (const method of methods)
    if (typeof (made as Record<string, unknown> | undefined | null)?.[method] !== 'function')
      throw new JobError(
        `the factory of '${uid}' must return an object with a method ${method}, but returned ${inWords(made)}`,
        written,
      )
  return made
}
