import { BARRIER, FORCED_BARRIER, FORCED_UNALIGNED_BARRIER, TIMED_BARRIER } from '../model/index.ts'

/** Elements of a channel as ints: a payload slot or checkpoint id, and a kind. */
export const RECORD = 0
export const WATERMARK = 1
// 2 and 3 are BARRIER and CANCEL of model/subtask
export const END_OF_DATA = 4
/** The operand is 1 if the sender has become idle, 0 if it is active again. */
export const STATUS = 5

// 6 to 9 and 11 are the other barriers and their announcement, of model/channel-state

/** A token of a loop: see LoopRounds. The operand is what it tells. */
export const LOOP_TOKEN = 10

const KIND_BITS = 4
const KIND_MASK = (1 << KIND_BITS) - 1
export const element = (kind: number, operand: number): number => (operand << KIND_BITS) | kind
export const kindOf = (of: number): number => of & KIND_MASK
export const operandOf = (of: number): number => of >> KIND_BITS
/** True for elements whose operand is a payload slot: channel state consists of them. */
export const hasPayload = (of: number): boolean => (of & KIND_MASK) <= WATERMARK
/** True for barriers that stay behind the records before them until somebody moves them. */
export const isAlignedBarrier = (kind: number): boolean =>
  kind === BARRIER || kind === TIMED_BARRIER || kind === FORCED_BARRIER || kind === FORCED_UNALIGNED_BARRIER
