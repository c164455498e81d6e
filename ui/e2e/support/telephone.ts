import { createHmac } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What a telephone shows for a secret at a moment in seconds (RFC 6238). */
export function totp(secret: string, at: number): string {
  const bits = [...secret.replaceAll(' ', '')]
    .map((c) => LETTERS.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30)))
  const hash = createHmac('sha1', key).update(step).digest()
  const from = hash.readUInt8(19) & 15
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
