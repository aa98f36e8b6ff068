import type { Paint } from '../report/index.ts'
import type { Colours } from './terminal.ts'

/** A terminal's colours for the roles that reports know. */
export function reportPaint({ green, red, bold, dim }: Colours): Paint {
  const paints = {
    good: (text: string) => bold(green(text)),
    bad: (text: string) => bold(red(text)),
    strong: bold,
    quiet: dim,
  }
  return (text, role) => paints[role](text)
}
