/** Lists, charts, and what happens to names that do not exist; nothing here runs a dataflow. */
import { describe, expect, it } from 'vitest'
import { bugs } from '../../scenarios/bugs/index.ts'
import { scenarios } from '../../scenarios/index.ts'
import { registerBugs } from '../../src/cli/bugs.ts'
import { registerChart } from '../../src/cli/chart.ts'
import { registerCheck } from '../../src/cli/check.ts'
import { registerList } from '../../src/cli/list.ts'
import { CutlineProgram } from '../../src/cli/program.ts'
import { registerReplay } from '../../src/cli/replay.ts'
import { PHASES } from '../../src/model/index.ts'
import { RecordingStream } from './recording-stream.ts'

const commands = [registerCheck, registerBugs, registerChart, registerList, registerReplay]

async function cutline(...argv: string[]) {
  const stdout = new RecordingStream()
  const stderr = new RecordingStream()
  const code = await new CutlineProgram(argv, [{ heading: 'All:', commands }], { stdout, stderr }).run()
  return { code, stdout: stdout.text, stderr: stderr.text }
}

describe('cutline list', () => {
  it('names everything that other commands take', async () => {
    const { code, stdout } = await cutline('list', '--json')
    expect(code).toBe(0)
    const lists = JSON.parse(stdout)
    expect(Object.keys(lists)).toEqual(['scenarios', 'bugs', 'protocols', 'phases'])
    expect(lists.scenarios.map(({ name }: { name: string }) => name)).toEqual(scenarios.map(({ name }) => name))
    expect(lists.scenarios[0]).toMatchObject({ name: 'keyed-state', vertices: ['numbers', 'count', 'sink'] })
    expect(lists.bugs).toHaveLength(bugs.length)
    expect(lists.bugs.find(({ issue }: { issue: string }) => issue === 'FLINK-17568')).toMatchObject({
      id: 'records-before-snapshot',
      scenario: 'keyed-state',
      oracles: ['cut'],
    })
    expect(lists.protocols[0]).toEqual({ name: 'aligned', title: expect.any(String) })
    expect(lists.phases).toHaveLength(Object.keys(PHASES).length)
  })

  it('or only a part of it', async () => {
    expect(Object.keys(JSON.parse((await cutline('list', 'phases', '--json')).stdout))).toEqual(['phases'])
    const { stdout } = await cutline('list', 'bugs')
    expect(stdout.split('\n')).toHaveLength(bugs.length + 2)
    expect(stdout).toMatch(/^Bugs\n/)
  })
})

describe('cutline chart', () => {
  it('draws each of the charts it lists', async () => {
    const names: string[] = JSON.parse((await cutline('chart', '--json')).stdout)
    expect((await cutline('chart')).stdout).toBe(`${names.join('\n')}\n`)
    expect(names).toContain('checkpoint-coordinator')
    for (const name of names) {
      const { code, stdout } = await cutline('chart', name)
      expect([name, code]).toEqual([name, 0])
      expect(stdout).toMatch(/^stateDiagram-v2\n {2}\[\*\] --> boot\n/)
      expect(JSON.parse((await cutline('chart', name, '--json')).stdout)).toEqual({ name, mermaid: stdout })
    }
  })
})

describe('refusals', () => {
  it.each([
    ['check keyed-stat', "There is no scenario 'keyed-stat': did you mean 'keyed-state'?"],
    ['check keyed', "There is no scenario 'keyed': did you mean 'keyed-state'?"],
    ['check zebra', "There is no scenario 'zebra': see cutline list scenarios."],
    [
      'check',
      `Name a scenario (${scenarios.map(({ name }) => name).join(', ')}), a file with one, or a bug with --bug.`,
    ],
    ['check --bug FLINK-17586', "There is no bug 'FLINK-17586': did you mean 'FLINK-17568'?"],
    ['check --bug zebra', "There is no bug 'zebra': see cutline list bugs."],
    ['check keyed-state --protocol algined', "There is no protocol 'algined': did you mean 'aligned'?"],
    ['check keyed-state --faults crash-tsk', "There is no kind of fault 'crash-tsk': did you mean 'crash-task'?"],
    ['check keyed-state --order backward', "There is no order 'backward': choose one of forward, reverse, shuffled."],
    ['check keyed-state --runs 0', "--runs wants a whole number of at least 1, but got '0'."],
    ['check keyed-state --time 5', "--time wants a duration such as 500ms, 30s, 5m or 1h, but got '5'."],
    ['check keyed-state --workers 0', "--workers wants a whole number from 1 to 256, but got '0'."],
    ['check keyed-state --seed a/b', "--seed wants up to 100 characters without '/', but got 'a/b'."],
    ['check keyed-state --time 5s --order reverse', '--order reverse begins at the other end: say with --runs where'],
    ['check ./my-job.ts', 'There is no file my-job.ts: paths are from the working directory, '],
    ['check ./package.jsn --file ./x.ts', 'Two files were named, ./package.jsn and ./x.ts: name one.'],
    [
      'check zebra --file ./package.json',
      'package.json is no code that Cutline reads: name a file that ends with .ts,',
    ],
    ['check ./src', 'src is a folder: name a file in it.'],
    ['list --file ./packag.ts', 'There is no file packag.ts: '],
    [
      'replay cutline:v1:my-job:abc',
      "The token is of the scenario 'my-job', which is not one of Cutline's own, and there is",
    ],
    ['bugs restart-from-emty', "There is no bug 'restart-from-emty': did you mean 'restart-from-empty'?"],
    ['chart tsk', "There is no chart 'tsk': did you mean 'task'?"],
    ['list phase', "There is no list 'phase': did you mean 'phases'?"],
    ['replay', "Missing required argument 'TOKEN'; see cutline replay --help."],
  ])('cutline %s', async (line, sentence) => {
    const { code, stdout, stderr } = await cutline(...line.split(' '))
    expect(stderr).toContain(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  })
})
