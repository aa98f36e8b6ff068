/** Damaged dumps: one clear sentence for each thing that is wrong, and still all that can be known. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkpointsConfigSchema,
  checkpointsSchema,
  jobSchema,
  millisOrDisabled,
  parseDump,
  twin,
} from '../../src/flink/index.ts'
import { type Answers, dumpOf, packedRun } from './measured-runs.ts'

const whole = packedRun('ex-T10-r60-2').before!
const problemsOf = (answers: Answers): readonly string[] => twin(dumpOf(answers, 'dump')).problems
const HTML = '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>'

describe('a damaged dump', () => {
  it('that is whole has no problem', () => {
    expect(problemsOf(whole)).toEqual([])
  })

  it('truncated: says which answer breaks off, and keeps the rest', () => {
    const answers = { ...whole, 'exceptions.json': whole['exceptions.json']!.slice(0, -20) }
    const report = twin(dumpOf(answers, 'dump'))
    expect(report.problems).toEqual([
      expect.stringMatching(
        /^exceptions\.json breaks off or is damaged after \d+ characters of JSON: fetch it again\.$/,
      ),
    ])
    expect(report.inferred.mtbfMs.from).toContain('no exceptions.json')
    expect(report.inferred.arrivalPerSecond.value).toBeCloseTo(600, 0)
    expect(report.inferred.checkpointIntervalMs.value).toBe(10_000)
  })

  it('truncated checkpoints: rates are still known', () => {
    const report = twin(dumpOf({ ...whole, 'checkpoints.json': whole['checkpoints.json']!.slice(0, 1500) }, 'dump'))
    expect(report.problems).toHaveLength(1)
    expect(report.inferred.capacityPerSecond.value).toBeGreaterThan(900)
    expect(report.inferred.checkpointLatencyMs.value).toBeNull()
    expect(report.recommended.reason).toContain('checkpoints.json')
  })

  it('truncated anywhere, each answer in turn: one sentence, never an exception', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(whole)),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (name, share) => {
          const text = whole[name]!
          const cut = text.slice(0, Math.floor(text.length * share))
          const read = ['config.json']
          expect(problemsOf({ ...whole, [name]: cut })).toHaveLength(read.includes(name) ? 0 : 1)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('HTML instead of JSON: says what to give instead', () => {
    expect(problemsOf({ ...whole, 'checkpoints.json': HTML })).toEqual([
      expect.stringMatching(/^checkpoints\.json is a web page \(HTML\), not JSON: .*\/overview answers with JSON\.$/),
    ])
  })

  it('empty: a file, or everything', () => {
    expect(problemsOf({ ...whole, 'job.json': '' })).toEqual([
      'job.json is empty where JSON was expected: fetch it again.',
    ])
    const nothing = twin(parseDump(new Map(), 'an/empty/folder'))
    expect(nothing.problems).toEqual([expect.stringMatching(/^an\/empty\/folder holds no answer of Flink's REST API/)])
    expect(nothing.inferred.checkpointIntervalMs.value).toBeNull()
  })

  it('text that is not JSON', () => {
    expect(problemsOf({ ...whole, 'job.json': 'Connection refused' })).toEqual([
      'job.json is not JSON but begins with "Connection refused": give an answer of Flink\'s REST API.',
    ])
  })

  it('an answer under a wrong name', () => {
    expect(problemsOf({ ...whole, 'checkpoints.json': whole['overview.json']! })[0]).toMatch(
      /^checkpoints\.json is JSON but not the answer that its name promises \(at counts: .*wrong name\?$/,
    )
  })

  it('an error of Flink instead of an answer', () => {
    const gone = JSON.stringify({
      errors: ['org.apache.flink.runtime.rest.NotFoundException: Job 6d42 not found\n\tat x'],
    })
    expect(problemsOf({ ...whole, 'job.json': gone })).toEqual([
      'job.json holds an error of Flink instead of an answer: org.apache.flink.runtime.rest.NotFoundException: Job 6d42 not found',
    ])
  })

  it('mixed from two jobs: a sentence for each part, and only the parts of one are used', () => {
    const other = packedRun('ex-T05-r80-1').before!
    const mixed = {
      ...whole,
      'checkpoints.json': other['checkpoints.json']!,
      'job_config.json': other['job_config.json']!,
      'plan.json': other['plan.json']!,
    }
    const report = twin(dumpOf(mixed, 'dump'))
    expect(report.problems.map((problem) => problem.split(' ')[0])).toEqual([
      'job_config.json',
      'plan.json',
      'checkpoints.json',
    ])
    for (const problem of report.problems) expect(problem).toMatch(/is about job [0-9a-f]{32}, .* left out/)
    expect(report.job.name).toBe('ex-T10-r60-2')
    expect(report.inferred.checkpointLatencyMs.value).toBeNull()
    expect(report.inferred.capacityPerSecond.value).toBeGreaterThan(900)
  })

  it('mixed vertices and details: those of the other job graph are left out', () => {
    const renamed = (text: string): string => text.replaceAll('674df9b0384c0348e0b9d1034a44c46c', '0'.repeat(32))
    const report = twin(
      dumpOf(
        {
          ...whole,
          'vertex_v1.json': renamed(whole['vertex_v1.json']!),
          'checkpoint_2.json': renamed(whole['checkpoint_2.json']!),
        },
        'dump',
      ),
    )
    expect(report.problems).toEqual([
      expect.stringMatching(/^1 of the saved vertices \(0{32}\) are not vertices of job/),
      expect.stringMatching(/^The details of checkpoint 2 name vertices that job/),
    ])
  })

  it('of a job without checkpointing', () => {
    const refused = JSON.stringify({ errors: ['Checkpointing is not enabled for this job (6d42134e).'] })
    const { 'checkpoints.json': _, ...rest } = whole
    const report = twin(dumpOf({ ...rest, 'checkpoints_config.json': refused }, 'dump'))
    expect(report.problems[0]).toMatch(/^This job takes no checkpoints, so after a failure it starts from nothing/)
    expect(report.inferred.arrivalPerSecond.value).toBeCloseTo(600, 0)
  })

  it('of a job without periodic checkpoints: 9223372036854775807 is disabled, not a number', () => {
    const config = whole['checkpoints_config.json']!.replace('"interval":10000', '"interval":9223372036854775807')
    const report = twin(dumpOf({ ...whole, 'checkpoints_config.json': config }, 'dump'), { failureAtMs: 1795413981796 })
    expect(report.inferred.checkpointIntervalMs).toMatchObject({ value: null, sure: 'high' })
    expect(report.problems).toEqual([expect.stringContaining('Periodic checkpoints are disabled')])
    expect(report.prediction.atFailure!.fallback.checkpointId).toBe(2)
    expect(JSON.stringify({ ...report, problems: [] })).not.toMatch(/922337203685477/)
  })

  it('without vertices, or without the job: checkpoints are still known', () => {
    const only = {
      'checkpoints.json': whole['checkpoints.json']!,
      'checkpoints_config.json': whole['checkpoints_config.json']!,
    }
    const report = twin(dumpOf(only, 'dump'), { arrivalPerSecond: 600, capacityPerSecond: 1000 })
    expect(report.problems).toEqual([])
    expect(report.prediction.recoveryMs.p50).toBeGreaterThan(5000)
  })

  it('whatever the answers are: a report', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.keys(whole)),
          fc.oneof(
            fc.json(),
            fc.constantFrom('', HTML, 'null', '[]', '{}', '{"errors":["x"]}'),
            fc.constantFrom(...Object.values(whole)),
          ),
        ),
        (answers) => {
          const report = twin(dumpOf(answers, 'dump'), { failureAtMs: 1795413981796 })
          for (const problem of report.problems) expect(problem).toMatch(/^\S.*\S$/s)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('the schemas', () => {
  it('accept fields that they do not know, and keep them', () => {
    const withMore = (text: string): unknown => ({ ...JSON.parse(text), 'added-in-3.0': { deep: [1] } })
    for (const [schema, name] of [
      [checkpointsSchema, 'checkpoints.json'],
      [checkpointsConfigSchema, 'checkpoints_config.json'],
      [jobSchema, 'job.json'],
    ] as const)
      expect(schema.parse(withMore(whole[name]!))).toMatchObject({ 'added-in-3.0': { deep: [1] } })
  })

  it('take Long.MAX_VALUE for disabled, however it was rounded', () => {
    expect(millisOrDisabled.parse(JSON.parse('9223372036854775807'))).toBeNull()
    expect(millisOrDisabled.parse(600_000)).toBe(600_000)
  })
})
