/** Durations as Flink writes and reads them. Flink: TimeUtils.parseDuration, ConfigurationUtils. */

const UNIT_MS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      ['d day days', 86_400_000],
      ['h hour hours', 3_600_000],
      ['min m minute minutes', 60_000],
      ['s sec secs second seconds', 1000],
      ['ms milli millis millisecond milliseconds', 1],
      ['µs micro micros microsecond microseconds us', 0.001],
      ['ns nano nanos nanosecond nanoseconds', 0.000_001],
    ] as const
  ).flatMap(([names, ms]) => names.split(' ').map((name) => [name, ms] as const)),
)
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i

/** '10 s', '10min', '1000' (ms), 'PT1M30S' -> ms; null if it is none of these. */
export function flinkDurationMs(text: string): number | null {
  const trimmed = text.trim()
  const iso = ISO.exec(trimmed)
  if (iso !== null && trimmed.length > 2) {
    const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0))
    return ((days! * 24 + hours!) * 60 + minutes!) * 60_000 + seconds! * 1000
  }
  const [, number, unit] = /^(\d+)\s*([a-zµ]*)$/i.exec(trimmed) ?? []
  if (number === undefined) return null
  const unitMs = unit === '' ? 1 : UNIT_MS[unit!.toLowerCase()]
  return unitMs === undefined ? null : Number(number) * unitMs
}
