/** Words, or items, on lines of at most this many letters, with a space between them; a longer one stands alone. */
export function wrapped(words: readonly string[], letters: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > letters) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
