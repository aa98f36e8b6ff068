import type { JavaRandom } from './java-random.ts'

const LEAST_LENGTH = 3
const LETTER_A = 97

/** A random text of letters and spaces, of fewer than `maxLength` characters, without spaces at its ends. Beam: StringsGenerator. */
export function nextText(random: JavaRandom, maxLength: number): string {
  let left = LEAST_LENGTH + random.nextInt(maxLength - LEAST_LENGTH)
  let text = ''
  for (; left > 0; left -= 1)
    text += random.nextInt(13) === 0 ? ' ' : String.fromCharCode(LETTER_A + random.nextInt(26))
  return text.trim()
}
