/** What `cutline explain` does. */
import { storyText } from '../check/index.ts'
import type { TokenRequest } from './check-messages.ts'
import type { Output } from './output.ts'
import { WatchedWorker } from './watched-worker.ts'

/** @throws UsageError if the token cannot be used */
export async function runExplain(output: Output, request: TokenRequest): Promise<void> {
  const worker = new WatchedWorker()
  try {
    const story = await worker.ask('explain', request)
    output.result(story)
    const { red, cyan } = output.colours
    const lines = storyText(story).split('\n')
    story.forEach(({ who }, i) => {
      const paint = who === 'fault' ? cyan : who.startsWith('oracle') ? red : (text: string) => text
      output.line(paint(lines[i]!))
    })
  } finally {
    worker.end()
  }
}
