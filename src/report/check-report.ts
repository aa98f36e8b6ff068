/** A check for people: the verdict first, then what was done. */
import type { Verdict } from '../check/index.ts'
import { durationText } from '../intervals/index.ts'
import type { CheckSummary } from './check-summary.ts'
import { counted, grouped } from './grouped.ts'
import { type Labelled, labelledLines } from './labelled-lines.ts'
import type { Paint, PaintRole } from './paint.ts'

const WORDS: Readonly<Record<Verdict, readonly [words: string, role: PaintRole]>> = {
  holds: ['holds', 'good'],
  safety: ['safety violated', 'bad'],
  liveness: ['liveness violated', 'bad'],
  nondeterministic: ['not deterministic', 'bad'],
  usercode: ['user code failed', 'bad'],
  inconclusive: ['inconclusive', 'strong'],
  vacuous: ['vacuous', 'bad'],
}

/** The verdict in one line: 'holds: 0 of 20,000 runs: p < 0.00015 at 95 %'. */
export function verdictLine(
  { verdict, why, runs, inconclusiveRuns, run, fingerprint }: CheckSummary,
  paint: Paint,
): string {
  const [words, role] = WORDS[verdict]
  return `${paint(words, role)}: ${reason()}`

  function reason(): string {
    if (run !== undefined) return `run ${grouped(run)}, ${fingerprint}`
    if (verdict !== 'holds') return why
    const conclusive = runs - inconclusiveRuns
    // Hanley and Lippman-Hand 1983: with no event in n trials, 3 / n bounds the rate from above
    if (conclusive <= 3) return `0 of ${counted(conclusive, 'run')}, too few to bound anything`
    return `0 of ${grouped(conclusive)} runs: p < ${(3 / conclusive).toPrecision(2)} at 95 %`
  }
}

/** What was done, and what was seen on the way. */
export function checkLines(summary: CheckSummary, paint: Paint): string[] {
  const { scenario, protocol, bug, store, seed, runs, events, records, seconds, C, S, alignment, coverage } = summary
  const rows: Labelled[] = [
    [
      'check',
      `${scenario}${bug === undefined ? '' : ` with ${bug}`}, ${protocol}${store === undefined ? '' : `, store ${store}`}, seed ${seed}`,
    ],
    [
      'done',
      [
        `${counted(runs, 'run')} in ${durationText(seconds * 1000)} (${grouped(summary.runsPerSecond)}/s)`,
        `${counted(events, 'event')} (${grouped(summary.eventsPerSecond)}/s)`,
        counted(records, 'record'),
      ],
    ],
    [
      'seen',
      [
        `${counted(summary.checkpointsCompleted, 'checkpoint')} completed`,
        counted(summary.restores, 'restore'),
        counted(summary.commits, 'commit'),
      ],
    ],
    ['faults', counts(byVerb(summary.faults), 'none')],
  ]
  if (Object.keys(summary.permitted).length > 0) rows.push(['permitted', counts(summary.permitted)])
  if (summary.skipped.length > 0)
    rows.push(['skipped', summary.skipped.map(({ name, needs }) => `'${name}' needs ${needs}`)])
  if (summary.inconclusiveRuns > 0)
    rows.push([
      'assumptions',
      [
        ...counts(summary.assumptions),
        `broken by the plan in ${counted(summary.inconclusiveRuns, 'run')}, which do not count`,
      ],
    ])
  Object.entries(summary.sometimes).forEach(([name, held], i) => {
    rows.push([i === 0 ? 'sometimes' : '', `'${name}' in ${counted(held, 'run')}`])
  })
  if (S > 0) rows.push(['state', [`S = ${counted(S, 'byte')}`, ...counts(summary.stateBytes)]])
  if (C.checkpoints > 0)
    rows.push([
      'checkpoints',
      [
        `every ${durationText(C.intervalMs)} (C)`,
        `durable ${durationText(C.durationMs)} after their trigger`,
        alignment.alignedMs > 0 ? `${durationText(alignment.alignedMs)} of aligning in all tasks` : 'no aligning',
        ...(alignment.inFlightRecords > 0 ? [`${alignment.inFlightRecords} records in flight in each`] : []),
      ],
    ])
  rows.push([
    'coverage',
    [
      `${coverage.phases} of ${coverage.of} phases`,
      // a check that ends early has seen little
      ...(coverage.missing.length > 0 && summary.run === undefined
        ? [`never ${coverage.missing[0]}`, ...coverage.missing.slice(1)]
        : []),
    ],
  ])
  rows.push(['digest', summary.digest])
  return labelledLines(rows, paint)
}

/** 'fail put' and 'fail fetch' together as 'fail': whoever wants to know more asks for JSON. */
function byVerb(faults: Readonly<Record<string, number>>): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [kind, count] of Object.entries(faults)) {
    const [verb = kind] = kind.split(' ')
    sums[verb] = (sums[verb] ?? 0) + count
  }
  return sums
}

function counts(of: Readonly<Record<string, number>>, none?: string): string[] {
  const texts = Object.entries(of).map(([name, count]) => `${name} ${grouped(count)}`)
  return texts.length === 0 && none !== undefined ? [none] : texts
}
