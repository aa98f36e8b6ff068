/** The arrival rate: records per second that the sources emit when they keep up. */
import { type Inferred, known, mean, measured, sum, unknown } from './inferred.ts'
import type { JobDump, VertexDump } from './job-dump.ts'
import {
  readsPerSourceRecord,
  runningMs,
  sourceVertices,
  subtaskMetric,
  taskSamples,
  VIEW_FULL_MS,
  workBetweenDumps,
  workKnown,
  workSinceStart,
  workWithinDump,
} from './task-work.ts'
import { tickRates } from './view-tick.ts'

/** The shortest stretch that a rate is taken from, ms. */
const SHORTEST_MS = 1000
/** How exactly the time of a sample is known, ms. */
const CLOCK_MS = 20
/** Busy or back-pressured above this share, a job works off a backlog: what it reads is what it can, not what arrives. */
const SATURATED = 0.97

/** What the sources had emitted when they were last sampled. */
export interface SourceProgress {
  /** Since the tasks began to run. */
  readonly records: number
  /** Epoch ms. */
  readonly sampledAtMs: number
  /** When the first source task began to run, epoch ms. */
  readonly runningSinceMs: number
  /** No source task has been restarted. */
  readonly firstAttempt: boolean
}

export function sourceProgress(dump: JobDump): SourceProgress | null {
  const samples = sourceVertices(dump.vertices).flatMap(taskSamples)
  if (samples.length === 0) return null
  return {
    records: sum(samples.map((task) => task.recordsOut)),
    sampledAtMs: mean(samples.map((task) => task.sampledAtMs)),
    runningSinceMs: Math.min(...samples.map((task) => task.runningSinceMs)),
    firstAttempt: samples.every((task) => task.attempt === 0),
  }
}

