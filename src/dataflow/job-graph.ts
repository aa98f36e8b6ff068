/** The job graph: what the environment's calls amount to. Plain data and user functions; the cluster runs it, oracles re-run it. */
import type { Guarantee, HighAvailability, Key, KeyType, Partitioner } from '../model/index.ts'
import type { ChainedStep } from './functions.ts'
import type { Operator } from './operator.ts'
import type { Shows, Sink } from './own-sink.ts'
import type { Ports } from './ports.ts'
import type { ExponentialDelayRestart, FailureRateRestart } from './restart-strategy.ts'
import type { ScenarioInput } from './scenario-input.ts'
import type { TemporalInvariant } from './temporal-invariant.ts'

/** One replayable, ordered sequence of records. `read(position)` is pure: the same position gives the same value for ever. */
export interface Split {
  readonly id: string
  readonly length: number
  read(position: number): unknown
  /**
   * What a reader that resumes at `position` after a restore reads before it goes on, for a source that has more to say than
   * its records, such as its last watermark; must be pure. Nothing if left out.
   */
  resume?(position: number): readonly unknown[]
  /** Virtual time from which on the record can be read, microseconds, rising with the position; from the start if left out. */
  arrivesAtUs?(position: number): number
}

/** A replayable source (FLIP-27): its splits are handed out by an enumerator on the job manager. */
export interface SourceSpec {
  /**
   * The splits of one run.
   * @param records how many records the run may read in all; Infinity for all there are
   * @param draw a pure draw in [0, n) for this run, named by a site: for a seeded window or a seeded shuffle
   */
  splits(records: number, draw: (site: string, key: number, n: number) => number): readonly Split[]
  /** Records per second and split that the source is limited to; undefined: as fast as the plan's source cost lets it. */
  readonly ratePerSecond?: number
}

/** Watermarks of a source. Flink: WatermarkStrategy. */
export interface WatermarkSpec {
  /** Event timestamp of a value, ms, given the one that its record has so far; NaN: none. */
  readonly timestampOf: (value: never, recordTimestampMs: number) => number
  /** Makes the generator of one reader or operator; a fresh one for each attempt. */
  readonly generator: () => WatermarkGenerator
  /** For a reader: it counts as idle when nothing has come for this long, ms. Flink: WatermarkStrategy.withIdleness. */
  readonly idleAfterMs?: number
  /** What the strategy is, in a few words: part of the job's identity. */
  readonly describe: string
}
/** Flink: WatermarkGenerator. It is not part of the checkpoint: after a restore it begins anew. */
export interface WatermarkGenerator<T = unknown> {
  /** After each element has been emitted. */
  onEvent(value: T, timestampMs: number, output: WatermarkOutput): void
  /** Every now and then. Flink: auto-watermark interval; here every third element. */
  onPeriodicEmit(output: WatermarkOutput): void
}
/** Flink: WatermarkOutput. */
export interface WatermarkOutput {
  /** Watermarks that do not rise are dropped; one that does ends idleness. */
  emitWatermark(timestampMs: number): void
  markIdle(): void
  markActive(): void
}

/** What a sink needs to be run: the kind decides contract and protocol steps. */
export type SinkSpec<In = never> = LogSinkSpec | OwnSinkSpec<In>
/** A sink that comes with the cluster. */
export interface LogSinkSpec {
  readonly kind: 'append-log' | 'transactional-log'
  /** Name of the external log. */
  readonly log: string
}
/** A sink that is written against ports, as those of users are. */
export interface OwnSinkSpec<In = never> {
  readonly kind: 'own'
  /** What the sink is called as long as it has no uid. */
  readonly log: string
  readonly make: (ports: Ports) => Sink<In>
  readonly guarantee: 'exactly-once' | 'at-least-once'
  readonly shows: Shows<In>
}

export interface VertexSpec {
  readonly uid: string
  readonly kind: 'source' | 'operator' | 'sink'
  readonly parallelism: number
  readonly source?: SourceSpec
  readonly watermarks?: WatermarkSpec
  /** The head of an operator vertex; a fresh instance for each attempt. */
  readonly operator?: () => Operator
  /** Stateless steps after the head (or after the source's reader), in order. */
  readonly chain: readonly ChainedStep[]
  readonly sink?: SinkSpec
}

export interface EdgeSpec {
  /** 'from->to' by uids; unique within a job. */
  readonly name: string
  readonly from: number
  readonly to: number
  /** Logical input of `to`, from 0; several edges into one input are a union. */
  readonly input: number
  /** Side output of `from` that the edge carries; the main output if left out. */
  readonly tag?: string
  readonly partitioner: Partitioner
  /** True for an edge that closes a loop: it leads back to the loop's head. Feedback edges are the last of all edges. */
  readonly feedback?: true
  /** Key of a value and its type; for partitioner 'key' only. */
  readonly keyOf?: (value: never) => Key
  readonly keyType?: KeyType
}

/** Settings of checkpointing and restart; a setting that the user left open is drawn by the plan. Times in milliseconds. */
export interface JobSettings {
  readonly checkpointIntervalMs: number
  readonly mode: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE'
  readonly checkpointTimeoutMs?: number
  readonly minPauseMs?: number
  readonly maxConcurrentCheckpoints?: number
  readonly tolerableFailedCheckpoints?: number
  readonly retainedCheckpoints?: number
  readonly restartAttempts?: number
  readonly restartDelayMs?: number
  /** In place of a fixed delay. */
  readonly restart?: FailureRateRestart | ExponentialDelayRestart
  readonly maxParallelism: number
}

export interface JobGraph {
  readonly settings: JobSettings
  /** In topological order: an edge leads from a lower to a higher index, unless it is a feedback edge. */
  readonly vertices: readonly VertexSpec[]
  readonly edges: readonly EdgeSpec[]
}

/** A check on what a run has committed, in addition to the oracles: returns a sentence if it is broken. */
export interface Invariant {
  readonly name: string
  /** What the protocol has to guarantee for state; under one that gives less the invariant is skipped. Nothing, if left out. */
  readonly needs?: Guarantee
  /** True if what it looks at does not depend on records that go round a loop: what becomes of these does not matter then. */
  readonly outsideLoops?: true
  /** What is checked in place of a skipped one. */
  readonly otherwise?: Invariant
  /**
   * Called when the job has finished.
   * @param committed the records of each log in the order they became visible
   * @param inputs what a source (by uid) had to read in this run: the values of its splits, split after split
   */
  check(
    committed: Readonly<Record<string, readonly unknown[]>>,
    inputs: (source: string) => readonly unknown[],
  ): string | undefined
}

/** A runnable dataflow with its defaults. */
export interface Scenario {
  readonly name: string
  readonly title: string
  /** The job graph, with the parallelism of some vertices replaced (by uid). */
  graph(parallelism?: Readonly<Record<string, number>>): JobGraph
  /** Whether its plans also rescale the job, which others do only where that is asked for. */
  readonly rescales?: true
  /** How many job managers there are and what its metadata are entrusted to; one, and a store that never fails, if left out. */
  readonly highAvailability?: HighAvailability
  /** Whether its plans also ask for savepoints. */
  readonly savepoints?: true
  /** Records a run reads: a range that the plan draws from, and one run in a `fullEvery` reads all of them. */
  readonly records: { readonly min: number; readonly max: number; readonly fullEvery?: number }
  readonly invariants: readonly Invariant[]
  /** Those over time, which look at more than what has been committed in the end. */
  readonly temporal: readonly TemporalInvariant[]
  /** The text that it reads, if it reads one. */
  readonly input?: ScenarioInput
}
