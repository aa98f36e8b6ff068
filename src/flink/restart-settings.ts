/** How the job restarts and how failures are seen, from the configuration that a dump holds. */
import { flinkDurationMs } from './flink-duration.ts'
import type { JobDump } from './job-dump.ts'

export interface RestartSettings {
  readonly kind: 'none' | 'fixed-delay' | 'failure-rate' | 'exponential-delay'
  /** Pause before the first restart, ms; each further one of the same failure multiplies it, up to `maxDelayMs`. */
  readonly delayMs: number
  readonly multiplier: number
  readonly maxDelayMs: number
  /** Restarts before the job fails for good (of failure-rate: within its interval); Infinity if there is no limit. */
  readonly attempts: number
  /** Where it came from, for people. */
  readonly from: string
}

/** The setting of the cluster by the first of these keys that is set; undefined if none is. */
export function clusterSetting({ jobManagerConfig }: JobDump, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const entry = jobManagerConfig?.find((setting) => setting.key === key)
    if (entry !== undefined) return entry.value
  }
  return undefined
}

/** A duration setting of the cluster, ms, or its default. */
export function clusterDurationMs(dump: JobDump, defaultMs: number, ...keys: readonly string[]): number {
  const text = clusterSetting(dump, ...keys)
  return (text === undefined ? null : flinkDurationMs(text)) ?? defaultMs
}

const KINDS: readonly (readonly [RegExp, RestartSettings['kind']])[] = [
  [/exponential/i, 'exponential-delay'],
  [/failure.?rate/i, 'failure-rate'],
  [/fixed.?delay/i, 'fixed-delay'],
  [/deactivated|^(none|off|disable)$/i, 'none'],
]
const kindIn = (text: string): RestartSettings['kind'] | undefined => KINDS.find(([pattern]) => pattern.test(text))?.[1]

/** The durations of a sentence such as 'Restart with fixed delay (PT1S). #10000 restart attempts.', ms. */
const durationsIn = (text: string): number[] =>
  (text.match(/PT?(?:[\d.]+[DHMS])+|\d+ ?ms/g) ?? []).flatMap((part) => flinkDurationMs(part) ?? [])

/**
 * The restart strategy of the job. Defaults by Flink 2.3 RestartStrategyOptions: exponential-delay from 1 s to 1 min, times
 * 1.5, where checkpointing is on (fixed-delay without end before 1.19), none otherwise.
 */
export function restartSettings(dump: JobDump): RestartSettings {
  const ofJob = dump.jobConfig?.['execution-config']?.['restart-strategy'] ?? ''
  const inJob = kindIn(ofJob)
  if (inJob !== undefined) {
    const durations = durationsIn(ofJob)
    const delayMs = (inJob === 'failure-rate' ? durations.at(-1) : durations[0]) ?? 1000
    const attempts = Number(/#(\d+)|maximum of (\d+)/.exec(ofJob)?.slice(1).find(Boolean) ?? Number.POSITIVE_INFINITY)
    return settingsOf(inJob, delayMs, attempts, dump, `the job's configuration: ${ofJob}`)
  }
  const named = clusterSetting(dump, 'restart-strategy.type', 'restart-strategy')
  const kind = (named === undefined ? undefined : kindIn(named)) ?? 'exponential-delay'
  const delayMs = clusterDurationMs(
    dump,
    1000,
    `restart-strategy.${kind}.delay`,
    `restart-strategy.${kind}.initial-backoff`,
  )
  const limit = clusterSetting(
    dump,
    `restart-strategy.${kind}.attempts`,
    `restart-strategy.${kind}.max-failures-per-interval`,
    `restart-strategy.${kind}.attempts-before-reset-backoff`,
  )
  const unlimited = kind === 'exponential-delay'
  const attempts = limit === undefined ? (unlimited ? Number.POSITIVE_INFINITY : 1) : Number(limit)
  const from =
    named === undefined ? "Flink's default, as the dump names no restart strategy" : `jobmanager_config: ${named}`
  return settingsOf(kind, delayMs, Number.isNaN(attempts) ? Number.POSITIVE_INFINITY : attempts, dump, from)
}

function settingsOf(
  kind: RestartSettings['kind'],
  delayMs: number,
  attempts: number,
  dump: JobDump,
  from: string,
): RestartSettings {
  if (kind !== 'exponential-delay')
    return { kind, delayMs, multiplier: 1, maxDelayMs: delayMs, attempts: kind === 'none' ? 0 : attempts, from }
  return {
    kind,
    delayMs,
    multiplier: Number(clusterSetting(dump, 'restart-strategy.exponential-delay.backoff-multiplier') ?? 1.5),
    maxDelayMs: clusterDurationMs(dump, 60_000, 'restart-strategy.exponential-delay.max-backoff'),
    attempts,
    from,
  }
}
