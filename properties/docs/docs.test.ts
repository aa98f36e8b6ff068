/**
 * README and guides are true: every code block is run, in the order of the document, but for lines that install. See
 * code-blocks.ts for what each kind of block means. With UPDATE_DOCS=1 in the environment, outputs that are shown get the
 * figures of this machine and this version.
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packedRun } from '../flink/measured-runs.ts'
import { type StandIn, serveDump } from '../flink/stand-in.ts'
import { type CodeBlock, codeBlocks } from './code-blocks.ts'
import { follow } from './follow.ts'
import { stepsOf } from './steps.ts'
import { ROOT, Workshop } from './workshop.ts'

const guides = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
const documents = ['README.md', ...guides]
const textOf = (document: string): string => readFileSync(join(ROOT, document), 'utf8')

/** The pictures that commands of a document draw into the working directory, where the document has them. */
const picturesOf = (document: string): string[] => {
  const text = textOf(document)
  const drawn = [...text.matchAll(/--svg ([\w-]+\.svg)/g)].map(([, name]) => name!)
  return [...text.matchAll(/!\[.*?\]\(([^)]+\.svg)\)/g)]
    .map(([, path]) => join(ROOT, dirname(document), path!))
    .filter((path) => drawn.includes(basename(path)))
}

/** Puts outputs in place of those that a document shows. */
function showAgain(document: string, printed: ReadonlyMap<CodeBlock, readonly string[]>): void {
  const lines = textOf(document).split('\n')
  // from the end, so that the lines before keep their places
  for (const [block, output] of [...printed].reverse()) lines.splice(block.line, block.lines.length, ...output)
  writeFileSync(join(ROOT, document), lines.join('\n'))
}

/** A document runs for seconds; on a machine that is busy with others, for minutes. */
const PATIENCE_MS = 600_000

const workshop = new Workshop()
let flink: StandIn | undefined
beforeAll(async () => {
  await workshop.install()
  flink = await serveDump(packedRun('ex-T10-r60-2').before!)
}, PATIENCE_MS)
afterAll(() => {
  flink?.close()
  workshop.remove()
})

describe('what a document says comes true', () => {
  it.concurrent.each(documents)(
    '%s',
    async (document) => {
      const name = document.replace('.md', '')
      const folder = document === 'README.md' ? workshop.checkout(name) : workshop.project(name)
      const printed = new Map<CodeBlock, readonly string[]>()
      const problems = await follow(stepsOf(codeBlocks(textOf(document))), {
        folder,
        standIns: new Map([['http://localhost:8081', flink!.address]]),
        changed: () => workshop.keepVersion(folder),
        printed: (block, lines) => void printed.set(block, lines),
      })
      const pictures = picturesOf(document)
      if (process.env.UPDATE_DOCS === '1') {
        showAgain(document, printed)
        for (const picture of pictures) cpSync(join(folder, basename(picture)), picture)
      }
      for (const picture of pictures)
        if (readFileSync(picture, 'utf8') !== readFileSync(join(folder, basename(picture)), 'utf8'))
          problems.push(`${picture} is not what the commands draw`)
      expect(problems.join('\n\n'), `${document}, ${problems.length} problems`).toBe('')
    },
    PATIENCE_MS,
  )

  it(
    'and every version of its files has the right types',
    async () => {
      expect(await workshop.typeErrors()).toBe('')
    },
    PATIENCE_MS,
  )
})

describe('links', () => {
  it.each(documents)('of %s lead somewhere', (document) => {
    const links = [...textOf(document).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, path]) => path!)
    const broken = links.filter((path) => !existsSync(join(ROOT, dirname(document), path)))
    expect(broken).toEqual([])
  })

  it('lead from the README to every guide', () => {
    const readme = textOf('README.md')
    expect(guides.filter((guide) => !readme.includes(`](${guide})`))).toEqual([])
  })
})
