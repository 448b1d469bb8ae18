import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

const CHUNK_CHARACTERS = 64 * 1024

/** Text as a stream of bytes (UTF-8), in chunks of some size; asked for no faster than they are taken. */
export function byteStream(pieces: AsyncIterable<string>): Readable {
  return Readable.from(chunks(pieces), { objectMode: false, highWaterMark: CHUNK_CHARACTERS })
}

async function* chunks(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < CHUNK_CHARACTERS) continue
    yield Buffer.from(text)
    text = ''
    // A long table, quickly read, would otherwise keep everything else waiting until its end.
    await setImmediate()
  }
  if (text !== '') yield Buffer.from(text)
}
