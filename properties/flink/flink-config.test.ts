/** Configuration files of Flink: read in either manner, old and new spellings; and what is wrong with them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  FLINK_OPTIONS,
  type FlinkOption,
  flinkDurationMs,
  lintFlinkConfig,
  readFlinkConfig,
  scenarioSettings,
  UnreadableConfig,
} from '../../src/flink/index.ts'

const NESTED = `
# config.yaml
execution:
  checkpointing:
    interval: 30 s
    mode: EXACTLY_ONCE
    timeout: 5 min
    min-pause: 1s
    tolerable-failed-checkpoints: 3
    num-retained: 2
    dir: s3://bucket/checkpoints
    externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
state.backend.type: rocksdb
restart-strategy:
  type: fixed-delay
  fixed-delay:
    attempts: 1000
    delay: 10 s
`
const FLAT = `
# flink-conf.yaml
execution.checkpointing.interval: 30s   # comment
execution.checkpointing.timeout: 5 min
execution.checkpointing.min-pause: 1s
execution.checkpointing.tolerable-failed-checkpoints: 3
state.checkpoints.num-retained: 2
state.checkpoints.dir: s3://bucket/checkpoints
execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
state.backend: rocksdb
restart-strategy: fixed-delay
restart-strategy.fixed-delay.attempts: 1000
restart-strategy.fixed-delay.delay: 10 s
env.java.opts: -Dx="a: b"
`

describe('a configuration file', () => {
  it('says the same nested and new, or flat and old', () => {
    const settings = {
      checkpointIntervalMs: 30_000,
      checkpointTimeoutMs: 300_000,
      minPauseMs: 1000,
      tolerableFailedCheckpoints: 3,
      retainedCheckpoints: 2,
      restartAttempts: 1000,
      restartDelayMs: 10_000,
    }
    expect(scenarioSettings(readFlinkConfig('config.yaml', NESTED))).toEqual({ ...settings, mode: 'EXACTLY_ONCE' })
    expect(scenarioSettings(readFlinkConfig('flink-conf.yaml', FLAT))).toEqual(settings)
    expect(readFlinkConfig('flink-conf.yaml', FLAT).settings.get('retained')).toEqual({
      key: 'state.checkpoints.num-retained',
      value: '2',
      ignored: [],
    })
  })

  it.each<[string, string, object]>([
    [
      'failure-rate',
      'restart-strategy.failure-rate.max-failures-per-interval: 3',
      { restart: { type: 'failure-rate', maxFailures: 3, intervalMs: 60_000, delayMs: 1000 } },
    ],
    [
      'exponential-delay',
      'restart-strategy.exponential-delay.attempts-before-reset-backoff: 8',
      {
        restart: {
          type: 'exponential-delay',
          initialMs: 1000,
          maxMs: 60_000,
          multiplier: 1.5,
          resetThresholdMs: 3_600_000,
          jitterFactor: 0.1,
          attempts: 8,
        },
      },
    ],
    ['none', '', { restartAttempts: 0, restartDelayMs: 0 }],
    ['exponential-delay', 'restart-strategy.exponential-delay.jitter-factor: much', {}],
    ['failure-rate', 'restart-strategy.failure-rate.delay: soon', {}],
  ])('names its restart strategy, %s, with what Flink takes by default (%#)', (type, line, settings) => {
    const text = `restart-strategy.type: ${type}\n${line}\n`
    expect(scenarioSettings(readFlinkConfig('flink-conf.yaml', text))).toEqual(settings)
  })

  it('that is fine has no finding', () => {
    expect(lintFlinkConfig(readFlinkConfig('config.yaml', NESTED))).toEqual([])
    expect(lintFlinkConfig(readFlinkConfig('flink-conf.yaml', FLAT))).toEqual([])
  })

  it('is read by every spelling of every option, in either manner', () => {
    for (const [name, option] of Object.entries(FLINK_OPTIONS) as [string, FlinkOption][])
      for (const key of [option.key, ...option.oldKeys])
        for (const file of ['config.yaml', 'flink-conf.yaml']) {
          const { settings } = readFlinkConfig(file, `${key}: "7"`)
          expect(settings.get(name as 'interval'), `${key} in ${file}`).toMatchObject({ key, value: '7' })
        }
  })

  it('that is flat in spite of its name is read as well', () => {
    const text = 'execution.checkpointing.interval: 10 s\nenv.java.opts: -Da: b: c\n'
    expect(scenarioSettings(readFlinkConfig('config.yaml', text))).toEqual({ checkpointIntervalMs: 10_000 })
  })

  it.each([
    ['', 'is empty'],
    ['<!doctype html>', 'is a web page'],
    ['just words', 'holds no settings but "just words"'],
    ['- a\n- b', 'holds no settings'],
  ])('%j: one sentence', (text, sentence) => {
    expect(() => readFlinkConfig('config.yaml', text)).toThrow(UnreadableConfig)
    expect(() => readFlinkConfig('config.yaml', text)).toThrow(sentence)
  })

  it('whatever it holds: settings or one sentence', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('config.yaml', 'flink-conf.yaml'), (text, name) => {
        try {
          lintFlinkConfig(readFlinkConfig(name, text))
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableConfig)
        }
      }),
    )
  })
})

const rulesOf = (lines: string, options = {}): string[] =>
  lintFlinkConfig(readFlinkConfig('flink-conf.yaml', lines), options).map(({ rule }) => rule)
const C = 'execution.checkpointing'
const GOOD = `${C}.interval: 30 s\n${C}.dir: s3://x\n${C}.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION\n`

describe('the rules', () => {
  it.each([
    ['spelled-twice', `${GOOD}state.checkpoints.dir: s3://old`],
    ['unreadable-value', `${GOOD}${C}.timeout: soon`],
    ['unreadable-value', `${GOOD}${C}.mode: SOMETIMES`],
    ['unreadable-value', `${GOOD}${C}.unaligned.enabled: yes`],
    ['misspelled-key', `${GOOD}${C}.min_pause: 1 s`],
    ['misspelled-key', `${GOOD}restart-strategy.fixed-delay.attempt: 3`],
    ['no-interval', `${C}.timeout: 1 min`],
    ['too-short', `${GOOD.replace('30 s', '5 ms')}`],
    ['pause-beyond-interval', `${GOOD}${C}.min-pause: 30 s`],
    ['backlog-interval', `${GOOD}${C}.interval-during-backlog: 10 s`],
    ['pause-and-concurrency', `${GOOD}${C}.min-pause: 1 s\n${C}.max-concurrent-checkpoints: 2`],
    ['unaligned-and-concurrency', `${GOOD}${C}.unaligned: true\n${C}.max-concurrent-checkpoints: 2`],
    ['unaligned-at-least-once', `${GOOD}${C}.unaligned.enabled: true\n${C}.mode: AT_LEAST_ONCE`],
    ['aligned-timeout-alone', `${GOOD}${C}.aligned-checkpoint-timeout: 1 s`],
    ['intolerant-and-short', `${GOOD}${C}.timeout: 30 s`],
    ['incremental-heap', `${GOOD}state.backend.incremental: true`],
    ['checkpoints-in-memory', `${C}.interval: 30 s`],
    ['checkpoints-on-local-disk', GOOD.replace('s3://x', 'file:///tmp/x')],
    ['checkpoints-not-retained', `${C}.interval: 30 s\n${C}.dir: s3://x`],
    ['no-restart', `${GOOD}restart-strategy: none`],
    ['attempts-used-up', `${GOOD}restart-strategy.type: fixed-delay\nrestart-strategy.fixed-delay.attempts: 3`],
    ['other-strategy', `${GOOD}restart-strategy.type: exponential-delay\nrestart-strategy.fixed-delay.delay: 3 s`],
    ['heartbeat-timeout', `${GOOD}heartbeat.timeout: 5 s`],
    ['transaction-timeout', `${GOOD}sink.properties.transaction.timeout.ms: 60000`],
  ])('%s', (rule, lines) => {
    expect(rulesOf(GOOD)).not.toContain(rule)
    expect(rulesOf(lines)).toContain(rule)
  })

  it('each give the reason and the source', () => {
    for (const { text, source, keys } of lintFlinkConfig(
      readFlinkConfig('flink-conf.yaml', `${C}.interval: 1 ms\n${C}.unaligned: true\n${C}.mode: at-least-once`),
    )) {
      expect(text).toMatch(/[.?]$/)
      expect(source).not.toBe('')
      expect(keys.length).toBeGreaterThan(0)
    }
  })

  it('put errors first', () => {
    const found = lintFlinkConfig(
      readFlinkConfig('flink-conf.yaml', `${C}.interval: 30 s\n${C}.timeout: soon\nheartbeat.timeout: 1 s`),
    )
    expect(found.map(({ severity }) => severity).slice(0, 2)).toEqual(['error', 'error'])
  })

  it('count a transaction from one checkpoint to the next, through its duration and a restart', () => {
    const lines = `${GOOD}${C}.timeout: 2 min\nrestart-strategy.type: fixed-delay\nrestart-strategy.fixed-delay.attempts: 500\nrestart-strategy.fixed-delay.delay: 9 s`
    // max(30 s, 2 min) + 2 min + 10 s
    expect(rulesOf(lines, { transactionTimeoutMs: 250_000 })).toContain('transaction-timeout')
    expect(rulesOf(lines, { transactionTimeoutMs: 250_001 })).not.toContain('transaction-timeout')
  })
})

describe('durations of Flink', () => {
  it.each([
    ['10 s', 10_000],
    ['10s', 10_000],
    ['3 min', 180_000],
    ['500', 500],
    ['2 h', 7_200_000],
    ['1 d', 86_400_000],
    ['250 ms', 250],
    ['PT1M30S', 90_000],
    ['PT0.5S', 500],
    ['P1DT1S', 86_401_000],
    ['soon', null],
    ['10 parsec', null],
    ['', null],
    ['-1 s', null],
    ['PT', null],
  ])('%s', (text, ms) => {
    expect(flinkDurationMs(text)).toBe(ms)
  })
})
