import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Aggregate, emptyAggregate, type Failure } from '../../src/check/index.ts'
import { PHASE_NAMES, type Plan } from '../../src/model/index.ts'
import {
  type BugRow,
  bugsLine,
  bugsMarkdown,
  bugTable,
  checkLines,
  checkSummary,
  counted,
  failureLines,
  grouped,
  labelledLines,
  type Paint,
  plain,
  verdictLine,
} from '../../src/report/index.ts'

const FACTS = { scenario: 'shop', protocol: 'aligned', seed: '7', seconds: 2, complete: true }

const good = (changed: Partial<Aggregate> = {}): Aggregate => ({
  ...emptyAggregate(),
  runs: 20_000,
  events: 16_000_000,
  records: 1_000_000,
  checkpointsCompleted: 40_000,
  restores: 11_000,
  commits: 39_000,
  faults: { 'crash-task': 900, 'drop ack': 30, 'drop notify': 12 },
  stateBytes: { count: 400_000, sink: 80_000 },
  stateRuns: 4000,
  intervalsUs: 48_000_000_000,
  durationsUs: 12_000_000_000,
  alignmentUs: 4_000_000_000,
  inFlightRecords: 60_000,
  phases: PHASE_NAMES.map((name) => (name === 'expired' || name === 'decline-sent' ? 0 : 1)),
  ...changed,
})

const failure: Failure = {
  index: 41,
  plan: {
    faults: [
      { what: 'ambiguous', target: { effect: 'metadata' }, when: { phase: 'metadata-begin', nth: 2 } },
      { what: 'crash-task', target: { operator: 'count', subtask: 1 }, when: { at: 12_500 } },
    ],
  } as unknown as Plan,
  digest: '0123456789abcdef',
  finding: {
    oracle: 'cut',
    kind: 'orphan',
    class: 'safety',
    part: 'operator',
    fingerprint: 'cut/orphan:operator',
    message: 'Checkpoint 3 is no consistent cut.',
    atUs: 5,
    expected: 4,
    actual: { got: 5 },
  },
}

describe('the summary of a check', () => {
  it('has means for S and C, rates, and the phases that never came', () => {
    const summary = checkSummary(FACTS, good())
    expect(summary).toMatchObject({
      verdict: 'holds',
      runsPerSecond: 10_000,
      eventsPerSecond: 8_000_000,
      stateBytes: { count: 100, sink: 20 },
      S: 120,
      C: { intervalMs: 1200, durationMs: 300, checkpoints: 40_000 },
      alignment: { alignedMs: 100, inFlightRecords: 1.5 },
      coverage: { phases: PHASE_NAMES.length - 2, of: PHASE_NAMES.length, missing: ['expired', 'decline-sent'] },
    })
    expect(summary).not.toHaveProperty('bug')
    expect(summary).not.toHaveProperty('oracle')
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
  })

  it('of nothing at all is finite and vacuous', () => {
    const summary = checkSummary(FACTS, emptyAggregate())
    expect(summary).toMatchObject({ verdict: 'vacuous', S: 0, C: { intervalMs: 0, durationMs: 0, checkpoints: 0 } })
    expect(JSON.stringify(summary)).not.toContain('null')
    expect(checkLines(summary, plain).join('\n')).not.toMatch(/NaN|Infinity/)
  })

  it('names the finding of a failure', () => {
    const { run, oracle, fingerprint, message } = checkSummary(FACTS, good({ failure }))
    expect([run, oracle, fingerprint, message]).toEqual([
      41,
      'cut',
      'cut/orphan:operator',
      'Checkpoint 3 is no consistent cut.',
    ])
  })
})

