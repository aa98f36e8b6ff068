/**
 * Reads `config.yaml` (nested or flat YAML, Flink 1.19 and later) and `flink-conf.yaml` (one `key: value` a line, not quite
 * YAML) into settings by name, old and new spellings alike.
 */
import { parseDocument } from 'yaml'
import type { JobSettings } from '../dataflow/index.ts'
import { flinkDurationMs } from './flink-duration.ts'
import { FLINK_OPTIONS, type FlinkOption, type OptionName } from './flink-options.ts'

/** A configuration that cannot be read; the message is one sentence. */
export class UnreadableConfig extends Error {
  override readonly name = 'UnreadableConfig'
}

/** A setting that the file makes. */
export interface FlinkSetting {
  /** As written: the current key or an older spelling. */
  readonly key: string
  readonly value: string
  /** The other spellings of the same setting that the file has, too; Flink ignores them. */
  readonly ignored: readonly string[]
}

export interface FlinkConfig {
  /** Every key of the file, flat. */
  readonly entries: ReadonlyMap<string, string>
  readonly settings: ReadonlyMap<OptionName, FlinkSetting>
}

/**
 * Reads a configuration file.
 * @param name of the file: one named flink-conf… is read line by line
 * @throws UnreadableConfig
 */
export function readFlinkConfig(name: string, text: string): FlinkConfig {
  if (text.trim() === '')
    throw new UnreadableConfig(`${name} is empty: give a config.yaml or flink-conf.yaml of Flink.`)
  if (text.trimStart().startsWith('<'))
    throw new UnreadableConfig(`${name} is a web page, not a configuration: save the file itself.`)
  const entries = /flink-conf/.test(name) ? flatLines(text) : yamlEntries(name, text)
  if (entries.size === 0)
    throw new UnreadableConfig(
      `${name} holds no setting of the form 'key: value': give a config.yaml or flink-conf.yaml.`,
    )
  const settings = new Map<OptionName, FlinkSetting>()
  for (const [optionName, { key, oldKeys }] of Object.entries(FLINK_OPTIONS) as [OptionName, FlinkOption][]) {
    const [used, ...ignored] = [key, ...oldKeys].filter((spelling) => entries.has(spelling))
    if (used !== undefined) settings.set(optionName, { key: used, value: entries.get(used)!, ignored })
  }
  return { entries, settings }
}

/** Flink: GlobalConfiguration.loadYAMLResource of flink-conf.yaml: comments from '#', the first ': ' divides. */
function flatLines(text: string): Map<string, string> {
  const entries = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const setting = line.split('#')[0]!.trim()
    const colon = setting.indexOf(': ')
    if (colon > 0) entries.set(setting.slice(0, colon).trim(), unquoted(setting.slice(colon + 2).trim()))
  }
  return entries
}

