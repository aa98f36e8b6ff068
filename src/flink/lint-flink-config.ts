/** What is wrong or dangerous in a configuration of Flink: one small rule a function, each with the source of the rule. */
import { durationText } from '../intervals/index.ts'
import { type FlinkConfig, settingCount, settingMs, settingOn, settingText, strategyOf } from './flink-config.ts'
import { flinkDurationMs } from './flink-duration.ts'
import { FLINK_OPTIONS, type FlinkOption, type OptionName } from './flink-options.ts'

/** `error`: Flink refuses it, or it cannot do what it says. `warning`: dangerous. `note`: without effect, or worth knowing. */
export type Severity = 'error' | 'warning' | 'note'

export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly keys: readonly string[]
  /** What is wrong and what to do. */
  readonly text: string
  /** Where the rule comes from. */
  readonly source: string
}

export interface LintOptions {
  /** Timeout of the sink's transactions, ms, where the file does not name it (Kafka: transaction.timeout.ms). */
  readonly transactionTimeoutMs?: number | undefined
}

type Rule = (config: FlinkConfig, options: LintOptions) => Finding[]

const key = (name: OptionName): string => FLINK_OPTIONS[name].key
const has = ({ settings }: FlinkConfig, name: OptionName): boolean => settings.has(name)

/** Restarts that use up a limit within this time do not survive a machine that has to be replaced. */
const REPLACED_WITHIN_MS = 120_000
/** A checkpoint timeout below this is short: the default is ten minutes. */
const SHORT_TIMEOUT_MS = 120_000
/** Flink: CheckpointCoordinatorConfiguration.MINIMAL_CHECKPOINT_TIME. */
const MINIMAL_CHECKPOINT_TIME_MS = 10
/** How long a restart takes at least, beside its delay: measured on Flink 2.3 without state to restore. */
const RESTART_MS = 1000

/** Checks a configuration. Errors first, then warnings, then notes. */
export function lintFlinkConfig(config: FlinkConfig, options: LintOptions = {}): Finding[] {
  const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 }
  return RULES.flatMap((rule) => rule(config, options)).sort((a, b) => rank[a.severity] - rank[b.severity])
}

const spelledTwice: Rule = ({ settings }) =>
  [...settings.values()].flatMap((setting) =>
    setting.ignored.map((ignored) => ({
      rule: 'spelled-twice',
      severity: 'warning' as const,
      keys: [setting.key, ignored],
      text: `${ignored} is an older spelling of ${setting.key}, which is set as well: it is ignored; remove it.`,
      source: 'Flink ConfigOption.withDeprecatedKeys: a fallback key is read only if the key itself is absent',
    })),
  )

const unreadable: Rule = ({ settings }) =>
  [...settings].flatMap(([name, { key: written, value }]) => {
    const wanted = wantedInstead(FLINK_OPTIONS[name], value)
    if (wanted === null) return []
    return [
      {
        rule: 'unreadable-value',
        severity: 'error' as const,
        keys: [written],
        text: `${written} wants ${wanted}, but is "${value}": Flink fails to start.`,
        source: `Flink option ${FLINK_OPTIONS[name].key}`,
      },
    ]
  })

function wantedInstead({ type }: FlinkOption, value: string): string | null {
  if (type === 'duration') return flinkDurationMs(value) === null ? "a duration such as '10 s' or '3 min'" : null
  if (type === 'count')
    return /^\d+$/.test(value.trim()) || /infinite|2147483647/i.test(value) ? null : 'a whole number'
  if (type === 'boolean') return /^(true|false)$/i.test(value) ? null : 'true or false'
  if (type === 'text') return null
  return type.includes(value.toUpperCase().replaceAll('-', '_')) ? null : `one of ${type.join(', ')}`
}

const unknownKey: Rule = ({ entries }) => {
  const spellings = Object.values(FLINK_OPTIONS).flatMap((option: FlinkOption) => [option.key, ...option.oldKeys])
  return [...entries.keys()].flatMap((written) => {
    if (!/^(execution\.checkpointing|restart-strategy)\./.test(written) || spellings.includes(written)) return []
    const near = spellings.find((spelling) => squeezed(spelling) === squeezed(written))
    if (near === undefined) return []
    return [
      {
        rule: 'misspelled-key',
        severity: 'error' as const,
        keys: [written],
        text: `${written} is not a setting of Flink and is ignored: did you mean ${near}?`,
        source: 'Flink reads unknown keys without a word',
      },
    ]
  })
}

