/**
 * A sink of the user's own. Flink: Sink V2 (FLIP-143), SinkWriterOperator and CommitterOperator; facts/checkpointing.md 2.6.
 *
 * ```
 *   record            writer.write(value)
 *   barrier           writer.flush(false), writer.prepareCommit()   -> committables of this checkpoint
 *                     writer.snapshotState(checkpointId)            -> both are in the snapshot
 *   complete          committer.commit(committables)                what is not committed is tried again
 *   restore           committer.commit(committables of the snapshot), then a new writer with the state of the snapshot
 *   end of input      writer.flush(true), writer.prepareCommit()    -> committables of the last checkpoint
 * ```
 *
 * A commit may have happened already when it is asked for: before a crash, or by an older attempt. It must do no harm twice.
 */
import type { Key } from '../model/index.ts'
import { inWords, JobError } from './job-error.ts'
import type { OwnSinkSpec, SinkSpec } from './job-graph.ts'
import type { Ports } from './ports.ts'

/** Who a writer or committer is. Flink: WriterInitContext, CommitterInitContext. */
export interface SinkContext {
  readonly uid: string
  readonly subtask: number
  readonly parallelism: number
  /**
   * Higher for every later attempt of the job: what external systems take as an epoch or a version, so that an attempt which was
   * given up and still runs does no harm. Flink's attempt number begins again with a new JobManager: take a number there that
   * does not, such as one that the external system counts.
   */
  readonly attempt: number
  /** The checkpoint that the attempt began from; undefined if from nothing. */
  readonly restoredCheckpointId: number | undefined
}

/** What a writer is made with. */
export interface WriterContext<State> extends SinkContext {
  /** What `snapshotState` returned for the restored checkpoint; empty if there is none. */
  readonly restored: readonly State[]
}

/** What is known of the record in hand. Flink: SinkWriter.Context. */
export interface WriteContext {
  /** Event timestamp, ms; undefined if the record has none. */
  timestamp(): number | undefined
  /** The last watermark, ms; -Infinity before the first one. */
  currentWatermark(): number
}

/** Flink: SinkWriter, CommittingSinkWriter, StatefulSinkWriter. Committables and state are plain values. */
export interface SinkWriter<In, Committable = unknown, State = unknown> {
  // a function, not a method: a writer of dogs is no writer of animals
  readonly write: (value: In, context: WriteContext) => void
  /** The watermark over the inputs has risen, ms; Infinity at the end of the input. */
  writeWatermark?(timestampMs: number): void
  /** Everything that was written must be handed to the external system. @param endOfInput true: nothing more will come */
  flush?(endOfInput: boolean): void
  /** First phase, after `flush`: what is to be committed once the checkpoint is complete. */
  prepareCommit?(): readonly Committable[]
  /** What a new writer needs to go on from here. */
  snapshotState?(checkpointId: number): readonly State[]
}

/** Flink: Committer. */
export interface Committer<Committable> {
  /**
   * Second phase. Must be idempotent.
   * @returns those that are to be tried again; after ten tries the task fails
   */
  commit(committables: readonly Committable[]): readonly Committable[]
}

/** Makes writers and committers, anew for every attempt. */
export interface Sink<In, Committable = unknown, State = unknown> {
  createWriter(context: WriterContext<State>): SinkWriter<In, Committable, State>
  /** Needed if the writer has `prepareCommit`. */
  createCommitter?(context: SinkContext): Committer<Committable>
}

export interface OwnSinkOptions<In> {
  /**
   * What the sink promises. 'exactly-once', if left out: each record is shown once, and not before the checkpoint that covers it
   * is complete. 'at-least-once': a restart may show records again.
   */
  readonly guarantee?: 'exactly-once' | 'at-least-once'
  /**
   * The rows that a record makes in logs and visible objects, in any order; must be pure, and should be written from what the sink
   * is for, not from its code. If left out: one row, the record itself. 'anything': only when rows are shown is judged, not which.
   */
  readonly rows?: ((value: In) => readonly unknown[]) | 'anything'
}

/**
 * A sink of the user's own, on external systems that the scenario simulates.
 * @param name what the sink is called as long as it has no uid
 * @param make makes the sink from its ports; called anew for every attempt
 * @throws JobError if an argument is not what it must be
 */
export function ownSink<In>(
  name: string,
  make: (ports: Ports) => Sink<In>,
  options: OwnSinkOptions<In> = {},
): OwnSinkSpec<In> {
  const { guarantee = 'exactly-once', rows } = options
  if (typeof make !== 'function')
    throw new JobError(
      `ownSink takes a function from ports to a sink, but got ${inWords(make)}: write ownSink('name', (ports) => new MySink(ports.log('name')))`,
    )
  if (guarantee !== 'exactly-once' && guarantee !== 'at-least-once')
    throw new JobError(
      `the guarantee of a sink must be 'exactly-once' or 'at-least-once', but is ${inWords(guarantee)}`,
    )
  if (rows !== undefined && rows !== 'anything' && typeof rows !== 'function')
    throw new JobError(`rows must be a function from a record to its rows, or 'anything', but is ${inWords(rows)}`)
  return {
    kind: 'own',
    log: checkedName(name, 'sink'),
    make,
    guarantee,
    shows: rows === 'anything' ? { kind: 'anything' } : { kind: 'rows', of: rows ?? itself },
  }
}
const itself = (value: unknown): readonly unknown[] => [value]

/** @throws JobError if the name has other characters than letters, digits and . _ - */
export function checkedName(name: string, of: 'sink' | 'log'): string {
  if (typeof name === 'string' && /^[\w.-]+$/.test(name)) return name
  throw new JobError(`the name of a ${of} must be letters, digits and . _ -, but is ${inWords(name)}`)
}

/** A sink as the job graph has it, from what `sinkTo` was given. @throws JobError if it is no sink */
export function sinkSpec<In>(sink: SinkSpec<In> | Sink<In>): SinkSpec<In> {
  if (typeof (sink as Sink<In> | null)?.createWriter === 'function') return ownSink('sink', () => sink as Sink<In>)
  if (typeof (sink as SinkSpec<In> | null)?.log === 'string') return sink as SinkSpec<In>
  throw new JobError(`sinkTo takes a sink such as transactionalLog('name'), but got ${inWords(sink)}`)
}

/** What an oracle may know of a sink's output without knowing the sink. */
export type Shows<In> =
  | { readonly kind: 'rows'; readonly of: (value: In) => readonly unknown[] }
  /** Each record sets a key, or takes it out if the value is undefined. */
  | { readonly kind: 'upserts'; readonly of: (value: In) => readonly [key: Key, value: unknown] }
  | { readonly kind: 'anything' }
