import { fileTypeFromBlob } from 'file-type'
import type { RandomAccess } from '../random-access.ts'
import { tellCompoundFile } from './compound-file.ts'
import { mediaTypes } from './media-types.ts'
import { isOfd } from './ofd.ts'
import { tellText } from './text.ts'

/** What content is: a media type that is taken, or words for what it seems to be and is not taken as. */
export type Told = { taken: true; mediaType: string } | { taken: false; is: string }

/** Formats that are text themselves. Any other whose signature a text happens to begin with ("BM", "MZ") is a text. */
const textFormats = new Set(['eps', 'ics', 'pgp', 'ps', 'reg', 'rtf', 'vcf', 'xml'])

/** Of one allocation of the detector. */
const BUFFER_BYTES_MAX = 1024 * 1024

/** Tells what bytes are from nothing but themselves. */
export async function tellMediaType(bytes: RandomAccess): Promise<Told> {
  const detected = await detect(bytes, (bytes) => fileTypeFromBlob(asBlob(bytes), { maxBufferSize: BUFFER_BYTES_MAX }))
  if (detected?.ext === 'cfb') return named(await detect(bytes, tellCompoundFile), detected.mime)
  if (detected?.ext === 'zip') return named((await detect(bytes, isOfd)) === true ? 'ofd' : null, detected.mime)
  const told = named(detected?.ext ?? null, detected?.mime ?? 'application/octet-stream')
  if (told.taken || textFormats.has(detected?.ext ?? '')) return told
  const text = await tellText(bytes)
  if (text === 'markup') return { taken: false, is: 'text/html' }
  if (text === 'script') return { taken: false, is: 'text/x-shellscript' }
  return text === null ? told : named('txt', told.is)
}

function named(name: string | null, otherwise: string): Told {
  const known = name === null ? undefined : mediaTypes[name]
  return known ? { taken: true, mediaType: known.mediaType } : { taken: false, is: otherwise }
}

/**
 * Null where a detector fails, which hostile content may be made for and which tells nothing. That the bytes could not be
 * read is another matter and thrown.
 */
async function detect<Answer>(
  bytes: RandomAccess,
  detector: (bytes: RandomAccess) => Promise<Answer>,
): Promise<Answer | null> {
  let failure: { error: unknown } | null = null
  const watched: RandomAccess = {
    sizeBytes: bytes.sizeBytes,
    read: (position, length) =>
      bytes.read(position, length).catch((error: unknown) => {
        failure = { error }
        throw error
      }),
  }
  try {
    return await detector(watched)
  } catch {
    if (failure !== null) throw (failure as { error: unknown }).error
    return null
  }
}

/** As much of a Blob as is read of one: what `file-type` takes for bytes that are not in memory. */
function asBlob(bytes: RandomAccess, start = 0, end = bytes.sizeBytes): Blob {
  return {
    size: end - start,
    type: '',
    slice: (from = 0, to = end - start) => asBlob(bytes, start + from, Math.min(start + to, end)),
    arrayBuffer: async () => Uint8Array.from(await bytes.read(start, end - start)).buffer,
  } as Blob
}
