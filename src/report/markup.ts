/** Elements of SVG and HTML as text. Everything a caller hands in is escaped; only elements nest. */

/** Markup that is safe to put into a page as it is. */
export interface Markup {
  readonly markup: string
}

export type Attributes = Readonly<Record<string, string | number>>

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for a page: &, <, > and " escaped. */
export const escapeMarkup = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character]!)

/** Coordinates with two decimals at most: a hundredth of a pixel. */
const attribute = (value: string | number): string =>
  typeof value === 'number' ? String(Number(value.toFixed(2))) : escapeMarkup(value)

/** One element with its children; text children are escaped. */
export function element(name: string, attributes: Attributes, ...children: readonly (Markup | string)[]): Markup {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`)
  const inside = children.map((child) => (typeof child === 'string' ? escapeMarkup(child) : child.markup)).join('')
  return { markup: inside === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${inside}</${name}>` }
}

/** Several elements as one. */
export const fragment = (parts: readonly Markup[]): Markup => ({ markup: parts.map((part) => part.markup).join('\n') })

/** A stylesheet. Written by us, so not escaped. */
export const style = (css: string): Markup => ({ markup: `<style>${css}</style>` })
