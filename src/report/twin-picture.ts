/** The pictures of a twin: the recovery to expect, and the anatomy of its checkpoints. */
import type { TwinReport } from '../flink/index.ts'
import { durationText } from '../intervals/index.ts'
import { checkpointAnatomy } from './checkpoint-anatomy.ts'
import { type Panel, panelsSvg } from './panel.ts'
import { recoveryTimeline, type TimelineInput } from './recovery-timeline.ts'

/** The recovery to draw: of the failure asked for, or of one in the middle of an interval; null if none can be predicted. */
export function timelineOf({ prediction, inferred }: TwinReport): TimelineInput | null {
  const { atFailure, recoveryMs, sight } = prediction
  const seen = { normalLagMs: sight.normalLagMs, recoveredLagMs: sight.recoveredLagMs }
  if (atFailure !== undefined) {
    if (atFailure.recoveryMs === null) return null
    const kind = atFailure.kind === 'exception' ? 'an exception' : 'a TaskManager killed'
    const { downtimeMs, replayMs, low80, high80 } = atFailure
    return {
      downtimeMs,
      replayMs,
      recoveryMs: atFailure.recoveryMs,
      low80,
      high80,
      ...seen,
      explanation: `${kind} at ${timeText(atFailure.failureAtMs)}`,
    }
  }
  const { downtimeMs, checkpointIntervalMs, checkpointLatencyMs } = inferred
  if (recoveryMs.p50 === null || downtimeMs.value === null) return null
  return {
    downtimeMs: downtimeMs.value,
    replayMs: (checkpointLatencyMs.value ?? 0) + (checkpointIntervalMs.value ?? 0) / 2,
    recoveryMs: recoveryMs.p50,
    low80: null,
    high80: null,
    ...seen,
    explanation:
      `an exception in the middle of an interval; 99 of 100 recover within ` +
      (recoveryMs.p99 === null ? 'no bound' : durationText(recoveryMs.p99)),
  }
}

const timeText = (epochMs: number): string => `${new Date(epochMs).toISOString().replace('T', ' ').slice(0, 19)} UTC`

/** Both pictures in one SVG, readable in light and dark; null if the dump supports neither. */
export function twinPictureSvg(report: TwinReport): string | null {
  const timeline = timelineOf(report)
  const panels: (Panel | null)[] = [
    timeline === null ? null : recoveryTimeline(timeline),
    checkpointAnatomy(report.anatomy),
  ]
  const drawn = panels.filter((panel) => panel !== null)
  return drawn.length === 0 ? null : panelsSvg(`Recovery and checkpoints of ${report.job.name ?? 'a Flink job'}`, drawn)
}
