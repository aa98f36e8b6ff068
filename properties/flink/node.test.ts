/** A running job: a small stand-in for Flink's REST server that serves a saved dump, and only answers GET. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { dumpIndexSchema, twin } from '../../src/flink/index.ts'
import { fetchAnswers, readDump, saveAnswers, UnusableSource } from '../../src/flink/node.ts'
import { type Answers, packedRun } from './measured-runs.ts'

const folder = mkdtempSync(join(tmpdir(), 'cutline-flink-'))
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Serves answers by path; everything else is a 404 as Flink has it. Returns the address and the requests seen. */
async function serve(pages: ReadonlyMap<string, string>): Promise<{ address: string; seen: string[] }> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    const text = pages.get(request.url!)
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(text ?? '{"errors":["Not found: /x"]}')
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

/** The pages of a Flink that a dump was saved from. */
function pagesOf(answers: Answers): Map<string, string> {
  const index = dumpIndexSchema.parse(JSON.parse(answers['_index.json']!))
  const pages = new Map<string, string>()
  for (const [name, { path }] of Object.entries(index.requests)) {
    const text = answers[`${name}.json`]
    // Which metrics are asked for may differ; the answer holds them all.
    if (text !== undefined) pages.set(path, text)
  }
  return pages
}

const run = packedRun('ex-T10-r60-2')
const jobId = JSON.parse(run.before!['job.json']!).jid as string
const jobs = (...ids: string[]): [string, string] => [
  '/jobs/overview',
  JSON.stringify({ jobs: ids.map((jid) => ({ jid, name: `job ${jid}`, state: 'RUNNING' })) }),
]

/** Pages that answer whichever metrics are asked for. */
class AnyMetrics extends Map<string, string> {
  override get(url: string): string | undefined {
    const path = url.split('?')[0]!
    return super.get(url) ?? [...this].find(([page]) => page.split('?')[0] === path)?.[1]
  }
}

const live = () => serve(new AnyMetrics([...pagesOf(run.before!), jobs(jobId)]))

describe('a running job', () => {
  it('gives the same twin as the folder that was saved from it', async () => {
    const { address, seen } = await live()
    const options = { failureAtMs: 1795413981796 }
    const fetched = twin(await readDump(address), options)
    const saved = join(folder, 'before')
    mkdirSync(saved)
    for (const [name, text] of Object.entries(run.before!)) writeFileSync(join(saved, name), text)
    const { problems, ...report } = twin(await readDump(saved), options)
    expect(problems).toEqual([])
    // Served now, a failure then is of the past: only the checkpoint before it is known either way.
    expect(fetched).toEqual({ ...report, problems: [] })
    expect(seen.length).toBeGreaterThan(20)
    expect(seen.filter((request) => !request.startsWith('GET '))).toEqual([])
  })

  it('round-trips through --save: the same answers, file by file', async () => {
    const { address } = await live()
    const answers = await fetchAnswers(address)
    const saved = join(folder, 'saved')
    const files = saveAnswers(answers, saved)
    expect(files).toContain(join(saved, 'checkpoint_2_subtasks_v1.json'))
    const again = await readDump(saved)
    const index = dumpIndexSchema.parse(JSON.parse(answers.get('_index')!))
    expect(index.vertex_ids).toHaveLength(3)
    expect(index.requests.checkpoints!.path).toBe(`/jobs/${jobId}/checkpoints`)
    for (const [name, text] of Object.entries(run.before!))
      if (name !== '_index.json') expect(answers.get(name.replace('.json', '')), name).toBe(text)
    expect(twin(again).inferred).toEqual(twin(await readDump(address)).inferred)
  })

  it('is named by --job, or by the id in the address of its dashboard, where several run', async () => {
    const { address } = await serve(new AnyMetrics([...pagesOf(run.before!), jobs(jobId, '0'.repeat(32))]))
    await expect(readDump(address)).rejects.toThrow(UnusableSource)
    await expect(readDump(address)).rejects.toThrow(/runs 2 jobs: name one of them with --job/)
    expect((await readDump(address, { jobId })).jobId).toBe(jobId)
    expect((await readDump(`${address}/#/job/running/${jobId}/overview`)).jobId).toBe(jobId)
  })

  it('that answers in parts: the rest is known', async () => {
    const pages = new AnyMetrics([...pagesOf(run.before!), jobs(jobId)])
    pages.delete(`/jobs/${jobId}/exceptions`)
    const { address } = await serve(pages)
    const report = twin(await readDump(address))
    expect(report.problems).toEqual(['exceptions.json holds an error of Flink instead of an answer: Not found: /x'])
    expect(report.inferred.arrivalPerSecond.value).toBeCloseTo(600, 0)
  })
})

describe('a source that cannot be used: one sentence', () => {
  it('nobody there, or not Flink, or no job', async () => {
    await expect(readDump('http://127.0.0.1:9')).rejects.toThrow(/^Nobody answers at http:\/\/127\.0\.0\.1:9\//)
    const { address: page } = await serve(new Map([['/jobs/overview', '<html></html>']]))
    await expect(readDump(page)).rejects.toThrow(/does not answer with a list of jobs/)
    const { address: idle } = await serve(new Map([jobs()]))
    await expect(readDump(idle)).rejects.toThrow(/runs no job/)
  })

  it('no such folder, or a folder of dumps', async () => {
    await expect(readDump(join(folder, 'none'))).rejects.toThrow(/^There is no .*none: give the address/)
    const both = join(folder, 'both')
    mkdirSync(join(both, 'before'), { recursive: true })
    writeFileSync(join(both, 'before', 'checkpoints.json'), '{}')
    await expect(readDump(both)).rejects.toThrow(/holds several dumps \(.*before\): give one of them/)
  })
})
