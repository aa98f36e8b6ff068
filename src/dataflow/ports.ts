/**
 * Ports: external systems as a sink sees them. A sink that is written against them runs in production with an implementation
 * for the real system, and in a scenario with a simulated one, which refuses, answers late or not at all, and fences as real ones
 * do. Every call that changes something is a moment at which the task may crash.
 *
 * All calls are synchronous and throw a `PortError` if they do not succeed. Values are plain: what JSON can carry, and -0, NaN,
 * infinities, undefined and bigint. They are copied, as by a network.
 */
import type { Key } from '../model/index.ts'

/** Wall clock. */
export interface Clock {
  /** Milliseconds; in a scenario since the start of the run, in virtual time. */
  now(): number
}

/**
 * Objects by path, as in S3 or a file system. An object whose last name begins with '.' or '_' is the writer's own: readers do
 * not see it.
 */
export interface ObjectStore {
  /** Makes the object or replaces it, as a whole. */
  put(path: string, content: unknown): void
  /** The content; undefined if there is no such object. */
  get(path: string): unknown
  /** Paths that begin with `prefix`, in the order of their characters. */
  list(prefix: string): readonly string[]
  /**
   * Moves an object in one step.
   * @returns false if there is no object at `from`, or one at `to`: then nothing has happened. Hadoop: FileSystem.rename
   */
  rename(from: string, to: string): boolean
  /** @returns false if there was no such object */
  delete(path: string): boolean
}

/** A transaction that has not ended. */
export interface UnfinishedTransaction {
  readonly transaction: string
  /** Epoch in which it began. */
  readonly epoch: number
  readonly prepared: boolean
}

/**
 * A log that takes rows in transactions: a message broker, or tables of a database with two-phase commit. Rows of a transaction
 * become visible together when it is committed. A prepared transaction outlives its owner.
 */
export interface TransactionalLog {
  /**
   * Opens a transaction. The first one of a higher epoch fences those before it: open transactions of the owner are aborted, what
   * it prepared stays, and it can open no more. Kafka: transactional.id and initTransactions.
   * @param owner who writes, such as the sink and its subtask
   * @param epoch higher for a later incarnation of the owner: `SinkContext.attempt`
   * @returns the transaction's name, which any client can commit or abort it by
   * @throws PortError 'fenced' if the owner has a higher epoch already
   */
  begin(owner: string, epoch: number): string
  /** Adds a row to an open transaction. @throws PortError 'fenced' or 'lost' if the transaction was aborted */
  append(transaction: string, row: unknown): void
  /** First phase: from now on nothing can be added, and `commit` can succeed whatever becomes of the owner. */
  prepare(transaction: string): void
  /** Makes the rows visible; to commit again is harmless. @throws PortError 'lost' if the transaction was aborted */
  commit(transaction: string): void
  /** Throws an open or a prepared transaction away; one that has ended stays as it is. */
  abort(transaction: string): void
  /** Transactions of an owner that are open or prepared, in the order in which they began. */
  unfinished(owner: string): readonly UnfinishedTransaction[]
}

/** A value as it lies in a key-value store. */
export interface StoredValue {
  readonly value: unknown
  /** Changes with every write of the key. */
  readonly revision: number
}

/** Values by key. A key that is a text whose last name begins with '.' or '_' is the writer's own: readers do not see it. */
export interface KeyValue {
  /** The value; undefined if there is none. */
  get(key: Key): StoredValue | undefined
  /**
   * Sets a key.
   * @param version if given, the write counts only if no greater version is there; a delete leaves its version behind.
   * Elasticsearch: external_gte; Cassandra: USING TIMESTAMP; SQL: ON CONFLICT DO UPDATE ... WHERE version <= excluded.version
   * @returns false if a greater version is there: then nothing has happened
   */
  put(key: Key, value: unknown, version?: number): boolean
  /** Takes a key out. @param version as of `put` */
  delete(key: Key, version?: number): boolean
  /**
   * Sets a key if it has not changed since it was read.
   * @param revision as `get` gave it; undefined: the key must not be there
   * @returns false if it has changed: then nothing has happened. etcd: a transaction on mod_revision
   */
  compareAndSet(key: Key, revision: number | undefined, value: unknown): boolean
}

/** What a scenario gives to the factory of a sink: external systems by name, made when first asked for. */
export interface Ports {
  readonly clock: Clock
  log(name: string): TransactionalLog
  objects(name: string): ObjectStore
  keyValue(name: string): KeyValue
}
