/** The error for a chart that breaks a rule: `chart task: running.aligning on BARRIER: …`. */
export function refusal(chart: string, where: string, sentence: string): Error {
  return new Error(`chart ${chart}: ${where === '' ? '' : `${where}: `}${sentence}`)
}

/** `'a', 'b'` for messages; `none` if there is nothing to list. */
export function listed(names: Iterable<string>): string {
  const quoted = [...names].map((name) => `'${name}'`)
  return quoted.length === 0 ? 'none' : quoted.join(', ')
}
