/** What `cutline replay` does: the run of a token once more, and what has become of its failure. */
import type { ReplayAnswer } from '../check/index.ts'
import { describeFault } from '../model/index.ts'
import { findingRows, type Labelled, labelledLines } from '../report/index.ts'
import type { ReplayAnswered } from './check-messages.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'
import { bugByName } from './registry.ts'
import { reportPaint } from './report-paint.ts'
import { sourceOfToken } from './token-source.ts'
import { FINDING_EXIT } from './verdict-exit.ts'
import { writeAsked } from './write-result.ts'

/** The command's options as commander read them. */
export interface ReplayFlags {
  readonly file?: string
  readonly input?: string
  readonly trace?: string
}

/** @throws UsageError if the token cannot be used or the trace cannot be written; UserCodeFailure if the user's file fails */
export async function runReplay(output: Output, token: string, { file, input, trace }: ReplayFlags): Promise<ExitCode> {
  const worker = (await sourceOfToken(token, file)).start()
  try {
    const traced = trace !== undefined
    const replayed = await worker.ask('replay', { token, traced, ...(input === undefined ? {} : { input }) })
    if (traced) writeAsked(trace, replayed.trace.map((line) => `${JSON.stringify(line)}\n`).join(''))
    output.result(replayJson(replayed))
    for (const line of replayText(output, replayed, trace)) output.line(line)
    return exitOf(replayed)
  } finally {
    worker.end()
  }
}

function exitOf({ answer, finding }: ReplayAnswered): ExitCode {
  if (finding === null) return EXIT.HOLDS
  return answer === 'other-failure' ? EXIT.INCONCLUSIVE : FINDING_EXIT[finding.class]
}

function replayJson(replayed: ReplayAnswered): object {
  const { answer, finding, fingerprint, expectedFingerprint, digest, fired, jobChanged, plan } = replayed
  return {
    answer,
    oracle: finding?.oracle ?? null,
    fingerprint,
    digest,
    message: finding?.message ?? null,
    expectedFingerprint,
    scenario: plan.scenario,
    protocol: plan.protocol,
    ...(plan.store === undefined ? {} : { store: plan.store }),
    bug: plan.bug ?? null,
    faults: plan.faults.map((fault, i) => ({ fault: describeFault(fault), struck: fired[i] === true })),
    jobChanged,
  }
}

const WORDS: Readonly<Record<ReplayAnswer, string>> = {
  same: 'the same failure, by the same run',
  'same-failure-other-digest': 'the same failure, but by another run: the code on the way to it has changed',
  'other-failure': 'another failure',
  passes: 'passes: the failure does not come again',
}

function replayText(output: Output, replayed: ReplayAnswered, trace: string | undefined): string[] {
  const { answer, finding, fingerprint, expectedFingerprint, digest, fired, jobChanged, plan } = replayed
  const paint = reportPaint(output.colours)
  const bug = plan.bug === undefined ? null : bugByName(plan.bug)
  const faults = plan.faults.map(
    (fault, i) => `${describeFault(fault)}${fired[i] === true ? '' : ' (never came to it)'}`,
  )
  const rows: Labelled[] = [
    [
      'run',
      `${plan.scenario}, ${plan.protocol}${plan.store === undefined ? '' : `, store ${plan.store}`}, seed ${plan.seed}`,
    ],
    ...(bug === null ? [] : [['bug', `${bug.issue ?? bug.id}: ${bug.title}`] satisfies Labelled]),
    ...(faults.length === 0 ? ['none'] : faults).map((fault, i): Labelled => [i === 0 ? 'faults' : '', fault]),
    ...(fingerprint === null ? [] : [['finding', fingerprint] satisfies Labelled]),
    ...(fingerprint === expectedFingerprint ? [] : [['of the token', expectedFingerprint] satisfies Labelled]),
    ...(finding === null ? [] : findingRows(finding)),
    ['digest', digest],
    ...(jobChanged ? [['job', 'is not the one that the token was made for'] satisfies Labelled] : []),
    ...(trace === undefined ? [] : [['written', trace] satisfies Labelled]),
  ]
  return [
    paint(WORDS[answer], answer === 'passes' ? 'good' : 'bad'),
    ...(finding === null ? [] : [paint(finding.message, 'strong')]),
    '',
    ...labelledLines(rows, paint),
  ]
}
