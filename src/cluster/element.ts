/** Elements of a channel as ints: a payload slot or checkpoint id, and a kind. */
export const RECORD = 0
export const WATERMARK = 1
// 2 and 3 are BARRIER and CANCEL of model/protocol
export const END_OF_DATA = 4
/** The operand is 1 if the sender has become idle, 0 if it is active again. */
export const STATUS = 5

const KIND_BITS = 3
export const element = (kind: number, operand: number): number => (operand << KIND_BITS) | kind
export const kindOf = (of: number): number => of & 7
export const operandOf = (of: number): number => of >> KIND_BITS
/** True for elements whose operand is a payload slot. */
export const hasPayload = (of: number): boolean => (of & 7) <= WATERMARK
