import { z } from 'zod'
import type { OutgoingMessage } from '#messaging'

const LENGTH_BYTES = 4

const head = z.strictObject({ key: z.string(), headers: z.record(z.string(), z.string()) })

/** A message in one piece, to be sealed: the length of its key and headers as JSON, these, its value. */
export function packOriginal({ key, headers, value }: OutgoingMessage): Uint8Array {
  const first = Buffer.from(JSON.stringify({ key, headers }))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(first.length)
  return Buffer.concat([length, first, value])
}

/** The reverse. Throws where the bytes are none that `packOriginal` made; they were sealed, so that nobody else can have. */
export function unpackOriginal(bytes: Uint8Array): OutgoingMessage {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = LENGTH_BYTES + whole.readUInt32BE(0)
  const { key, headers } = head.parse(JSON.parse(whole.toString('utf8', LENGTH_BYTES, end)))
  return { key, headers, value: whole.subarray(end) }
}
