/** Elements of a channel as ints: a payload slot or checkpoint id, and a kind. */
export const RECORD = 0
export const WATERMARK = 1
// 2 and 3 are BARRIER and CANCEL of model/subtask
export const END_OF_DATA = 4
/** The operand is 1 if the sender has become idle, 0 if it is active again. */
export const STATUS = 5

// 6 to 9 are the other barriers and their announcement, of model/channel-state

const KIND_BITS = 4
const KIND_MASK = (1 << KIND_BITS) - 1
export const element = (kind: number, operand: number): number => (operand << KIND_BITS) | kind
export const kindOf = (of: number): number => of & KIND_MASK
export const operandOf = (of: number): number => of >> KIND_BITS
/** True for elements whose operand is a payload slot. */
export const hasPayload = (of: number): boolean => (of & KIND_MASK) <= WATERMARK
/** True for what is made of data, as against events: it is what channel state consists of. Flink: Buffer.isBuffer. */
export const isData = (of: number): boolean => {
  const kind = of & KIND_MASK
  return kind <= WATERMARK || kind === STATUS
}
