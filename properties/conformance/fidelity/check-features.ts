import type { Chapter } from './feature.ts'

/** What the checkout has. */
export interface Known {
  readonly suites: readonly string[]
  readonly bugs: readonly string[]
  isFile(path: string): boolean
}

/** What is wrong with the table, as sentences; none if every name in it means something and every suite is in it. */
export function wrongWith(chapters: readonly Chapter[], { suites, bugs, isFile }: Known): readonly string[] {
  const features = chapters.flatMap((chapter) => chapter.features)
  const used = new Set(features.flatMap(({ evidence }) => evidence.map(({ suite }) => suite)))
  return [
    ...features.flatMap(({ feature, where, evidence, tests = [], bugs: broken = [] }) => [
      ...[...where, ...tests]
        .filter((path) => !isFile(path))
        .map((path) => `'${feature}' names ${path}, which is no file.`),
      ...evidence
        .filter(({ suite }) => !suites.includes(suite))
        .map(({ suite }) => `'${feature}' names the suite ${suite}, which there is not.`),
      ...broken.filter((id) => !bugs.includes(id)).map((id) => `'${feature}' names the bug ${id}, which there is not.`),
      ...(evidence.length + tests.length === 0 ? [`'${feature}' has no evidence: name a suite or a test.`] : []),
    ]),
    ...suites.filter((suite) => !used.has(suite)).map((suite) => `The suite ${suite} is in no row: say what it shows.`),
  ]
}
