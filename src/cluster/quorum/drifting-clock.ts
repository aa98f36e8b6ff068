/**
 * The clock of a machine: it runs too fast or too slow by up to {@link DRIFT_BOUND}, and nobody in the simulation knows by how
 * much. Leases are measured on it; who relies on the lease of another clock has to leave room for both drifts.
 */
import { fields } from '../../kernel/index.ts'

/** How much a clock may gain or lose, in thousandths: the assumption on which leases stand. */
export const DRIFT_BOUND = 500

export class DriftingClock extends fields({
  /** When the rate was last changed, and what the clock showed then. */
  since: 'time',
  shown: 'time',
  /** In thousandths: 0 is true time. */
  drift: 'int',
}) {
  /** What the clock shows, microseconds. @param now virtual time */
  read(now: number): number {
    return this.shown + Math.floor(((now - this.since) * (1000 + this.drift)) / 1000)
  }
  /** @throws RangeError if the drift is beyond the bound */
  setDrift(now: number, drift: number): void {
    if (Math.abs(drift) > DRIFT_BOUND)
      throw new RangeError(`a clock may drift by up to ${DRIFT_BOUND} thousandths, not by ${drift}`)
    this.shown = this.read(now)
    this.since = now
    this.drift = drift
  }
}

/**
 * For how long a holder may rely on a lease that others keep for `leaseUs` of their own time, counted on its own clock: its clock
 * may be the slowest and theirs the fastest.
 */
export const trustedUs = (leaseUs: number): number =>
  Math.floor((leaseUs * (1000 - DRIFT_BOUND)) / (1000 + DRIFT_BOUND))
