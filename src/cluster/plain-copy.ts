import { deepFreeze, hashValue } from '../kernel/index.ts'

/**
 * A frozen copy of a plain value: what a network or a snapshot makes of it, so that its owner can go on changing what is his.
 * @throws UnsupportedValue if records and state cannot carry it
 */
export function plainCopy<T>(value: T): T {
  hashValue(value)
  return deepFreeze(copied(value) as T)
}
function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copied)
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, copied(held)]))
}