/** Without what people get wrong: separators, case and plurals. */
const squeezed = (text: string): string => text.toLowerCase().replaceAll(/[-_.]|s(?=[-_.]|$)/g, '')

const noCheckpoints: Rule = (config) => {
  if (has(config, 'interval')) return []
  const idle = (
    ['timeout', 'minPause', 'unaligned', 'tolerableFailures', 'incremental', 'maxConcurrent'] as const
  ).filter((name) => has(config, name))
  return [
    {
      rule: 'no-interval',
      severity: 'warning',
      keys: [key('interval')],
      text:
        `${key('interval')} is not set: unless a job sets it, there are no checkpoints, and a failure starts it from nothing` +
        (idle.length === 0 ? '.' : `; ${idle.map(key).join(', ')} have no effect then.`),
      source: 'Flink: checkpointing is off by default',
    },
  ]
}

const tooShort: Rule = (config) =>
  (['interval', 'timeout'] as const).flatMap((name) => {
    const ms = has(config, name) ? settingMs(config, name) : null
    if (ms === null || ms >= MINIMAL_CHECKPOINT_TIME_MS) return []
    return [
      {
        rule: 'too-short',
        severity: 'error' as const,
        keys: [key(name)],
        text: `${key(name)} is ${ms} ms: Flink refuses less than ${MINIMAL_CHECKPOINT_TIME_MS} ms.`,
        source: 'Flink CheckpointCoordinatorConfiguration.MINIMAL_CHECKPOINT_TIME',
      },
    ]
  })

const pauseBeyondInterval: Rule = (config) => {
  const intervalMs = settingMs(config, 'interval')
  const pauseMs = settingMs(config, 'minPause') ?? 0
  if (intervalMs === null || pauseMs < intervalMs) return []
  return [
    {
      rule: 'pause-beyond-interval',
      severity: 'warning',
      keys: [key('minPause'), key('interval')],
      text:
        `The pause of ${durationText(pauseMs)} is not below the interval of ${durationText(intervalMs)}: the time between ` +
        `two checkpoints is then the pause plus a duration, and the interval has no effect; shorten the pause.`,
      source: 'Flink CheckpointCoordinator: the interval is raised to the pause; Flink 2.3: gap = duration + pause',
    },
  ]
}

const backlogInterval: Rule = (config) => {
  const intervalMs = settingMs(config, 'interval')
  const backlogMs = settingMs(config, 'intervalDuringBacklog')
  if (intervalMs === null || backlogMs === null || backlogMs === 0 || backlogMs >= intervalMs) return []
  return [
    {
      rule: 'backlog-interval',
      severity: 'error',
      keys: [key('intervalDuringBacklog'), key('interval')],
      text: `${key('intervalDuringBacklog')} must be 0 or at least the interval of ${durationText(intervalMs)}, but is ${durationText(backlogMs)}.`,
      source: 'Flink CheckpointConfig.setCheckpointIntervalDuringBacklog',
    },
  ]
}

const pauseAndConcurrency: Rule = (config) => {
  const concurrent = settingCount(config, 'maxConcurrent') ?? 1
  if (concurrent <= 1 || (settingMs(config, 'minPause') ?? 0) === 0) return []
  return [
    {
      rule: 'pause-and-concurrency',
      severity: 'warning',
      keys: [key('minPause'), key('maxConcurrent')],
      text: `A pause between checkpoints implies one at a time: ${concurrent} concurrent ones contradict it; drop one of the two.`,
      source: 'Flink CheckpointConfig.setMinPauseBetweenCheckpoints',
    },
  ]
}

const unalignedAndConcurrency: Rule = (config) => {
  const concurrent = settingCount(config, 'maxConcurrent') ?? 1
  if (concurrent <= 1 || !settingOn(config, 'unaligned')) return []
  return [
    {
      rule: 'unaligned-and-concurrency',
      severity: 'error',
      keys: [key('unaligned'), key('maxConcurrent')],
      text: `Unaligned checkpoints run one at a time: with ${concurrent} concurrent ones Flink refuses the job; set 1.`,
      source:
        'Flink docs, checkpointing under backpressure: limitations; CheckpointConfig.isUnalignedCheckpointsEnabled',
    },
  ]
}

