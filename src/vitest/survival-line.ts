import { durationText } from '../intervals/index.ts'
import { counted, grouped } from '../report/index.ts'
import type { SurvivalMeta } from './survival-meta.ts'

/** A check in one line: 'survives: 4,812 runs in 4.3 s, 1,120 runs/s, 93 % of phases, 0 of 4,812: p < 0.062 %'. */
export function survivalLine(meta: SurvivalMeta): string {
  const { runs, seconds, run, fingerprint } = meta
  const head = headOf(meta)
  const parts = [`${counted(runs, 'run')} in ${durationText(seconds * 1000)}`, `${rate(runs, seconds)} runs/s`]
  if (run !== undefined) return `${head}: run ${grouped(run)}, ${fingerprint}, ${parts.join(', ')}`
  return `${head}: ${[...parts, phases(meta), ...bound(meta)].join(', ')}`
}

function headOf({ wanted, verdict }: SurvivalMeta): string {
  if (verdict === 'vacuous' || verdict === 'inconclusive') return verdict
  const survives = verdict === 'holds'
  if (wanted === 'survives') return survives ? 'survives' : 'does not survive'
  return survives ? 'survives, but was to fail' : 'fails as it should'
}

const phases = ({ phases, missingPhases }: SurvivalMeta): string =>
  `${Math.floor(((phases - missingPhases.length) / phases) * 100)} % of phases`

/** What a check without a failure bounds, if anything. Hanley and Lippman-Hand 1983: 3 / n at 95 %. */
function bound({ verdict, runs, inconclusiveRuns }: SurvivalMeta): string[] {
  const conclusive = runs - inconclusiveRuns
  if (verdict !== 'holds' || conclusive <= 3) return []
  return [`0 of ${grouped(conclusive)}: p < ${((3 / conclusive) * 100).toPrecision(2)} %`]
}

const rate = (runs: number, seconds: number): string => grouped(Math.round(runs / Math.max(seconds, 0.001)))

/** All checks of a test run in one line; null if there were none. */
export function totalLine(metas: readonly SurvivalMeta[]): string | null {
  if (metas.length === 0) return null
  const runs = metas.reduce((sum, meta) => sum + meta.runs, 0)
  const seconds = metas.reduce((sum, meta) => sum + meta.seconds, 0)
  const never = metas[0]!.missingPhases.filter((phase) => metas.every((meta) => meta.missingPhases.includes(phase)))
  const parts = [
    counted(metas.length, 'check'),
    `${counted(runs, 'run')} in ${durationText(seconds * 1000)}`,
    `${rate(runs, seconds)} runs/s`,
    phases({ ...metas[0]!, missingPhases: never }),
  ]
  return parts.join(', ')
}
