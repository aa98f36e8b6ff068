/**
 * The clock and the event loop as they are, also while a test has put fake ones in their place: a check must end, whatever
 * `vi.useFakeTimers()` has done.
 */
const monotonic = performance.now.bind(performance)
const { setImmediate } = globalThis

/** Milliseconds that only ever rise. */
export const nowMs = (): number => monotonic()

/** Milliseconds since 1970, as vitest notes when a test began. */
export const epochMs: () => number = Date.now

/** Lets vitest do its work: without it no message reaches the terminal while a check goes on. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
