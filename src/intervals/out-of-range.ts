/**
 * Refusals: every model says where it holds, and throws outside instead of answering with a number that looks right.
 */

/** A model was asked outside its range. The message is one sentence: what was expected, what came, what to do. */
export class OutOfRange extends RangeError {
  override readonly name = 'OutOfRange'
  /** The model that refuses, e.g. `young-1974`. */
  readonly model: string

  constructor(model: string, sentence: string) {
    super(`${model}: ${sentence}`)
    this.model = model
  }
}

/** Throws unless the value is a finite number above zero. */
export function requirePositive(model: string, name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0))
    throw new OutOfRange(model, `${name} must be a finite number above 0, got ${value}`)
}

/** Throws unless the value is a finite number, zero or more. */
export function requireNotNegative(model: string, name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0))
    throw new OutOfRange(model, `${name} must be a finite number, 0 or more, got ${value}`)
}

/** Throws unless the value lies in [0, 1). */
export function requireShareBelowOne(model: string, name: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new OutOfRange(model, `${name} must lie in [0, 1), got ${value}`)
}

/** Throws unless the value lies in [0, 1]. */
export function requireProbability(model: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new OutOfRange(model, `${name} must lie in [0, 1], got ${value}`)
}
