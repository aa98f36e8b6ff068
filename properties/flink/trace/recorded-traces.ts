import { suiteFiles } from '../../conformance/suite-file.ts'
import type { TraceCase } from '../../conformance/traces/judge-damages.ts'

/** The traces of the cluster that was measured, by name. */
export const recordedTraces = suiteFiles('properties/fixtures')
  .find(({ suite }) => suite === 'traces')!
  .cases() as readonly TraceCase[]

export const recordedTrace = (id: string): TraceCase => recordedTraces.find((trace) => trace.id === id)!
