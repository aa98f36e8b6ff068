/** What `cutline list` does. */
import type { Scenario } from '../dataflow/index.ts'
import { PHASES } from '../model/index.ts'
import type { ScenarioFacts } from './check-messages.ts'
import { configFile } from './config-file.ts'
import type { ListName } from './list.ts'
import type { Output } from './output.ts'
import { bugs, protocols, scenarios } from './registry.ts'
import { ScenarioSource } from './scenario-source.ts'
import { table } from './terminal.ts'

interface List {
  readonly json: readonly object[]
  readonly rows: readonly (readonly string[])[]
}

type Listed = ScenarioFacts & { readonly file?: string }

const LIST: Readonly<Record<ListName, (own: readonly Listed[]) => List>> = {
  scenarios(own) {
    const json: readonly Listed[] = [...scenarios.map(factsOf), ...own]
    return {
      json,
      rows: json.flatMap(({ name, title, records, vertices, file }) => [
        [name, title],
        [
          '',
          `${records.min} to ${records.max} records${records.fullEvery === undefined ? '' : `, all in one run of ${records.fullEvery}`}: ${vertices.join(', ')}${file === undefined ? '' : `; ${file}`}`,
        ],
      ]),
    }
  },
  bugs: () => ({
    json: bugs.map(({ id, issue = null, scenario, title, mechanism, verdict, oracles }) => ({
      id,
      issue,
      scenario,
      title,
      mechanism,
      verdict,
      oracles,
    })),
    rows: bugs.map(({ id, issue = '', scenario, title }) => [id, issue, scenario, title]),
  }),
  protocols: () => ({
    json: protocols.map(({ name, title }) => ({ name, title })),
    rows: protocols.map(({ name, title }) => [name, title]),
  }),
  phases() {
    const json = Object.entries(PHASES).map(([name, description]) => ({ name, description }))
    return { json, rows: json.map(({ name, description }) => [name, description]) }
  },
}

const factsOf = ({ name, title, records, graph }: Scenario): ScenarioFacts => ({
  name,
  title,
  records,
  vertices: graph().vertices.map(({ uid }) => uid),
})

/**
 * @param file a file of the user's with more scenarios; else those of the configuration are listed
 * @throws UsageError if a file or a job in it cannot be used; UserCodeFailure if the user's file fails
 */
export async function runList(
  output: Output,
  names: readonly ListName[],
  { file }: { readonly file?: string } = {},
): Promise<void> {
  const own = names.includes('scenarios') ? await ownScenarios(file) : []
  const lists = names.map((name) => ({ name, ...LIST[name](own) }))
  output.result(Object.fromEntries(lists.map(({ name, json }) => [name, json])))
  const { bold } = output.colours
  lists.forEach(({ name, rows }, i) => {
    if (i > 0) output.line()
    output.line(bold(name.charAt(0).toUpperCase() + name.slice(1)))
    for (const line of table(rows).split('\n')) output.line(`  ${line}`)
  })
}

async function ownScenarios(file: string | undefined): Promise<Listed[]> {
  const source = await ScenarioSource.open(file, await configFile())
  if (source.own.length === 0) return []
  const worker = source.start()
  try {
    const listed: Listed[] = []
    for (const { name, file } of source.own)
      listed.push({ ...(await worker.ask('describe', { scenario: name })), file })
    return listed
  } finally {
    worker.end()
  }
}
