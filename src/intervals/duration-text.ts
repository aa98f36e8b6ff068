const UNITS: readonly (readonly [limitMs: number, unitMs: number, unit: string])[] = [
  [1000, 1, 'ms'],
  [120_000, 1000, 's'],
  [7_200_000, 60_000, 'min'],
  [172_800_000, 3_600_000, 'h'],
  [Number.POSITIVE_INFINITY, 86_400_000, 'd'],
]

/** A number with three significant digits and no trailing zeros: 85.19 -> "85.2", 1240 -> "1240", 0.05012 -> "0.0501". */
export function numberText(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return String(Number(value.toFixed(Math.min(digits, 20))))
}

/** A duration for people, three significant digits, the unit chosen by size: 85190 -> "85.2 s", Infinity -> "never". */
export function durationText(durationMs: number): string {
  if (durationMs === Number.POSITIVE_INFINITY) return 'never'
  for (const [limitMs, unitMs, unit] of UNITS)
    if (Math.abs(durationMs) < limitMs) return `${numberText(durationMs / unitMs)} ${unit}`
  return String(durationMs)
}

/** A whole number of milliseconds in full, as a setting needs it: 1095000 -> "18 min 15 s", 85000 -> "85 s", 1500 -> "1.5 s". */
export function settingText(durationMs: number): string {
  const whole = Math.round(durationMs)
  if (whole < 1000) return `${whole} ms`
  if (whole < 120_000) return `${whole / 1000} s`
  const parts: string[] = []
  let restMs = whole
  for (const [unitMs, unit] of [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const) {
    const count = Math.floor(restMs / unitMs)
    restMs -= count * unitMs
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  if (restMs > 0) parts.push(`${restMs / 1000} s`)
  return parts.join(' ')
}
