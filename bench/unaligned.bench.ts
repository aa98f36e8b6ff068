/**
 * The reference workload under back-pressure and unaligned checkpoints: operators three times slower and channels of two records,
 * so that barriers overtake what waits in them, and channel state is written, restored and judged.
 */
import { unaligned } from '../src/protocols/index.ts'
import { runReference } from './run-reference.ts'

runReference('unaligned', unaligned, { operatorCost: 18, channelCapacity: 2 })
