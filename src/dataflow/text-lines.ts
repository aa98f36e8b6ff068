/** The lines of a text, without their ends (LF or CRLF) and without a byte order mark. A last line end begins no new line. */
export function parseTextLines(text: string): string[] {
  const body = withoutByteOrderMark(text)
  if (body === '') return []
  const lines = body.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

export const withoutByteOrderMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
