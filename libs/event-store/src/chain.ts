import { hash } from 'node:crypto'
import { canonicalString } from './jcs.ts'

export interface DigestedEvent {
  stream: string
  revision: number
  id: string
  type: string
  version: number
  /** JCS. */
  data: string
  /** JCS, without integrity. */
  metadata: string
}

/** The digest of `sha256-jcs-1`: SHA-256, hex, over the JCS of {stream, revision, id, type, version, data, metadata without integrity}. */
export function eventDigest({ stream, revision, id, type, version, data, metadata }: DigestedEvent): string {
  return hash(
    'sha256',
    `{"data":${data},"id":${canonicalString(id)},"metadata":${metadata},"revision":${revision},` +
      `"stream":${canonicalString(stream)},"type":${canonicalString(type)},"version":${version}}`,
    'hex',
  )
}
