import { describe, expect, it } from 'vitest'
import { Progress, progressText } from '../../src/cli/progress.ts'
import { RecordingStream } from './recording-stream.ts'

describe('progressText', () => {
  it.each([
    [{ total: 20_000 }, 0, 0, 'x: 0 of 20,000 runs'],
    [{ total: 20_000 }, 5000, 1000, 'x: 5,000 of 20,000 runs, 5,000 runs/s, 3 s left'],
    [{ limitMs: 300_000 }, 10, 1000, 'x: 10 runs, 10 runs/s, 4:59 min left'],
    [{ total: 100_000, limitMs: 2000 }, 10, 1000, 'x: 10 of 100,000 runs, 10 runs/s, 1 s left'],
    [{ total: 100_000 }, 10, 1000, 'x: 10 of 100,000 runs, 10 runs/s, 2:46 h left'],
    [{}, 12, 2000, 'x: 12 runs, 6 runs/s'],
  ])('%j, %d done in %d ms', (limits, done, elapsedMs, text) => {
    expect(progressText({ label: 'x', unit: 'runs', ...limits }, done, elapsedMs)).toBe(text)
  })
})

describe('Progress', () => {
  it('draws ten times a second at most, and wipes its line', () => {
    const stream = new RecordingStream(true)
    let nowMs = 0
    const progress = new Progress({ label: 'x', unit: 'runs', stream, nowMs: () => nowMs })
    for (; nowMs < 1000; nowMs += 1) progress.update(nowMs)
    progress.end()
    expect(stream.text.split('\r\u001b[K').slice(1)).toHaveLength(11)
    expect(stream.text.endsWith('\r\u001b[K')).toBe(true)
  })

  it('keeps logs and pipes clean', () => {
    const stream = new RecordingStream(false)
    const progress = new Progress({ label: 'x', unit: 'runs', stream })
    progress.update(1)
    progress.end()
    expect(stream.text).toBe('')
  })
})
