/**
 * What an entity offers if its chart has delayed transitions (`after`).
 *
 * Timers are numbered as in {@link CompiledChart.timers}. When timer `i` is due, the entity's chart gets the event of
 * code `declared events + i`. As in XState, leaving a state disarms its timers even if they have fired already, so
 * disarming an idle timer does nothing; a timer is never armed twice without being disarmed in between.
 */
export interface TimerHost {
  /** Starts the timer. `delayUs`: an integer >= 0, in virtual microseconds. */
  armTimer(timer: number, delayUs: number): void
  /** Stops the timer, or does nothing if it is idle. */
  disarmTimer(timer: number): void
}
