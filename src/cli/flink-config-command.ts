/** What `cutline flink-config` does: a configuration in, settings and findings out. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import {
  type Finding,
  type FlinkConfig,
  lintFlinkConfig,
  readFlinkConfig,
  type ScenarioSettings,
  type Severity,
  scenarioSettings,
  UnreadableConfig,
} from '../flink/index.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'
import { type Paint, table } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError when the file cannot be read */
export function runFlinkConfig(
  output: Output,
  path: string,
  flags: { readonly transactionTimeout?: number },
): ExitCode {
  const config = configOf(path)
  const findings = lintFlinkConfig(config, { transactionTimeoutMs: flags.transactionTimeout })
  const settings = scenarioSettings(config)
  output.result({
    file: path,
    settings,
    found: Object.fromEntries([...config.settings].map(([name, { key, value }]) => [name, { key, value }])),
    findings,
  })
  const { bold, dim, red, yellow } = output.colours
  const paints: Record<Severity, Paint> = { error: red, warning: yellow, note: dim }
  output.line(bold(`${config.settings.size} settings about checkpoints and recovery in ${path}`))
  if (config.settings.size > 0)
    output.line(table([...config.settings.values()].map(({ key, value }) => [`  ${key}`, value])))
  output.line()
  for (const line of findingLines(findings, paints, dim)) output.line(line)
  output.line()
  for (const line of scenarioLines(settings)) output.line(line)
  return findings.some((finding) => finding.severity === 'error') ? EXIT.USAGE : EXIT.HOLDS
}

function configOf(path: string): FlinkConfig {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}): name a config.yaml or flink-conf.yaml.`,
    )
  }
  try {
    return readFlinkConfig(basename(path), text)
  } catch (error) {
    if (error instanceof UnreadableConfig) throw new UsageError(error.message)
    throw error
  }
}

function findingLines(findings: readonly Finding[], paints: Record<Severity, Paint>, dim: Paint): string[] {
  if (findings.length === 0) return ['Nothing to find fault with.']
  return findings.flatMap(({ severity, text, source, rule }) => [
    `${paints[severity](severity)}: ${text}`,
    dim(`  ${rule}; source: ${source}`),
  ])
}

/** The settings as a scenario makes them. */
function scenarioLines(settings: ScenarioSettings): string[] {
  const { checkpointIntervalMs, mode } = settings
  const config: [string, number | undefined][] = [
    ['setCheckpointTimeout', settings.checkpointTimeoutMs],
    ['setMinPauseBetweenCheckpoints', settings.minPauseMs],
    ['setMaxConcurrentCheckpoints', settings.maxConcurrentCheckpoints],
    ['setTolerableCheckpointFailureNumber', settings.tolerableFailedCheckpoints],
    ['setMaxRetainedCheckpoints', settings.retainedCheckpoints],
  ]
  const lines = config.flatMap(([setter, value]) =>
    value === undefined ? [] : [`  env.getCheckpointConfig().${setter}(${value})`],
  )
  if (checkpointIntervalMs !== undefined)
    lines.unshift(
      `  env.enableCheckpointing(${checkpointIntervalMs}${mode === undefined ? '' : `, CheckpointingMode.${mode}`})`,
    )
  const strategy = restartStrategy(settings)
  if (strategy !== null) lines.push(`  env.setRestartStrategy(${strategy})`)
  return lines.length === 0 ? [] : ['In a scenario:', ...lines]
}

/** The call that makes the restart strategy; null if the file makes none. */
function restartStrategy({ restart, restartAttempts, restartDelayMs }: ScenarioSettings): string | null {
  if (restart?.type === 'failure-rate')
    return `failureRateRestart(${restart.maxFailures}, ${restart.intervalMs}, ${restart.delayMs})`
  if (restart?.type === 'exponential-delay') {
    const options: [string, number | undefined][] = [
      ['initialBackoff', restart.initialMs],
      ['maxBackoff', restart.maxMs],
      ['backoffMultiplier', restart.multiplier],
      ['resetBackoffThreshold', restart.resetThresholdMs],
      ['jitterFactor', restart.jitterFactor],
      ['attemptsBeforeResetBackoff', restart.attempts],
    ]
    const made = options.flatMap(([option, value]) => (value === undefined ? [] : [`${option}: ${value}`]))
    return `exponentialDelayRestart({ ${made.join(', ')} })`
  }
  if (restartAttempts === undefined || restartDelayMs === undefined) return null
  return restartAttempts === 0 ? 'noRestart()' : `fixedDelayRestart(${restartAttempts}, ${restartDelayMs})`
}
