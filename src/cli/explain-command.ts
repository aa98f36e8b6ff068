/** What `cutline explain` does. */
import { storyText } from '../check/index.ts'
import type { TokenRequest } from './check-messages.ts'
import type { Output } from './output.ts'
import { sourceOfToken } from './token-source.ts'

/**
 * @param file the user's file that has the scenario
 * @throws UsageError if the token cannot be used; UserCodeFailure if the user's file fails
 */
export async function runExplain(output: Output, request: TokenRequest, file: string | undefined): Promise<void> {
  const worker = (await sourceOfToken(request.token, file)).start()
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
