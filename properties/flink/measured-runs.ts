/**
 * Runs of a real cluster with a measured recovery: from a folder in the layout of the cluster data (`runs.json` and
 * `dumps/RUN/{run.json,before,after}`), or from the packed copy under `properties/fixtures/flink/runs`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { type JobDump, type MeasuredRun, parseDump } from '../../src/flink/index.ts'

export const FIXTURES = fileURLToPath(new URL('../fixtures/flink', import.meta.url))

/** A row of `runs.json`, or `run.json` flattened: what the experiment set, and what came out. */
const rowSchema = z.looseObject({
  name: z.string(),
  kind: z.string(),
  mode: z.string().nullish(),
  rho: z.number(),
  mu: z.number(),
  lambda: z.number().nullish(),
  t_fail: z.number().nullish(),
  R: z.number().nullish(),
  n_restarts: z.number().nullish(),
  /** There was a second failure, so many seconds after the first. */
  second_after: z.number().nullish(),
})
type Row = z.infer<typeof rowSchema>

/** The answers of one dump by file name. */
export type Answers = Readonly<Record<string, string>>

/** A run with the texts of its dumps. */
export interface ClusterRun {
  readonly row: Row
  readonly before: Answers | null
  readonly after: Answers | null
}

/** One run of the packed copy. */
export function packedRun(name: string): ClusterRun {
  const packed = JSON.parse(gunzipSync(readFileSync(join(FIXTURES, 'runs', `${name}.json.gz`))).toString()) as {
    row: unknown
    before?: Answers
    after?: Answers
  }
  return { row: rowSchema.parse(packed.row), before: packed.before ?? null, after: packed.after ?? null }
}

/** Names of the packed runs. */
export const packedRunNames = (): string[] =>
  readdirSync(join(FIXTURES, 'runs')).map((file) => file.replace('.json.gz', ''))

/** All runs below a folder, by name; of the packed copy unless a folder is given. */
export function clusterRuns(folder?: string): ClusterRun[] {
  if (folder === undefined) return packedRunNames().map(packedRun)
  const dumps = existsSync(join(folder, 'dumps')) ? join(folder, 'dumps') : folder
  const listed = join(folder, 'runs.json')
  const rows = new Map(
    existsSync(listed)
      ? z
          .array(rowSchema)
          .parse(JSON.parse(readFileSync(listed, 'utf8')))
          .map((row) => [row.name, row])
      : [],
  )
  return readdirSync(dumps, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => {
      const row = rowOf(join(dumps, name), rows.get(name))
      return row === null
        ? []
        : [{ row, before: answersIn(join(dumps, name, 'before')), after: answersIn(join(dumps, name, 'after')) }]
    })
}

function rowOf(folder: string, listed: Row | undefined): Row | null {
  const file = join(folder, 'run.json')
  if (!existsSync(file)) return listed ?? null
  const { cfg, measured, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>
  // The driver's own R is provisional; `measured` and `runs.json` are from the evaluation afterwards.
  return rowSchema.parse({ name: basename(folder), ...rest, ...cfg, ...measured, ...listed })
}

function answersIn(folder: string): Answers | null {
  if (!existsSync(folder)) return null
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

export const dumpOf = (answers: Answers, source: string): JobDump => parseDump(new Map(Object.entries(answers)), source)

/** The highest load that is scored: near 1, two percent of capacity are ten of recovery. */
const HIGHEST_LOAD = 0.8

/** Runs with a failure, a measured recovery and a dump from before it. */
export function measuredRuns(runs: readonly ClusterRun[]): MeasuredRun[] {
  return runs.flatMap(({ row, before }) => {
    const { name, kind, t_fail: failureAtMs, R: measuredMs, rho, mu, lambda } = row
    if ((kind !== 'exception' && kind !== 'kill') || !failureAtMs || !measuredMs || before === null) return []
    return [
      {
        name,
        kind,
        failureAtMs,
        measuredMs,
        arrivalPerSecond: lambda ?? rho * mu,
        capacityPerSecond: mu,
        apart: apartReason(row),
        before: dumpOf(before, name),
      },
    ]
  })
}

function apartReason({ kind, mode, rho, n_restarts: restarts, second_after: secondAfter }: Row): string | null {
  if (mode === 'unaligned') return 'unaligned checkpoints'
  if (secondAfter != null || (kind === 'exception' && (restarts ?? 1) > 1))
    return 'a second failure during the catch-up'
  return rho > HIGHEST_LOAD + 1e-9 ? `load above ${HIGHEST_LOAD}` : null
}
