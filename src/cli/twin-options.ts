/** Readers of option values that the Flink commands need besides those of every command. */
import { UsageError } from './usage-error.ts'

/** A moment: epoch milliseconds or an ISO time such as 2026-03-01T04:10:00Z. @param option e.g. '--failure-at' */
export function epochMs(option: string): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Date.parse(text)
    if (Number.isSafeInteger(value)) return value
    throw new UsageError(
      `${option} wants epoch milliseconds or a time such as 2026-03-01T04:10:00Z, but got '${text}'.`,
    )
  }
}

/** A number above 0; '70_000', '70,000' and '7e4' are read too. @param option e.g. '--arrival' */
export function positiveNumber(option: string): (text: string) => number {
  return (text) => {
    const plain = text.trim().replaceAll(/(?<=\d)[_,](?=\d)/g, '')
    const value = plain === '' ? Number.NaN : Number(plain)
    if (Number.isFinite(value) && value > 0) return value
    throw new UsageError(`${option} wants a number above 0, but got '${text}'.`)
  }
}