describe('the verdict in one line', () => {
  it.each<[string, Partial<Aggregate>, boolean, string]>([
    ['holds', {}, true, 'holds: 0 of 20,000 runs: p < 0.00015 at 95 %'],
    [
      'does not count runs that say nothing',
      { inconclusive: 5000 },
      true,
      'holds: 0 of 15,000 runs: p < 0.00020 at 95 %',
    ],
    ['claims no bound above 1', { runs: 1 }, true, 'holds: 0 of 1 run, too few to bound anything'],
    ['fails', { failure }, true, 'safety violated: run 41, cut/orphan:operator'],
    ['is vacuous', { commits: 0 }, true, 'vacuous: nothing was put to the test: nothing was committed'],
    ['is inconclusive', {}, false, 'inconclusive: the check was stopped after 20000 runs'],
  ])('%s', (_, changed, complete, line) => {
    expect(verdictLine(checkSummary({ ...FACTS, complete }, good(changed)), plain)).toBe(line)
  })

  it('has its first words painted by what they mean', () => {
    const paint: Paint = (text, role) => `<${role}>${text}</${role}>`
    expect(verdictLine(checkSummary(FACTS, good()), paint)).toMatch(/^<good>holds<\/good>: 0/)
    expect(verdictLine(checkSummary(FACTS, good({ failure })), paint)).toMatch(/^<bad>safety violated<\/bad>: run/)
  })
})

describe('what was done', () => {
  it('in lines with labels', () => {
    expect(
      checkLines(checkSummary({ ...FACTS, bug: 'a-bug' }, good({ permitted: { 'orphan-file': 3 } })), plain),
    ).toEqual([
      '  check        shop with a-bug, aligned, seed 7',
      '  done         20,000 runs in 2 s (10,000/s), 16,000,000 events (8,000,000/s), 1,000,000 records',
      '  seen         40,000 checkpoints completed, 11,000 restores, 39,000 commits',
      '  faults       crash-task 900, drop 42',
      '  permitted    orphan-file 3',
      '  state        S = 120 bytes, count 100, sink 20',
      '  checkpoints  every 1.2 s (C), durable 300 ms after their trigger, 100 ms of aligning in all tasks,',
      '               1.5 records in flight in each',
      `  coverage     ${PHASE_NAMES.length - 2} of ${PHASE_NAMES.length} phases, never expired, decline-sent`,
      '  digest       0000000000000000',
    ])
  })

  it('tells of invariants that the protocol does not carry', () => {
    const skipped = [{ name: 'every order is paid once', needs: 'exactly-once' }]
    const summary = checkSummary({ ...FACTS, skipped }, good())
    expect(summary.skipped).toEqual(skipped)
    expect(checkLines(summary, plain)).toContain("  skipped      'every order is paid once' needs exactly-once")
    expect(checkSummary(FACTS, good()).skipped).toEqual([])
  })

  it('tells of broken assumptions', () => {
    const lines = checkLines(
      checkSummary(FACTS, good({ assumptions: { 'restart-budget': 9 }, inconclusive: 7 })),
      plain,
    )
    expect(lines).toContain('  assumptions  restart-budget 9, broken by the plan in 7 runs, which do not count')
  })
})