const unquoted = (text: string): string => /^(['"])(.*)\1$/.exec(text)?.[2] ?? text

function yamlEntries(name: string, text: string): Map<string, string> {
  const document = parseDocument(text, { uniqueKeys: false })
  const [syntaxError] = document.errors
  let root: unknown
  let broken = syntaxError?.message
  try {
    root = document.toJS()
  } catch (error) {
    // An alias without its anchor is seen only now.
    broken ??= error instanceof Error ? error.message : String(error)
  }
  // Many a file is called config.yaml but written in the old manner.
  if (broken !== undefined) {
    const flat = flatLines(text)
    if (flat.size > 0) return flat
    throw new UnreadableConfig(`${name} is not YAML (${broken.split('\n')[0]!.replace(/:$/, '')}): mend that line.`)
  }
  if (typeof root !== 'object' || root === null || Array.isArray(root))
    throw new UnreadableConfig(
      `${name} holds no settings but ${JSON.stringify(root).slice(0, 60)}: give 'key: value' lines.`,
    )
  const entries = new Map<string, string>()
  flatten(root as Record<string, unknown>, '', entries)
  return entries
}

function flatten(node: Record<string, unknown>, above: string, entries: Map<string, string>): void {
  for (const [key, value] of Object.entries(node)) {
    const path = above === '' ? key : `${above}.${key}`
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      flatten(value as Record<string, unknown>, path, entries)
    else if (value !== null) entries.set(path, Array.isArray(value) ? value.join(';') : String(value))
  }
}

/** The text of a setting, or its default; null if there is neither. */
export const settingText = ({ settings }: FlinkConfig, name: OptionName): string | null =>
  settings.get(name)?.value ?? FLINK_OPTIONS[name].fallback

/** A duration in ms, or its default; null if there is neither, or it cannot be read. */
export function settingMs(config: FlinkConfig, name: OptionName): number | null {
  const text = settingText(config, name)
  return text === null ? null : flinkDurationMs(text)
}

/** A number, or its default; null if there is neither, or it cannot be read. */
export function settingCount(config: FlinkConfig, name: OptionName): number | null {
  const text = settingText(config, name)?.trim()
  return text === undefined || !/^\d+$/.test(text) ? null : Number(text)
}

export const settingOn = (config: FlinkConfig, name: OptionName): boolean =>
  settingText(config, name)?.toLowerCase() === 'true'

/** The restart strategy by its current name; null if none is set: Flink then chooses exponential-delay with checkpoints. */
export function strategyOf(config: FlinkConfig): string | null {
  const text = config.settings.get('restartStrategy')?.value.toLowerCase().replaceAll('_', '-') ?? null
  const names: Record<string, string> = {
    fixeddelay: 'fixed-delay',
    failurerate: 'failure-rate',
    exponentialdelay: 'exponential-delay',
    off: 'none',
    disable: 'none',
  }
  return text === null ? null : (names[text] ?? text)
}

/** The checkpoint settings of a scenario; those that the file does not make stay open. */
export type ScenarioSettings = Partial<Omit<JobSettings, 'maxParallelism'>>

const present = <V>(key: string, value: V | null): Record<string, V> => (value === null ? {} : { [key]: value })

/** What a scenario takes over from the file. */
export function scenarioSettings(config: FlinkConfig): ScenarioSettings {
  const made = (name: OptionName): boolean => config.settings.has(name)
  const ms = (name: OptionName): number | null => (made(name) ? settingMs(config, name) : null)
  const count = (name: OptionName): number | null => (made(name) ? settingCount(config, name) : null)
  const mode = settingText(config, 'mode')?.toUpperCase().replaceAll('-', '_')
  return {
    ...present('checkpointIntervalMs', ms('interval')),
    ...(made('mode') && (mode === 'EXACTLY_ONCE' || mode === 'AT_LEAST_ONCE') ? { mode } : {}),
    ...present('checkpointTimeoutMs', ms('timeout')),
    ...present('minPauseMs', ms('minPause')),
    ...present('maxConcurrentCheckpoints', count('maxConcurrent')),
    ...present('tolerableFailedCheckpoints', count('tolerableFailures')),
    ...present('retainedCheckpoints', count('retained')),
    ...restartStrategyOf(config),
  }
}

/** The restart strategy that the file names, with Flink's defaults; nothing if it names none or a value cannot be read. */
function restartStrategyOf(
  config: FlinkConfig,
): Pick<ScenarioSettings, 'restartAttempts' | 'restartDelayMs' | 'restart'> {
  switch (strategyOf(config)) {
    case 'fixed-delay':
      return {
        ...present('restartAttempts', settingCount(config, 'fixedDelayAttempts')),
        ...present('restartDelayMs', settingMs(config, 'fixedDelay')),
      }
    case 'failure-rate': {
      const maxFailures = settingCount(config, 'failureRateMax')
      const intervalMs = settingMs(config, 'failureRateInterval')
      const delayMs = settingMs(config, 'failureRateDelay')
      if (maxFailures === null || intervalMs === null || delayMs === null) return {}
      return { restart: { type: 'failure-rate', maxFailures, intervalMs, delayMs } }
    }
    case 'exponential-delay': {
      const initialMs = settingMs(config, 'exponentialInitial')
      const maxMs = settingMs(config, 'exponentialMax')
      const multiplier = Number(settingText(config, 'exponentialMultiplier'))
      const resetThresholdMs = settingMs(config, 'exponentialReset')
      const jitterFactor = Number(settingText(config, 'exponentialJitter'))
      const readable = Number.isFinite(multiplier) && Number.isFinite(jitterFactor)
      if (initialMs === null || maxMs === null || resetThresholdMs === null || !readable) return {}
      const attempts = present('attempts', settingCount(config, 'exponentialAttempts'))
      return {
        restart: {
          type: 'exponential-delay',
          initialMs,
          maxMs,
          multiplier,
          resetThresholdMs,
          jitterFactor,
          ...attempts,
        },
      }
    }
    case 'none':
      return { restartAttempts: 0, restartDelayMs: 0 }
    default:
      return {}
  }
}
