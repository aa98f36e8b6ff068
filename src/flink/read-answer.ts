import type { z } from 'zod'

/** An answer read, or one sentence on why it cannot be used. */
export type ReadAnswer<T> = { readonly value: T } | { readonly problem: string }

/** The largest excerpt of a foreign text that a sentence quotes. */
const EXCERPT = 100

const excerpt = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line
}

/**
 * Reads the text of one answer of Flink's REST API.
 * @param name what it is, for the sentence: `checkpoints.json`
 */
export function readAnswer<S extends z.ZodType>(name: string, text: string, schema: S): ReadAnswer<z.output<S>> {
  const trimmed = text.trim()
  if (trimmed === '') return { problem: `${name} is empty where JSON was expected: fetch it again.` }
  if (trimmed.startsWith('<'))
    return {
      problem:
        `${name} is a web page (HTML), not JSON: the address leads to a proxy, a login or Flink's dashboard instead of ` +
        'its REST API; give the address under which /overview answers with JSON.',
    }
  let json: unknown
  try {
    json = JSON.parse(trimmed)
  } catch {
    const open = trimmed.startsWith('{') || trimmed.startsWith('[')
    return {
      problem: open
        ? `${name} breaks off or is damaged after ${trimmed.length} characters of JSON: fetch it again.`
        : `${name} is not JSON but begins with "${excerpt(trimmed)}": give an answer of Flink's REST API.`,
    }
  }
  const refused = flinkError(json)
  if (refused !== null) return { problem: `${name} holds an error of Flink instead of an answer: ${refused}` }
  const parsed = schema.safeParse(json)
  if (parsed.success) return { value: parsed.data }
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? 'at its top' : `at ${issue.path.join('.')}`
  return {
    problem: `${name} is JSON but not the answer that its name promises (${where}: ${issue?.message ?? 'unknown shape'}): was it saved under a wrong name?`,
  }
}

/** The first line of Flink's `{"errors": […]}`, or null. */
export function flinkError(json: unknown): string | null {
  if (typeof json !== 'object' || json === null || !('errors' in json) || !Array.isArray(json.errors)) return null
  const text = json.errors.map(String).find((line) => line.trim() !== '') ?? 'without a reason'
  return excerpt(text.split('\n')[0]!)
}
