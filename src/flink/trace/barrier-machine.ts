import { BARRIER, CANCEL, type OvertakingTaskHost, TIMED_BARRIER, UNALIGNED_BARRIER } from '../../model/index.ts'
import { type AlignedTask, type AtLeastOnceTask, protocols, type UnalignedTask } from '../../protocols/index.ts'
import type { CheckpointMode } from './infer-settings.ts'
import { ORIGINAL } from './original.ts'

/** A task's side of barriers, as the protocols have it. */
export type BarrierMachine = AlignedTask | AtLeastOnceTask | UnalignedTask

/** That of the protocol which is called like the mode. */
export function barrierMachine(mode: CheckpointMode, host: OvertakingTaskHost, name: string): BarrierMachine {
  const protocol = protocols.find((known) => known.name === mode)!
  return protocol.task(host, name, ORIGINAL) as BarrierMachine
}

/** What a task sends on its outputs, as its receivers read it. @param priority true if it overtakes */
export function controlKind(mode: CheckpointMode, kind: number, priority: boolean): number {
  if (kind === CANCEL) return CANCEL
  if (priority) return UNALIGNED_BARRIER
  return mode === 'aligned-timeout' ? TIMED_BARRIER : BARRIER
}

/** True if a checkpoint aligns there, and the time for that may run out, of which no line tells. */
export const mayTimeOut = (machine: BarrierMachine, checkpoint: number): boolean =>
  'isPending' in machine &&
  machine.isPending &&
  machine.current === checkpoint &&
  machine.arrived > 0 &&
  machine.overtaking === 0