/** Adds up a rate of each source; null unless every source has one. */
function overSources(
  sources: readonly VertexDump[],
  rate: (source: VertexDump) => { readonly perSecond: number; readonly overMs: number } | null,
): { perSecond: number; overMs: number } | null {
  const rates = sources.map(rate)
  if (rates.length === 0 || rates.some((one) => one === null || !(one.perSecond > 0))) return null
  return { perSecond: sum(rates.map((one) => one!.perSecond)), overMs: Math.min(...rates.map((one) => one!.overMs)) }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

export interface ArrivalInput {
  readonly dump: JobDump
  /** An earlier dump of the same job. */
  readonly earlier: JobDump | null
  /** The vertex that limits the job. */
  readonly bottleneck: VertexDump | null
  /** `--arrival` */
  readonly given: number | undefined
}

/**
 * Infers the arrival rate, by the first of these that the dump allows: given; since a restore that has been caught up with;
 * two dumps; the 60-second meters once they are full; two samples within the dump; the last metric tick; since the start.
 */
export function inferArrival({ dump, earlier, bottleneck, given }: ArrivalInput): Inferred {
  if (given !== undefined) return measured(given, 'given', 0, '--arrival')
  const sources = sourceVertices(dump.vertices)
  if (sources.length === 0) return unknown('the dump holds no vertices; give --arrival')
  const restored = sinceRestore(dump, bottleneck)
  if (restored !== null) return restored
  const found = betweenDumps(earlier, sources) ?? withinDump(dump, sources, bottleneck)
  if (found === null)
    return unknown(
      'no source says how many records it emits (a source chained to its sink counts none, and versions before 1.16 do ' +
        'not say since when); give --arrival',
    )
  return backlogged(bottleneck, sources)
    ? { ...found, sure: 'low', relativeSd: 0.1, from: `${found.from}; the job was saturated, so more may arrive` }
    : found
}

function betweenDumps(earlier: JobDump | null, sources: readonly VertexDump[]): Inferred | null {
  const rate = overSources(sources, (source) => {
    const older = earlier?.vertices.find((vertex) => vertex.id === source.id)
    const work = older === undefined ? null : workBetweenDumps(older, source)
    if (work === null || work.elapsedMs < SHORTEST_MS) return null
    return { perSecond: (work.recordsOut / work.elapsedMs) * 1000, overMs: work.elapsedMs }
  })
  if (rate === null) return null
  return measured(
    rate.perSecond,
    'high',
    CLOCK_MS / rate.overMs,
    `records emitted in the ${seconds(rate.overMs)} between the dumps`,
  )
}

function withinDump(dump: JobDump, sources: readonly VertexDump[], bottleneck: VertexDump | null): Inferred | null {
  return fullMeters(sources) ?? twoSamples(sources) ?? oneSample(dump, sources, bottleneck)
}

/** `numRecordsOutPerSecond` once it covers 60 s. */
function fullMeters(sources: readonly VertexDump[]): Inferred | null {
  const rate = overSources(sources, (source) => {
    if ((runningMs(source) ?? 0) < VIEW_FULL_MS) return null
    return { perSecond: subtaskMetric(source, 'numRecordsOutPerSecond') * source.parallelism, overMs: 60_000 }
  })
  return rate === null
    ? null
    : measured(rate.perSecond, 'high', 0.005, 'numRecordsOutPerSecond of the sources, over 60 s')
}

/** A vertex that has been idle for longer than this since it runs has had nothing to read: the backlog was gone. */
const IDLE_OF_BACKLOG_MS = 300

/**
 * After a restore the sources emit all that came since the trigger of the checkpoint; once the backlog is gone, that over
 * the time since the trigger is the arrival rate, however far the job fell behind in between.
 */
function sinceRestore(dump: JobDump, bottleneck: VertexDump | null): Inferred | null {
  const restored = dump.checkpoints?.latest?.restored
  const origin = dump.checkpoints?.history.find((entry) => entry.id === restored?.id)
  if (!restored || origin === undefined || bottleneck === null) return null
  const tasks = taskSamples(bottleneck)
  const began = tasks.length > 0 && Math.min(...tasks.map((task) => task.runningSinceMs)) >= restored.restore_timestamp
  const idle = tasks.some((task) => task.idleMs > IDLE_OF_BACKLOG_MS)
  if (!began || !idle) return null
  const isSource = sourceVertices(dump.vertices).includes(bottleneck)
  const read = sum(tasks.map((task) => (isSource ? task.recordsOut : task.recordsIn)))
  const overMs = mean(tasks.map((task) => task.sampledAtMs)) - origin.trigger_timestamp
  if (read === 0) return null
  return measured(
    ((read / overMs) * 1000) / readsPerSourceRecord(bottleneck, dump.vertices),
    'medium',
    0.01 + 300 / overMs,
    `records read by ${bottleneck.name} since checkpoint ${restored.id}, which the job was restored from, over the ` +
      `${seconds(overMs)} since its trigger`,
  )
}

/** The answer about the job and those about its vertices hold two samples. */
function twoSamples(sources: readonly VertexDump[]): Inferred | null {
  const rate = overSources(sources, (source) => {
    const work = workWithinDump(source)
    if (work === null || work.elapsedMs < SHORTEST_MS) return null
    return { perSecond: (work.recordsOut / work.elapsedMs) * 1000, overMs: work.elapsedMs }
  })
  if (rate === null) return null
  const from = `records emitted between the two samples within the dump, ${seconds(rate.overMs)} apart (job.json is the older)`
  return measured(rate.perSecond, rate.overMs > 3000 ? 'high' : 'medium', 0.002 + CLOCK_MS / rate.overMs, from)
}

/**
 * From one sample: all records over the time since the first source task runs, unless idle time per record since the last
 * metric tick says that the source began to emit later.
 */
function oneSample(dump: JobDump, sources: readonly VertexDump[], bottleneck: VertexDump | null): Inferred | null {
  const progress = sourceProgress(dump)
  if (progress === null) return fromJobAnswer(sources)
  if (progress.records === 0) return null
  const overMs = progress.sampledAtMs - progress.runningSinceMs
  const overall = (progress.records / overMs) * 1000
  const reads = bottleneck === null ? 1 : readsPerSourceRecord(bottleneck, dump.vertices)
  // Emitting can begin later than running, not earlier: a rate below the overall one is not it.
  const tick = (bottleneck === null ? [] : tickRates(bottleneck)).find(
    ({ perSecond, relativeSd }) => perSecond / reads > overall * (1 - 2 * relativeSd),
  )
  if (tick !== undefined) {
    const perSecond = tick.perSecond / reads
    if (perSecond > overall * (1 + 2 * tick.relativeSd))
      return measured(
        perSecond,
        tick.relativeSd < 0.05 ? 'medium' : 'low',
        tick.relativeSd,
        `idle time per record of ${bottleneck!.name} in the ${seconds(tick.spanMs)} since the last metric tick: the source ` +
          `began to emit about ${seconds(overMs - (progress.records / perSecond) * 1000)} after it ran`,
      )
  }
  return measured(
    overall,
    tick === undefined ? 'low' : 'medium',
    tick === undefined ? 0.05 : 0.02,
    `records emitted over the ${seconds(overMs)} since the source runs`,
  )
}

/** Without details of the vertices: sums of the answer about the job. */
function fromJobAnswer(sources: readonly VertexDump[]): Inferred | null {
  const rate = overSources(sources, (source) => {
    const work = workSinceStart(source)
    return work === null || work.elapsedMs < SHORTEST_MS
      ? null
      : { perSecond: (work.recordsOut / work.elapsedMs) * 1000, overMs: work.elapsedMs }
  })
  if (rate === null) return null
  return known(
    rate.perSecond,
    'low',
    `records emitted over the ${seconds(rate.overMs)} since the sources run, by job.json alone`,
  )
}

/** Whether the job was working off a backlog when it was sampled. */
function backlogged(bottleneck: VertexDump | null, sources: readonly VertexDump[]): boolean {
  if (sources.some((source) => (source.backPressure?.subtasks ?? []).some((task) => (task.ratio ?? 0) > 0.1)))
    return true
  if (bottleneck === null || sources.includes(bottleneck)) return false
  const recent = workWithinDump(bottleneck) ?? workKnown(bottleneck)
  return recent !== null && recent.busyMs > SATURATED * recent.elapsedMs * recent.subtasks
}
