/** A running job: a stand-in for Flink that serves a saved dump. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { dumpIndexSchema, twin } from '../../src/flink/index.ts'
import { fetchAnswers, readDump, saveAnswers, UnusableSource } from '../../src/flink/node.ts'
import { packedRun } from './measured-runs.ts'
import { AnyMetrics, jobs, pagesOf, type StandIn, serve as serveForever } from './stand-in.ts'

const folder = mkdtempSync(join(tmpdir(), 'cutline-flink-'))
const servers: StandIn[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Ends with its test. */
async function serve(pages: ReadonlyMap<string, string>): Promise<StandIn> {
  const server = await serveForever(pages)
  servers.push(server)
  return server
}

const run = packedRun('ex-T10-r60-2')
const jobId = JSON.parse(run.before!['job.json']!).jid as string
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
