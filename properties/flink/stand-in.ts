/** A small stand-in for Flink's REST server: it serves a saved dump, and hears what is asked. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dumpIndexSchema } from '../../src/flink/index.ts'
import type { Answers } from './measured-runs.ts'

export interface StandIn {
  readonly address: string
  /** The requests so far: 'GET /jobs/overview'. */
  readonly seen: readonly string[]
  close(): void
}

/** Serves answers by path; everything else is a 404 as Flink has it. */
export async function serve(pages: ReadonlyMap<string, string>): Promise<StandIn> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    const text = pages.get(request.url!)
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(text ?? '{"errors":["Not found: /x"]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}`, seen, close: () => server.close() }
}

/** The answer about the jobs of a cluster. */
export const jobs = (...ids: string[]): [path: string, text: string] => [
  '/jobs/overview',
  JSON.stringify({ jobs: ids.map((jid) => ({ jid, name: `job ${jid}`, state: 'RUNNING' })) }),
]

/** Pages that answer whichever metrics are asked for. */
export class AnyMetrics extends Map<string, string> {
  override get(url: string): string | undefined {
    const path = url.split('?')[0]!
    return super.get(url) ?? [...this].find(([page]) => page.split('?')[0] === path)?.[1]
  }
}

/** The pages of a Flink that a dump was saved from. */
export function pagesOf(answers: Answers): Map<string, string> {
  const index = dumpIndexSchema.parse(JSON.parse(answers['_index.json']!))
  const pages = new Map<string, string>()
  for (const [name, { path }] of Object.entries(index.requests)) {
    const text = answers[`${name}.json`]
    // Which metrics are asked for may differ; the answer holds them all.
    if (text !== undefined) pages.set(path, text)
  }
  return pages
}

/** The running job that a dump was saved from. */
export function serveDump(answers: Answers): Promise<StandIn> {
  const { jid } = JSON.parse(answers['job.json']!) as { jid: string }
  return serve(new AnyMetrics([...pagesOf(answers), jobs(jid)]))
}