describe('the report of a failure', () => {
  const { finding, plan } = failure
  it('has the replay first, then faults, expected and actual, sizes and files', () => {
    const shrunk = {
      from: { faults: 5, records: 87, parallelism: 2 },
      to: { faults: 2, records: 1, parallelism: 1 },
      evaluations: 1234,
      seconds: 0.8,
    }
    expect(failureLines({ finding, plan, token: 'cutline:v1:x', shrunk, files: ['a.jsonl'] }, plain)).toEqual([
      'Checkpoint 3 is no consistent cut.',
      '',
      'cutline replay cutline:v1:x',
      '',
      '  faults    the 2nd metadata ends with an unknown outcome',
      '            count[1] crashes at 12.5 ms',
      '  expected  4',
      '  actual    {"got":5}',
      '  shrunk    5 faults, 87 records, parallelism 2 → 2 faults, 1 record, parallelism 1 (1,234 runs, 800 ms)',
      '  written   a.jsonl',
    ])
  })

  it.each([
    ['book.txt', 'cutline replay cutline:v1:x --input book.txt'],
    ['../a/b-1.txt', 'cutline replay cutline:v1:x --input ../a/b-1.txt'],
    ["my book's.txt", "cutline replay cutline:v1:x --input 'my book'\\''s.txt'"],
    ['$HOME', "cutline replay cutline:v1:x --input '$HOME'"],
  ])('names the file that was read, ready for a shell: %s', (input, line) => {
    expect(failureLines({ finding, plan, token: 'cutline:v1:x', input, files: [] }, plain)).toContain(line)
  })

  it('says that no fault is needed, and that nothing could be made smaller', () => {
    const size = { faults: 0, records: 3, parallelism: 1 }
    const shrunk = { from: size, to: size, evaluations: 9, seconds: 0.01 }
    const lines = failureLines({ finding, plan: { ...plan, faults: [] }, token: null, shrunk, files: [] }, plain)
    expect(lines).not.toContain('cutline replay null')
    expect(lines).toContain('  faults    none: it fails without any')
    expect(lines).toContain('  shrunk    0 faults, 3 records, parallelism 1: as small as it was (9 runs, 10 ms)')
  })
})

describe('the museum', () => {
  const row: BugRow = {
    id: 'a-bug',
    issue: 'FLINK-1',
    scenario: 'shop',
    title: 'A bug',
    declared: ['cut'],
    found: true,
    runs: 1305,
    seconds: 1.5,
    oracle: 'cut',
    verdict: 'safety',
    fingerprint: 'cut/orphan',
    shrunk: { faults: 1, records: 2, parallelism: 1, evaluations: 70, seconds: 0.5 },
    token: 'cutline:v1:shop:abc',
    replay: 'same',
  }
  const missed: BugRow = {
    ...row,
    id: 'hidden',
    found: false,
    runs: 2000,
    oracle: null,
    verdict: null,
    fingerprint: null,
    shrunk: null,
    token: null,
    replay: null,
  }

  it('tells what was found, and what is not as it should be', () => {
    expect(bugTable([row, missed]).slice(1)).toEqual([
      ['a-bug', 'FLINK-1', 'shop', 'cut', '1,305', '1', '2', '1.50'],
      ['hidden', 'FLINK-1', 'shop', 'NOT FOUND', '2,000', '', '', '1.50'],
    ])
    expect(bugTable([{ ...row, oracle: 'state', replay: 'passes' }])[1]![3]).toBe('state (unexpected) (replay differs)')
    expect(bugsLine([row])).toBe('all 1 found, at the latest in run 1,305')
    expect(bugsLine([row, missed])).toBe('1 of 2 found, at the latest in run 1,305; missed: hidden')
  })

  it('in Markdown has a row a bug, as many cells in each, and the tokens', () => {
    const text = bugsMarkdown([row, missed], { runs: 2000, seed: '1', command: 'cutline bugs' })
    const cells = text.split('\n').filter((line) => line.startsWith('|'))
    expect(cells).toHaveLength(4)
    expect(new Set(cells.map((line) => line.split('|').length))).toEqual(new Set([10]))
    expect(text).toContain('cutline replay cutline:v1:shop:abc')
  })
})

describe('lines with labels', () => {
  it('keep every item in order, and break before they get too long', () => {
    const item = fc.string({ unit: fc.constantFrom('a', 'b', '-', '0'), minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 40 }), (items) => {
        const lines = labelledLines([['label', items]], plain)
        expect(lines.map((line) => line.slice(9)).join(' ')).toBe(items.join(', '))
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(110)
      }),
    )
  })
})

it('counts are grouped by thousands, with their noun', () => {
  expect([0, 999, 1000, 1234567, 12.6].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567', '13'])
  expect([counted(1, 'fault'), counted(0, 'fault'), counted(2000, 'run')]).toEqual([
    '1 fault',
    '0 faults',
    '2,000 runs',
  ])
})
