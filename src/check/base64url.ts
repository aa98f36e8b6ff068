/** Base64url without padding (RFC 4648, section 5), strict: every byte sequence has exactly one text. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const values = new Map([...ALPHABET].map((letter, value) => [letter, value]))

export function toBase64url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const letters = Math.min(4, bytes.length - i + 1)
    for (let k = 0; k < letters; k += 1) text += ALPHABET[(word >> (18 - 6 * k)) & 63]
  }
  return text
}

/** The bytes; null if the text is not what `toBase64url` writes. */
export function fromBase64url(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let word = 0
  let bits = 0
  let length = 0
  for (const letter of text) {
    const value = values.get(letter)
    if (value === undefined) return null
    word = ((word << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[length] = word >> bits
    length += 1
  }
  return toBase64url(bytes) === text ? bytes : null
}
