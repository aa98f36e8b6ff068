/** What `cutline explain` does. */
import { storyText } from '../check/index.ts'
import { spaceTimeSvg } from '../report/index.ts'
import type { TokenRequest } from './check-messages.ts'
import type { Output } from './output.ts'
import { sourceOfToken } from './token-source.ts'
import { writeResult } from './write-result.ts'

/**
 * @param file the user's file that has the scenario
 * @param svg where the picture goes; undefined: none is wanted
 * @throws UsageError if the token cannot be used or the picture cannot be written; UserCodeFailure if the user's file fails
 */
export async function runExplain(
  output: Output,
  request: TokenRequest,
  { file, svg }: { readonly file?: string; readonly svg?: string },
): Promise<void> {
  const worker = (await sourceOfToken(request.token, file)).start()
  try {
    const { story, diagram } = await worker.ask('explain', { ...request, drawn: svg !== undefined })
    output.result(story)
    const { red, cyan } = output.colours
    const lines = storyText(story).split('\n')
    story.forEach(({ who }, i) => {
      const paint = who === 'fault' ? cyan : who.startsWith('oracle') ? red : (text: string) => text
      output.line(paint(lines[i]!))
    })
    if (svg !== undefined && diagram !== null) writeResult(output, svg, spaceTimeSvg(diagram))
  } finally {
    worker.end()
  }
}
