/**
 * The settings of Flink that decide about checkpoints and recovery: current key, older spellings (which Flink still reads if
 * the current one is absent), type and default. Flink 2.0 docs/layouts/shortcodes/generated/*.html; old keys by the
 * withDeprecatedKeys of the option classes.
 */

export type OptionType = 'duration' | 'count' | 'boolean' | 'text' | readonly string[]

export interface FlinkOption {
  readonly key: string
  readonly oldKeys: readonly string[]
  readonly type: OptionType
  /** As it would be written; null if there is none. */
  readonly fallback: string | null
}

const option = (key: string, type: OptionType, fallback: string | null, ...oldKeys: string[]): FlinkOption => ({
  key,
  oldKeys,
  type,
  fallback,
})

const CHECKPOINTING = 'execution.checkpointing'

/** By a short name, used in this folder. */
export const FLINK_OPTIONS = {
  interval: option(`${CHECKPOINTING}.interval`, 'duration', null),
  intervalDuringBacklog: option(`${CHECKPOINTING}.interval-during-backlog`, 'duration', null),
  mode: option(`${CHECKPOINTING}.mode`, ['EXACTLY_ONCE', 'AT_LEAST_ONCE'], 'EXACTLY_ONCE'),
  timeout: option(`${CHECKPOINTING}.timeout`, 'duration', '10 min'),
  minPause: option(`${CHECKPOINTING}.min-pause`, 'duration', '0 ms'),
  maxConcurrent: option(`${CHECKPOINTING}.max-concurrent-checkpoints`, 'count', '1'),
  tolerableFailures: option(`${CHECKPOINTING}.tolerable-failed-checkpoints`, 'count', '0'),
  retained: option(`${CHECKPOINTING}.num-retained`, 'count', '1', 'state.checkpoints.num-retained'),
  unaligned: option(`${CHECKPOINTING}.unaligned.enabled`, 'boolean', 'false', `${CHECKPOINTING}.unaligned`),
  forceUnaligned: option(`${CHECKPOINTING}.unaligned.forced`, 'boolean', 'false'),
  alignedTimeout: option(
    `${CHECKPOINTING}.aligned-checkpoint-timeout`,
    'duration',
    '0 ms',
    `${CHECKPOINTING}.alignment-timeout`,
  ),
  incremental: option(`${CHECKPOINTING}.incremental`, 'boolean', 'false', 'state.backend.incremental'),
  storage: option(`${CHECKPOINTING}.storage`, 'text', null, 'state.checkpoint-storage'),
  directory: option(`${CHECKPOINTING}.dir`, 'text', null, 'state.checkpoints.dir'),
  savepointDirectory: option(
    `${CHECKPOINTING}.savepoint-dir`,
    'text',
    null,
    'state.savepoints.dir',
    'savepoints.state.backend.fs.dir',
  ),
  retention: option(
    `${CHECKPOINTING}.externalized-checkpoint-retention`,
    ['DELETE_ON_CANCELLATION', 'RETAIN_ON_CANCELLATION', 'NO_EXTERNALIZED_CHECKPOINTS'],
    'NO_EXTERNALIZED_CHECKPOINTS',
  ),
  afterTasksFinish: option(
    `${CHECKPOINTING}.checkpoints-after-tasks-finish`,
    'boolean',
    'true',
    `${CHECKPOINTING}.checkpoints-after-tasks-finish.enabled`,
  ),
  stateBackend: option('state.backend.type', 'text', 'hashmap', 'state.backend'),
  localRecovery: option('execution.state-recovery.from-local', 'boolean', 'false', 'state.backend.local-recovery'),
  changelog: option('state.changelog.enabled', 'boolean', 'false', 'state.backend.changelog.enabled'),
  restartStrategy: option('restart-strategy.type', 'text', null, 'restart-strategy'),
  fixedDelayAttempts: option('restart-strategy.fixed-delay.attempts', 'count', '1'),
  fixedDelay: option('restart-strategy.fixed-delay.delay', 'duration', '1 s'),
  failureRateMax: option('restart-strategy.failure-rate.max-failures-per-interval', 'count', '1'),
  failureRateInterval: option('restart-strategy.failure-rate.failure-rate-interval', 'duration', '1 min'),
  failureRateDelay: option('restart-strategy.failure-rate.delay', 'duration', '1 s'),
  exponentialInitial: option('restart-strategy.exponential-delay.initial-backoff', 'duration', '1 s'),
  exponentialMax: option('restart-strategy.exponential-delay.max-backoff', 'duration', '1 min'),
  exponentialMultiplier: option('restart-strategy.exponential-delay.backoff-multiplier', 'text', '1.5'),
  exponentialReset: option('restart-strategy.exponential-delay.reset-backoff-threshold', 'duration', '1 h'),
  exponentialJitter: option('restart-strategy.exponential-delay.jitter-factor', 'text', '0.1'),
  exponentialAttempts: option('restart-strategy.exponential-delay.attempts-before-reset-backoff', 'count', null),
  heartbeatInterval: option('heartbeat.interval', 'duration', '10 s'),
  heartbeatTimeout: option('heartbeat.timeout', 'duration', '50 s'),
} as const satisfies Record<string, FlinkOption>

export type OptionName = keyof typeof FLINK_OPTIONS
