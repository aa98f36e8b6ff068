/** CRC-32 (IEEE 802.3, reflected, as in zlib): finds every change within 32 bits in a row, so every changed character. */
export function crc32(bytes: Iterable<number>): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
