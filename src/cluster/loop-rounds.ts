/**
 * When a loop of a bounded job is over, as one of its subtasks takes part in finding out. (Flink stops waiting after a span of
 * time: iterations there end by a timeout.)
 *
 * ```
 *   all that the head reads besides the loop has ended:
 *   head  --token 0-->  body  --token 0-->  back to the head  --token 1-->  ...          behind the records, on every channel
 * ```
 *
 * A token tells how many rounds have been quiet in a row, wherever it has come from. A subtask sends the token of a round on once
 * it has that token on all its channels of the loop, and all its other inputs have ended; what it tells is the least that it was
 * told, or 0 if it has itself sent a record into the loop since its last token. The head adds 1, since a round is over.
 *
 * The loop is over for a subtask of the head when it is told of a quiet round on all its feedback edges. Channels are FIFO, so the
 * tokens of a round make a cut that no record crosses but on a feedback edge, where it was sent since the token before; a round in
 * which nobody sends has nothing that crosses: the loop is empty then, and stays empty, since all other inputs have ended. (One
 * that emits on its own, by a timer in processing time, may do so after that.) Each edge leads from every subtask to its like or
 * to all, so that what is told on the feedback edges of a subtask is about all who can send to it.
 */
import { cells, fields } from '../kernel/index.ts'

/** A token of the round is still missing. */
export const MISSING = -1
/** For a head: nothing goes round any more. */
export const OVER = -2
/** Quiet rounds after which a loop is over. */
const QUIET = 1
/** Rounds that can be under way at once: a subtask is at most two ahead of those whose tokens it waits for. */
const ROUNDS = 4

export class LoopRounds extends fields({
  /** By input: tokens that have come on it. */
  came: cells('inputs'),
  /** By round, modulo 4: tokens that have come, and the least that they tell. */
  tokens: cells(ROUNDS),
  least: cells(ROUNDS),
  /** Tokens that have been sent. */
  sent: 'int',
  /** 1: a record has been sent into the loop since the last of them. */
  busy: 'int',
}) {
  readonly #isHead: boolean
  /** Inputs on which tokens come. */
  readonly #awaited: number

  /**
   * @param inputs inputs of the subtask
   * @param awaited those on which tokens come: of a head its feedback edges, else all channels of the loop
   */
  constructor(inputs: number, awaited: number, isHead: boolean) {
    super({ inputs })
    this.#awaited = awaited
    this.#isHead = isHead
  }
  reset(): void {
    this.came.fill(0)
    this.tokens.fill(0)
    this.sent = 0
    this.busy = 0
  }
  recordSent(): void {
    this.busy = 1
  }
  /** @param quiet what the token tells */
  arrived(input: number, quiet: number): void {
    const round = this.came.at(input)
    if (round >= this.sent + ROUNDS - 1)
      throw new Error(`input ${input}: token ${round} of a loop has come although only ${this.sent} were sent on`)
    this.came.set(input, round + 1)
    const at = round % ROUNDS
    const before = this.tokens.at(at)
    this.tokens.set(at, before + 1)
    this.least.set(at, before === 0 ? quiet : Math.min(quiet, this.least.at(at)))
  }
  /** What the token tells that is to be sent now, on all channels of the loop; or MISSING, or OVER. */
  next(): number {
    const first = this.#isHead && this.sent === 0
    const at = (this.#isHead ? this.sent + ROUNDS - 1 : this.sent) % ROUNDS
    if (!first && this.tokens.at(at) < this.#awaited) return MISSING
    const told = first ? MISSING : this.least.at(at)
    if (this.#isHead && told >= QUIET) return OVER
    const quiet = this.busy === 1 ? 0 : told + (this.#isHead ? 1 : 0)
    this.tokens.set(at, 0)
    this.busy = 0
    this.sent += 1
    return quiet
  }
}
