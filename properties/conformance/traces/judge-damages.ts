import { conformTrace, traceOf } from '../../../src/flink/index.ts'
import { DAMAGE_KINDS, type Damage, type DamageKind, damageOf, type Line } from './damage.ts'
import { whyLegal } from './why-legal.ts'

/** A trace as the suite has it. */
export interface TraceCase {
  readonly id: string
  readonly events: readonly Line[]
}
/** What became of one damage. */
export interface JudgedDamage {
  readonly trace: string
  readonly kind: DamageKind
  readonly lines: readonly number[]
  readonly what: string
  /** Why it was refused, and where; null: it was accepted. */
  readonly refused: { readonly line: number; readonly problem: string } | null
  /** Of one that was accepted: why it is legal, null if nobody knows. */
  readonly legal: string | null
}

/** Damages drawn from a seed, the traces and the kinds in turn. */
export function judgeDamages(traces: readonly TraceCase[], count: number, seed: string): readonly JudgedDamage[] {
  return Array.from({ length: count }, (_, i) => {
    const trace = traces[i % traces.length]!
    const kind = DAMAGE_KINDS[Math.floor(i / traces.length) % DAMAGE_KINDS.length]!
    return judge(trace, damageOf(kind, trace.events, `${seed}/${i}`))
  })
}

function judge({ id, events }: TraceCase, damage: Damage): JudgedDamage {
  const { kind, lines, what } = damage
  const { refusal } = conformTrace(traceOf(id, damage.events))
  const refused = refusal === undefined ? null : { line: refusal.line, problem: refusal.problem }
  return { trace: id, kind, lines, what, refused, legal: refused === null ? whyLegal(damage, events) : null }
}
