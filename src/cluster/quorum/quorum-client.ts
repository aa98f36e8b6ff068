/**
 * A client of the quorum, in the process of whoever uses it. It sends each command until it is answered: to the node that it takes
 * for the leader, to the one that it is told of, else to the next. Commands carry the client's session and a sequence number, so
 * that sending one again does no harm.
 */
import { type Entity, type EntityId, fields, type KernelEvent, mix2, site } from '../../kernel/index.ts'
import { compiled, E } from '../../model/index.ts'
import type { CompiledChart } from '../../statechart/index.ts'
import { Q, R } from './messages.ts'
import { QUORUM_CLIENT_MESSAGES, quorumClientChart } from './quorum-client.chart.ts'
import type { QuorumContext } from './quorum-context.ts'
import { CLIENT_RETRY_LEAST, CLIENT_RETRY_SPREAD } from './quorum-timing.ts'

const RETRY = site('time until a client of the quorum asks again')
const MOST_PATIENT = 4

/** Hears what has become of an operation. */
export type QuorumAnswer = (operation: unknown, answer: unknown) => void

export class QuorumClient
  extends fields({
    st: 'int',
    session: 'int',
    sequence: 'int',
    /** The node that it takes for the leader. */
    leader: 'int',
    tries: 'int',
  })
  implements Entity
{
  readonly name: string
  id: EntityId = -1
  readonly #context: QuorumContext
  readonly #chart: CompiledChart<QuorumClient>
  readonly #deliver: QuorumAnswer
  /** What has no answer yet: which try it is, where that went, and when the next one is due, by command. */
  readonly #waiting = new Map<number, { tries: number; node: number; timer: number }>()
  /** @param deliver hands an answer on to who has asked, by a message within the process */
  constructor(context: QuorumContext, name: string, deliver: QuorumAnswer) {
    super()
    this.name = name
    this.#context = context
    this.#deliver = deliver
    this.#chart = compiled(quorumClientChart, context.mutation)
  }
  receive(code: number, event: KernelEvent): void {
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `${this.name}: ${QUORUM_CLIENT_MESSAGES[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  /** Makes an operation a command of this session. @returns its number: for CALL */
  command(operation: unknown): number {
    const { commands } = this.#context
    this.sequence += 1
    commands.push({ client: this.id, session: this.session, sequence: this.sequence, operation })
    return commands.length - 1
  }

  waitsFor(e: KernelEvent): boolean {
    return this.#waiting.has(e.a)
  }
  stillWaits(e: KernelEvent): boolean {
    return this.#waiting.get(e.a)?.tries === e.b
  }
  begin(e: KernelEvent): void {
    this.abandon(e)
    this.session = e.a
    this.sequence = 0
    this.tries = 0
  }
  abandon(_e: KernelEvent): void {
    for (const command of this.#waiting.keys()) this.#context.ghosts.commandAbandoned(command)
    this.#waiting.clear()
  }
  submit(e: KernelEvent): void {
    const { ghosts, nodes, commands } = this.#context
    ghosts.commandSent(e.ref, nodes[0]!.machine.reads(commands[e.ref]!.operation))
    this.#waiting.set(e.ref, { tries: 0, node: this.leader, timer: -1 })
    this.#send(e.ref)
  }
  #send(command: number): void {
    const { kernel, plan } = this.#context
    const waiting = this.#waiting.get(command)!
    waiting.tries += 1
    this.tries += 1
    this.#context.fromClient(E.command, this.id, waiting.node, R.SUBMIT, command, this.tries, command)
    const unit = plan.timing.unitUs
    const patience = CLIENT_RETRY_LEAST * Math.min(waiting.tries, MOST_PATIENT)
    const jitter = kernel.decide(RETRY, mix2(command, waiting.tries), CLIENT_RETRY_SPREAD * unit)
    waiting.timer = kernel.schedule(patience * unit + jitter, this.id, Q.RETRY, command, waiting.tries)
  }
  tryAgain(e: KernelEvent): void {
    const waiting = this.#waiting.get(e.a)!
    waiting.node = (waiting.node + 1) % this.#context.nodes.length
    this.#send(e.a)
  }
  tryElsewhere(e: KernelEvent): void {
    const waiting = this.#waiting.get(e.a)!
    if (e.b < 0 || e.b === waiting.node) return
    waiting.node = e.b
    this.#send(e.a)
  }
  deliver(e: KernelEvent): void {
    const { kernel, commands, ghosts, mail } = this.#context
    const { node, timer } = this.#waiting.get(e.a)!
    this.leader = node
    kernel.cancel(timer)
    this.#waiting.delete(e.a)
    ghosts.commandAnswered(e.a, e.b)
    this.#deliver(commands[e.a]!.operation, mail[e.ref])
  }
}
