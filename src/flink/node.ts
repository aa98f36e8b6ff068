/** Dumps on disk and behind an address. Flink is only ever read: every request is a GET. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { checkpointRequests, type DumpRequest, jobRequests } from './dump-layout.ts'
import { type JobDump, parseDump } from './job-dump.ts'

/** A source of a dump that cannot be used at all; the message is one sentence. */
export class UnusableSource extends Error {
  override readonly name = 'UnusableSource'
}

/** Checkpoints that are asked for one by one: the newest completed ones. */
const DETAILED_CHECKPOINTS = 3
const REQUEST_TIMEOUT_MS = 10_000

export const isAddress = (source: string): boolean => /^https?:\/\//i.test(source)

export interface ReadDumpOptions {
  /** The job, where the cluster runs several. */
  readonly jobId?: string | undefined
  /** A saved answer of `/jobs/:id/checkpoints/config`, beside a source that is one saved file. */
  readonly configFile?: string | undefined
}

/**
 * Reads a dump from a running job's address, a folder of saved answers, or one saved answer about checkpoints.
 * @throws UnusableSource if there is nothing to read; what is damaged in it becomes a problem of the dump
 */
export async function readDump(source: string, options: ReadDumpOptions = {}): Promise<JobDump> {
  if (isAddress(source)) return parseDump(await fetchAnswers(source, options.jobId), source)
  const stat = statSync(source, { throwIfNoEntry: false })
  if (stat === undefined)
    throw new UnusableSource(
      `There is no ${source}: give the address of a running Flink (http://…), a folder of saved answers, or one saved answer.`,
    )
  const config = options.configFile === undefined ? [] : [['checkpoints_config', readText(options.configFile)] as const]
  if (!stat.isDirectory()) return parseDump(new Map([['checkpoints', readText(source)], ...config]), source)
  return parseDump(new Map([...folderAnswers(source), ...config]), source)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new UnusableSource(`${file} cannot be read: give a file with an answer of Flink's REST API.`)
  }
}

/** The saved answers of a folder by file name. */
function folderAnswers(folder: string): [string, string][] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json')).map((entry) => entry.name)
  const dumps = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
  const inside = dumps.filter((below) => readdirSync(below).includes('checkpoints.json'))
  if (inside.length > 0 && !names.includes('checkpoints.json'))
    throw new UnusableSource(`${folder} holds several dumps (${inside.join(', ')}): give one of them.`)
  return names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])
}

/**
 * Asks a running Flink for everything about one job, in the layout of a dump.
 * @param address with or without a path; a job id in it (as in the address of its dashboard) names the job
 * @throws UnusableSource if nobody answers, or it is not clear which job is meant
 */
export async function fetchAnswers(address: string, jobId?: string): Promise<Map<string, string>> {
  const base = new URL(address).origin
  const answers = new Map<string, string>()
  const requests: Record<string, { path: string; t: number }> = {}
  const begin = Date.now()
  const ask = async ({ name, path }: DumpRequest): Promise<string> => {
    requests[name] = { path, t: Date.now() }
    const text = await get(`${base}${path}`)
    answers.set(name, text)
    return text
  }

  const id = jobId ?? /[0-9a-f]{32}/.exec(address)?.[0] ?? (await onlyJob(base))
  // First, so that it shows the metrics of an earlier fetch and starts a new one for the vertices.
  const job = parseDump(new Map([['job', await ask({ name: 'job', path: `/jobs/${id}` })]]), address)
  const vertexIds = job.vertices.map((vertex) => vertex.id)
  for (const request of jobRequests(id, vertexIds)) await ask(request)
  const history = parseDump(new Map([['checkpoints', answers.get('checkpoints')!]]), address).checkpoints?.history ?? []
  const newest = history.filter((entry) => entry.status === 'COMPLETED').slice(0, DETAILED_CHECKPOINTS)
  for (const { id: checkpointId } of newest)
    for (const request of checkpointRequests(id, checkpointId, vertexIds)) await ask(request)
  answers.set('_index', JSON.stringify({ begin, end: Date.now(), vertex_ids: vertexIds, requests }))
  return answers
}

/** The text of an answer, whatever its status: Flink puts the reason of a refusal into it. */
async function get(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })
    return await response.text()
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new UnusableSource(`Nobody answers at ${url} (${cause}): give the REST address of a running Flink.`)
  }
}

async function onlyJob(base: string): Promise<string> {
  const text = await get(`${base}/jobs/overview`)
  let jobs: unknown
  try {
    jobs = (JSON.parse(text) as { jobs?: unknown }).jobs
  } catch {
    jobs = undefined
  }
  if (!Array.isArray(jobs))
    throw new UnusableSource(
      `${base}/jobs/overview does not answer with a list of jobs: give the REST address of a running Flink.`,
    )
  const listed = jobs as { jid: string; name: string; state: string }[]
  const running = listed.filter((job) => job.state === 'RUNNING')
  const candidates = running.length > 0 ? running : listed
  if (candidates.length === 1) return candidates[0]!.jid
  const names = candidates.map((job) => `${job.jid} (${job.name})`).join(', ')
  throw new UnusableSource(
    candidates.length === 0
      ? `${base} runs no job: start one, or give a folder of saved answers.`
      : `${base} runs ${candidates.length} jobs: name one of them with --job: ${names}.`,
  )
}

/** Writes answers into a folder, which is made if needed: one file each, named as they are. */
export function saveAnswers(answers: ReadonlyMap<string, string>, folder: string): string[] {
  mkdirSync(folder, { recursive: true })
  const files = [...answers].map(([name, text]) => ({ file: join(folder, `${basename(name)}.json`), text }))
  for (const { file, text } of files) writeFileSync(file, text)
  return files.map(({ file }) => file)
}