const unalignedWithoutEffect: Rule = (config) => {
  const found: Finding[] = []
  const mode = settingText(config, 'mode')?.toUpperCase().replaceAll('-', '_')
  if (settingOn(config, 'unaligned') && mode === 'AT_LEAST_ONCE')
    found.push({
      rule: 'unaligned-at-least-once',
      severity: 'error',
      keys: [key('unaligned'), key('mode')],
      text: 'Unaligned checkpoints need EXACTLY_ONCE: at-least-once aligns nothing, and Flink turns them off with a warning in its log.',
      source: 'Flink StreamingJobGraphGenerator.preValidate (FLINK-18403)',
    })
  const timeout = config.settings.get('alignedTimeout')
  if (timeout !== undefined && (settingMs(config, 'alignedTimeout') ?? 0) > 0 && !settingOn(config, 'unaligned'))
    found.push({
      rule: 'aligned-timeout-alone',
      severity: 'note',
      keys: [timeout.key, key('unaligned')],
      text: `${timeout.key} has no effect: it turns a slow aligned checkpoint into an unaligned one, and those are off; enable ${key('unaligned')}.`,
      source: 'Flink option execution.checkpointing.aligned-checkpoint-timeout',
    })
  return found
}

const failureEndsJob: Rule = (config) => {
  const tolerable = settingCount(config, 'tolerableFailures')
  const timeoutMs = settingMs(config, 'timeout')
  const intervalMs = settingMs(config, 'interval')
  if (tolerable !== 0 || timeoutMs === null || intervalMs === null || timeoutMs >= SHORT_TIMEOUT_MS) return []
  return [
    {
      rule: 'intolerant-and-short',
      severity: 'warning',
      keys: [key('tolerableFailures'), key('timeout')],
      text:
        `With ${key('tolerableFailures')} 0 the first checkpoint that takes longer than ${durationText(timeoutMs)} restarts the ` +
        'job, and a restart under load makes the next one slower still; tolerate a few, or lengthen the timeout.',
      source:
        'Flink CheckpointFailureManager: an expired checkpoint counts; default 0. Aligned checkpoints of a catch-up took 1.2 s instead of 0.05 s',
    },
  ]
}

const incrementalHeap: Rule = (config) => {
  const backend = settingText(config, 'stateBackend') ?? 'hashmap'
  if (!settingOn(config, 'incremental') || !/hashmap|filesystem|jobmanager/i.test(backend)) return []
  return [
    {
      rule: 'incremental-heap',
      severity: 'note',
      keys: [config.settings.get('incremental')!.key, key('stateBackend')],
      text: `The state backend ${backend} has no incremental checkpoints: the setting has no effect; use rocksdb or forst.`,
      source: 'Flink HashMapStateBackend: full snapshots only',
    },
  ]
}

const storage: Rule = (config) => {
  const directory = config.settings.get('directory')
  const kind = settingText(config, 'storage')?.toLowerCase()
  if (directory === undefined || kind === 'jobmanager')
    return !has(config, 'interval')
      ? []
      : [
          {
            rule: 'checkpoints-in-memory',
            severity: 'warning',
            keys: [key('directory'), key('storage')],
            text: `Checkpoints are kept in the JobManager's memory: they are lost with it, and state is limited to 5 MB; set ${key('directory')}.`,
            source: 'Flink JobManagerCheckpointStorage, the default without a directory',
          },
        ]
  if (!/^file:/.test(directory.value)) return []
  return [
    {
      rule: 'checkpoints-on-local-disk',
      severity: 'warning',
      keys: [directory.key],
      text: `${directory.value} is a local disk unless it is mounted everywhere: another machine cannot restore from it; use shared storage.`,
      source: 'Flink docs, checkpoint storage: the path must be accessible from all participating processes',
    },
  ]
}

const retention: Rule = (config) => {
  const text = settingText(config, 'retention')
  if (!has(config, 'interval') || text === 'RETAIN_ON_CANCELLATION') return []
  return [
    {
      rule: 'checkpoints-not-retained',
      severity: 'note',
      keys: [key('retention')],
      text: `Checkpoints are deleted when the job is cancelled (${text}): to restart from one by hand set RETAIN_ON_CANCELLATION.`,
      source: 'Flink option execution.checkpointing.externalized-checkpoint-retention',
    },
  ]
}

