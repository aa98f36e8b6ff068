/** What `cutline shrink` does: a token in, a smaller one out. */
import { failureLines } from '../report/index.ts'
import type { TokenRequest } from './check-messages.ts'
import type { Output } from './output.ts'
import { Progress } from './progress.ts'
import { reportPaint } from './report-paint.ts'
import { sourceOfToken } from './token-source.ts'

/**
 * @param file the user's file that has the scenario
 * @throws UsageError if the token cannot be used, or its run passes; UserCodeFailure if the user's file fails
 */
export async function runShrink(
  output: Output,
  request: TokenRequest,
  file: string | undefined,
  interruption: () => AbortSignal,
): Promise<void> {
  const source = await sourceOfToken(request.token, file)
  const signal = interruption()
  const startedAt = performance.now()
  const worker = source.start()
  const progress = new Progress({ label: 'shrinking', unit: 'runs' })
  const timer = setInterval(() => progress.update(worker.beats), 100)
  signal.addEventListener('abort', () => worker.stop())
  try {
    const shrunk = await worker.ask('shrinkToken', request)
    progress.end()
    const seconds = Math.round(performance.now() - startedAt) / 1000
    const { from, to, evaluations, finding, plan } = shrunk
    output.result({
      token: shrunk.token,
      from,
      to,
      evaluations,
      seconds,
      oracle: finding.oracle,
      fingerprint: finding.fingerprint,
      message: finding.message,
    })
    const read = {
      ...(request.input === undefined ? {} : { input: request.input }),
      ...(source.replayFile === undefined ? {} : { file: source.replayFile }),
    }
    const report = {
      finding,
      plan,
      token: shrunk.token,
      ...read,
      shrunk: { from, to, evaluations, seconds },
      files: [],
    }
    for (const line of failureLines(report, reportPaint(output.colours))) output.line(line)
  } finally {
    clearInterval(timer)
    progress.end()
    worker.end()
  }
}
