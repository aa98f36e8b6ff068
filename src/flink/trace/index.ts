export { conformTrace, type TraceEnd, type TraceRefusal, type TraceReport } from './conform-trace.ts'
export type { CheckpointMode, TracedSettings } from './infer-settings.ts'
export { readTrace, traceOf, UnreadableTrace } from './read-trace.ts'
export { type TraceEvent, traceEventSchema } from './trace-event.ts'
