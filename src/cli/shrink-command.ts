/** What `cutline shrink` does: a token in, a smaller one out. */
import { failureLines } from '../report/index.ts'
import type { TokenRequest } from './check-messages.ts'
import type { Output } from './output.ts'
import { Progress } from './progress.ts'
import { reportPaint } from './report-paint.ts'
import { WatchedWorker } from './watched-worker.ts'

/** @throws UsageError if the token cannot be used, or its run passes */
export async function runShrink(output: Output, request: TokenRequest, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now()
  const worker = new WatchedWorker()
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
    const read = request.input === undefined ? {} : { input: request.input }
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