const restartLimit: Rule = (config) => {
  const strategy = strategyOf(config)
  if (strategy === 'none')
    return [
      {
        rule: 'no-restart',
        severity: 'warning',
        keys: [key('restartStrategy')],
        text: 'The restart strategy is none: the first failure ends the job; use exponential-delay.',
        source: 'Flink NoRestartBackoffTimeStrategy',
      },
    ]
  if (strategy !== 'fixed-delay') return []
  const attempts = settingCount(config, 'fixedDelayAttempts')
  const delayMs = settingMs(config, 'fixedDelay')
  if (attempts === null || delayMs === null || attempts * delayMs >= REPLACED_WITHIN_MS) return []
  return [
    {
      rule: 'attempts-used-up',
      severity: 'warning',
      keys: [key('fixedDelayAttempts'), key('fixedDelay')],
      text:
        `${attempts} attempt(s) with ${durationText(delayMs)} between them are used up within ` +
        `${durationText(attempts * (delayMs + RESTART_MS))}: while a slot is missing each restart fails at once, and the job ` +
        'fails for good before a machine is replaced; use exponential-delay, or many more attempts.',
      source:
        'Flink 2.3: without a spare slot 7 restarts in 8.7 s after one kill; FixedDelayRestartBackoffTimeStrategy',
    },
  ]
}

const otherStrategies: Rule = (config) => {
  const strategy = strategyOf(config)
  if (strategy === null) return []
  const idle = [...config.settings.values()].filter(({ key: written }) => {
    const [, of] = /^restart-strategy\.(fixed-delay|failure-rate|exponential-delay)\./.exec(written) ?? []
    return of !== undefined && of !== strategy
  })
  return idle.map(({ key: written }) => ({
    rule: 'other-strategy',
    severity: 'note' as const,
    keys: [written, key('restartStrategy')],
    text: `${written} has no effect: the restart strategy is ${strategy}.`,
    source: 'Flink RestartStrategyOptions',
  }))
}

const heartbeats: Rule = (config) => {
  const intervalMs = settingMs(config, 'heartbeatInterval')
  const timeoutMs = settingMs(config, 'heartbeatTimeout')
  if (intervalMs === null || timeoutMs === null || timeoutMs >= intervalMs) return []
  return [
    {
      rule: 'heartbeat-timeout',
      severity: 'error',
      keys: [key('heartbeatTimeout'), key('heartbeatInterval')],
      text: `The heartbeat timeout of ${durationText(timeoutMs)} is below the interval of ${durationText(intervalMs)}: Flink fails to start; raise it to several intervals.`,
      source: 'Flink HeartbeatServicesImpl: the timeout must be at least the interval',
    },
  ]
}

/** Kafka's producer setting, however it is passed on: properties.transaction.timeout.ms, sink.… */
const TRANSACTION_TIMEOUT = /transaction\.timeout\.ms$|transaction-timeout$/

const transactions: Rule = (config, { transactionTimeoutMs }) => {
  const written = [...config.entries].find(([name]) => TRANSACTION_TIMEOUT.test(name))
  const limitMs = written === undefined ? (transactionTimeoutMs ?? null) : flinkDurationMs(written[1])
  const intervalMs = settingMs(config, 'interval')
  if (limitMs === null || intervalMs === null) return []
  const timeoutMs = settingMs(config, 'timeout') ?? 0
  const neededMs = Math.max(intervalMs, timeoutMs) + timeoutMs + restartMs(config)
  if (limitMs > neededMs) return []
  return [
    {
      rule: 'transaction-timeout',
      severity: 'warning',
      keys: [written?.[0] ?? 'transaction.timeout.ms', key('timeout'), key('interval')],
      text:
        `The sink's transactions time out after ${durationText(limitMs)}, but one may stay open for ${durationText(neededMs)}: ` +
        'from one checkpoint to the next, until that one completes, and over a restart. What it holds is lost then; ' +
        'lengthen the transaction timeout (and transaction.max.timeout.ms of the brokers), or shorten the checkpoint timeout.',
      source:
        'flink-connector-kafka docs: transaction.timeout.ms must exceed checkpoint duration plus restart, or data is lost',
    },
  ]
}

function restartMs(config: FlinkConfig): number {
  const delay = { 'fixed-delay': 'fixedDelay', 'failure-rate': 'failureRateDelay' } as const
  const strategy = strategyOf(config)
  const name = strategy === 'fixed-delay' || strategy === 'failure-rate' ? delay[strategy] : 'exponentialMax'
  return (settingMs(config, name) ?? 0) + RESTART_MS
}

const RULES: readonly Rule[] = [
  spelledTwice,
  unreadable,
  unknownKey,
  noCheckpoints,
  tooShort,
  pauseBeyondInterval,
  backlogInterval,
  pauseAndConcurrency,
  unalignedAndConcurrency,
  unalignedWithoutEffect,
  failureEndsJob,
  incrementalHeap,
  storage,
  retention,
  restartLimit,
  otherStrategies,
  heartbeats,
  transactions,
]
