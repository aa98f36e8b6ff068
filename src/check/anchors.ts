/** Anchors that a fault may have in place of a time, or of a harder anchor. */
import { EFFECTS, type Fault, type When } from '../model/index.ts'
import { anchorOf, type PhaseOccurrence } from './phase-log.ts'
import { isTimed } from './plan-codec.ts'

/** Phases that are looked at around the moment at which a fault strikes. */
const NEARBY = 16

/** What it costs to understand when a fault strikes. Writes are counted per record, so they say little. */
export function weightOf(when: When): number {
  if (isTimed(when)) return Number.POSITIVE_INFINITY
  return when.nth + (when.restore === undefined ? 0 : 1) + (when.phase === 'write-sent' ? 10 : 0)
}

/** Anchors that are easier to understand than the one a fault has, the easiest first; an effect keeps the phase where it begins. */
export function easierAnchors(log: readonly PhaseOccurrence[], fault: Fault): When[] {
  const { target, when } = fault
  if (typeof target === 'object' && 'effect' in target) {
    if (!isTimed(when)) return []
    const { phase } = EFFECTS[target.effect]
    return log
      .filter((occurrence) => occurrence.phase === phase && occurrence.atUs >= when.at)
      .slice(0, 2)
      .map(anchorOf)
  }
  return anchorsNear(log, fault).filter((near) => weightOf(near) < weightOf(when))
}
/** Anchors around the moment at which a fault strikes, of each phase the nearest one; the easiest to understand first. */
export function anchorsNear(log: readonly PhaseOccurrence[], { when }: Fault): When[] {
  const struckAt = isTimed(when) ? when.at : log.find((occurrence) => isAt(occurrence, when))?.atUs
  if (struckAt === undefined) return []
  const distance = ({ atUs }: PhaseOccurrence): number => Math.abs(atUs - struckAt)
  const phases = new Set<string>()
  return [...log]
    .sort((a, b) => distance(a) - distance(b))
    .filter(({ phase }) => !phases.has(phase) && phases.add(phase))
    .slice(0, NEARBY)
    .map(anchorOf)
    .sort((a, b) => weightOf(a) - weightOf(b))
}
const isAt = (occurrence: PhaseOccurrence, { phase, nth, restore }: Exclude<When, { at: number }>): boolean =>
  occurrence.phase === phase &&
  (restore === undefined
    ? occurrence.nth === nth
    : occurrence.restore === restore && occurrence.nthSinceRestore === nth)
