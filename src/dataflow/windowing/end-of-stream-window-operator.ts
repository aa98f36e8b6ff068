import { WindowOperator } from './window-operator.ts'

/**
 * The window operator of a keyed stream in global windows that fire when the input has ended: before that it is silent, and
 * holds back watermarks and idleness as well. Flink: an operator with the attribute isOutputOnlyAfterEndOfStream.
 */
export class EndOfStreamWindowOperator extends WindowOperator {
  processWatermark(timestampMs: number): void {
    if (timestampMs === Number.POSITIVE_INFINITY) this.context.emitWatermark(timestampMs)
  }
  processStatus(): void {}
}
