/** Numbers as Flink's REST API writes them: plain, as text, "NaN", or `Long.MAX_VALUE` for "never". */
import { z } from 'zod'

/** From here on a long means "disabled". JSON.parse rounds 9223372036854775807 up, so the bound lies well below. */
const DISABLED_FROM = 2 ** 62

/** A number, or text such as "132340"; "NaN" and other text become NaN. */
export const flinkNumber = z.union([z.number(), z.string()]).transform(Number)

/**
 * A duration in ms where 9223372036854775807 (`Long.MAX_VALUE`, e.g. the interval of a job without periodic
 * checkpoints) means disabled: null then. Flink: CheckpointCoordinatorConfiguration.DISABLED_CHECKPOINT_INTERVAL.
 */
export const millisOrDisabled = z.number().transform((value) => (value >= DISABLED_FROM ? null : value))
