import { EXIT } from './exit-codes.ts'

let controller: AbortController | undefined

/**
 * A signal that Ctrl-C (or a polite kill) aborts, so that a long command can end with what it has so far. Before the first
 * call these end the process as usual; from then on the first one aborts, and the second ends the process at once.
 */
export function interruption(): AbortSignal {
  controller ??= listen(new AbortController())
  return controller.signal
}

function listen(toAbort: AbortController): AbortController {
  const onSignal = () => {
    if (toAbort.signal.aborted) process.exit(EXIT.INCONCLUSIVE)
    toAbort.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return toAbort
}
