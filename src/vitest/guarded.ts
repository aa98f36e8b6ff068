/**
 * Cuts off what does not return. The simulator runs user code, which may loop for ever; vitest's timeout cannot end a loop
 * (its timer never gets its turn), and the whole worker would hang. Node can, for what is called from a script with a time
 * limit.
 */
import { url as inspectorUrl } from 'node:inspector'
import { createContext, Script } from 'node:vm'
import { rememberGlobals } from '../check/index.ts'

/** The work has not returned in time, and was ended in its middle. */
export class CutOff extends Error {
  /** How long it was waited for. */
  readonly afterMs: number
  constructor(afterMs: number) {
    super(`it has not returned for ${afterMs} ms`)
    this.name = 'CutOff'
    this.afterMs = afterMs
  }
}

/** The longest patience that Node takes. */
const LONGEST_MS = 4_294_967_295

const desk: { work: () => unknown } = { work: () => undefined }
const context = createContext(desk)
const script = new Script('work()', { filename: 'cutline-guarded' })

/**
 * Does the work, which must not call this again. Whoever debugs it is not hurried.
 * @param patienceMs how long it may take
 * @throws CutOff if it takes longer; whatever the work throws
 */
export function guarded<T>(work: () => T, patienceMs: number): T {
  const restore = rememberGlobals()
  const timeout = Math.min(Math.max(1, Math.ceil(patienceMs)), LONGEST_MS)
  try {
    if (inspectorUrl() !== undefined) return work()
    desk.work = work
    // without displayErrors, Node leaves the stack of what is thrown as it is
    return script.runInContext(context, { timeout, displayErrors: false }) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new CutOff(timeout)
    throw error
  } finally {
    // what is cut off cleans nothing up, and the stubs of the simulator would stay
    restore()
  }
}
