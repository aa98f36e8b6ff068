import type { ChannelStateHost } from '../../model/index.ts'

/** What is in flight is not traced: it is written down, and that is all. */
export const inFlightData: ChannelStateHost = {
  start() {},
  persistInputs() {},
  finishInputs() {},
  finishOutputs() {},
  takeResult() {},
  abort() {},
  armOutputTimer() {},
  disarmOutputTimer() {},
  timeOutOutputs() {},
  abortOutputs() {},
}
