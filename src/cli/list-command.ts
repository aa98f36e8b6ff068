/** What `cutline list` does. */
import { PHASES } from '../model/index.ts'
import type { ListName } from './list.ts'
import type { Output } from './output.ts'
import { bugs, protocols, scenarios } from './registry.ts'
import { table } from './terminal.ts'

interface List {
  readonly json: readonly object[]
  readonly rows: readonly (readonly string[])[]
}

const LIST: Readonly<Record<ListName, () => List>> = {
  scenarios() {
    const json = scenarios.map(({ name, title, records, graph }) => ({
      name,
      title,
      records,
      vertices: graph().vertices.map(({ uid }) => uid),
    }))
    return {
      json,
      rows: json.flatMap(({ name, title, records, vertices }) => [
        [name, title],
        [
          '',
          `${records.min} to ${records.max} records${records.fullEvery === undefined ? '' : `, all in one run of ${records.fullEvery}`}: ${vertices.join(', ')}`,
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

export function runList(output: Output, names: readonly ListName[]): void {
  const lists = names.map((name) => ({ name, ...LIST[name]() }))
  output.result(Object.fromEntries(lists.map(({ name, json }) => [name, json])))
  const { bold } = output.colours
  lists.forEach(({ name, rows }, i) => {
    if (i > 0) output.line()
    output.line(bold(name.charAt(0).toUpperCase() + name.slice(1)))
    for (const line of table(rows).split('\n')) output.line(`  ${line}`)
  })
}
