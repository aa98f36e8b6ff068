import { OutOfRange, requireProbability } from './out-of-range.ts'

/** A random duration in ms. `quantile` and `cdf` are inverse to each other where the distribution has no jump. */
export interface DurationDistribution {
  readonly meanMs: number
  /** Probability of a value of at most `valueMs`. */
  cdf(valueMs: number): number
  /** Smallest value that is not exceeded with this probability, in [0, 1]; 1 gives the worst case, maybe Infinity. */
  quantile(probability: number): number
}

/** The distribution of equally likely samples; quantiles are linear between them. Infinity stands for "never". */
export function sampledDistribution(samplesMs: readonly number[]): DurationDistribution {
  const sorted = [...samplesMs].sort((a, b) => a - b)
  if (sorted.length === 0) throw new OutOfRange('sampled', 'a distribution needs at least one sample, got none')
  return {
    meanMs: sorted.reduce((sum, sample) => sum + sample, 0) / sorted.length,
    cdf: (valueMs) => sorted.filter((sample) => sample <= valueMs).length / sorted.length,
    quantile(probability) {
      requireProbability('sampled', 'probability', probability)
      const place = probability * (sorted.length - 1)
      const low = sorted[Math.floor(place)]!
      const high = sorted[Math.ceil(place)]!
      return low === high ? low : low + (high - low) * (place - Math.floor(place))
    },
  }
}
