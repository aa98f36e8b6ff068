import { setFlagsFromString } from 'node:v8'

/**
 * Lets V8 inline more into one function than it would by itself. The simulation is a loop over many small functions that all are
 * hot, and the engine's own budget is used up before the innermost. For the whole process, its worker threads too.
 */
export function inlineMore(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000')
}
