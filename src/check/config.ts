/** What a project says once and for all, in its cutline.config.ts. This file says what it may say; who has files reads them. */
import { z } from 'zod'
import { type Duration, durationMs } from '../dataflow/index.ts'
import { ALL_FAULT_CLASSES, type FaultClass, METADATA_STORES, type MetadataStoreName } from '../model/index.ts'
import { FAULT_GROUPS, type FaultGroup } from './fault-groups.ts'
import { InputError, inWords } from './input-error.ts'

/** For whatever a check is not told. */
export interface CheckDefaults {
  /** How many runs, if neither runs nor time are given. */
  readonly runs?: number
  /** How long: milliseconds, or a text like '30s'; if neither runs nor time are given. */
  readonly time?: Duration
  /** The same seed gives the same runs. A new one for every check if left out. */
  readonly seed?: string | number
  /** The kinds of faults that may strike; all if left out, none for an empty list. */
  readonly faults?: readonly (FaultClass | FaultGroup)[]
  /** The checkpoint protocol, by name. */
  readonly protocol?: string
  /** What the job's metadata are entrusted to; what the scenario says if left out. */
  readonly store?: MetadataStoreName
  /** Threads; one per core if left out. */
  readonly workers?: number
}

export interface CutlineConfig {
  /** The files with scenarios: paths and patterns (`*`, `**`, `?`, `{a,b}`) from the folder of the configuration. */
  readonly scenarios?: readonly string[]
  /** The folder that failures are appended to, a file for each scenario; from the folder of the configuration. */
  readonly corpus?: string
  readonly defaults?: CheckDefaults
}

/**
 * The configuration as it is, with its types checked.
 *
 * ```ts
 * export default defineConfig({ scenarios: ['./scenarios/*.ts'], corpus: 'corpus', defaults: { runs: 5000 } })
 * ```
 */
export const defineConfig = (config: CutlineConfig): CutlineConfig => config

// Every message is the rest of a sentence that begins with the place.
const from = <T>(what: string, holds: (value: unknown) => boolean) =>
  z.custom<T>(holds, { error: ({ input }) => `must be ${what}, but is ${inWords(input)}` })
const text = from<string>('a text', (value) => typeof value === 'string' && value !== '')
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0
const count = from<number>('a whole number of at least 1', isCount)
const FAULTS: readonly string[] = [...ALL_FAULT_CLASSES, ...Object.keys(FAULT_GROUPS)]
const fault = from<FaultClass | FaultGroup>(`one of ${FAULTS.join(', ')}`, (value) => FAULTS.includes(value as string))
const listOf = <S extends z.ZodType>(what: string, of: S) =>
  z.array(of, { error: ({ input }) => `must be a list of ${what}, but is ${inWords(input)}` })
const object = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has ${issue.keys.map(inWords).join(' and ')}, but may only have ${Object.keys(shape).join(', ')}`
        : `must be an object with ${Object.keys(shape).join(', ')}, but is ${inWords(issue.input)}`,
  })

const config = object({
  scenarios: listOf('files and patterns', text).optional(),
  corpus: text.optional(),
  defaults: object({
    runs: count.optional(),
    time: from<Duration>("milliseconds or a text like '30s'", isDuration).optional(),
    seed: from<string | number>(
      'a text or a whole number',
      (value) => typeof value === 'string' || Number.isSafeInteger(value),
    ).optional(),
    faults: listOf('kinds of faults', fault).optional(),
    protocol: text.optional(),
    store: from<MetadataStoreName>(`one of ${METADATA_STORES.join(', ')}`, (value) =>
      METADATA_STORES.includes(value as MetadataStoreName),
    ).optional(),
    workers: from<number>(
      'a whole number from 1 to 256',
      (value) => isCount(value) && (value as number) <= 256,
    ).optional(),
  }).optional(),
})

function isDuration(value: unknown): boolean {
  try {
    return durationMs(value as Duration, 'time', 1) > 0
  } catch {
    return false
  }
}

/**
 * A configuration from a value that anybody may have written.
 * @throws InputError naming the first place that is not as it must be
 */
export function readConfig(value: unknown): CutlineConfig {
  const read = config.safeParse(value)
  if (read.success) return read.data as CutlineConfig
  const { path, message } = read.error.issues[0]!
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  throw new InputError(`${place === '' ? 'it' : place.slice(1)} ${message}`)
}
