/**
 * How a checkpoint goes past the records of one task. Flink: CheckpointOptions.AlignmentType.
 *
 * - aligned: behind all that its barriers found before them; nothing in flight belongs to it;
 * - with timeout: aligned, unless that takes too long: then the barriers still on their way overtake;
 * - unaligned: past the records, which become part of it.
 */
export const ALIGNED = 0
export const ALIGNED_WITH_TIMEOUT = 1
export const UNALIGNED = 2
export type AlignmentType = typeof ALIGNED | typeof ALIGNED_WITH_TIMEOUT | typeof UNALIGNED
