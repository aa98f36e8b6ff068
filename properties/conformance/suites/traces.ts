import { conformTrace, traceOf } from '../../../src/flink/index.ts'
import type { Suite } from '../suite.ts'

/** A real cluster, step for step: each event must be one that our machines allow. See src/flink/trace/conform-trace.ts. */
export const traces: Suite = {
  name: 'traces',
  replay(line) {
    const { id, events } = line as { readonly id: string; readonly events: readonly unknown[] }
    const { refusal, steps } = conformTrace(traceOf(id, events))
    if (refusal === undefined) return { agreed: true, steps }
    const { event, problem, states, allowed } = refusal
    const message = `line ${refusal.line}: ${problem}; allowed: ${allowed.join(', ') || 'nothing'}`
    return { agreed: false, steps, disagreement: { event, message, states } }
  },
}
