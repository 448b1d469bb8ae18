import type { OpenedBlob } from '#blob-store'
import type { StoredFile } from '#domain'

/** A file on its way out, as HTTP says it. */
export interface Download {
  file: StoredFile
  /** 206 where a part was asked for. */
  status: 200 | 206
  /** Header names in lower case. */
  headers: Record<string, string>
  content: AsyncIterable<Uint8Array>
}

/**
 * Always to be saved and never to be shown: no browser looks into it for something else that it might be, and what it may
 * hold runs nowhere near our pages. What was said to a department in confidence stays in no cache.
 */
export function downloadOf(file: StoredFile, { range, sizeBytes, content }: OpenedBlob, isPart: boolean): Download {
  return {
    file,
    status: isPart ? 206 : 200,
    headers: {
      'content-type': file.mediaType,
      'content-disposition': disposition(file.name),
      'content-length': String(range.end - range.start + 1),
      ...(isPart && { 'content-range': `bytes ${range.start}-${range.end}/${sizeBytes}` }),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-store',
    },
    content,
  }
}

/** RFC 6266: the name in ASCII for who knows no other, then as it is (RFC 8187). */
function disposition(name: string): string {
  const plain = name.replace(/[^ -~]|["\\%]/gu, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
