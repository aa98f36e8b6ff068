/**
 * The operands of an event, as guards and actions see them. The kernel reuses one mutable object for every event, so a
 * handler reads it and never keeps it.
 *
 * While one event is handled the operands stay the same, also for the guards and actions of the `onDone` transitions
 * that follow from it.
 */
export interface ChartEvent {
  a: number
  b: number
  ref: number
}
