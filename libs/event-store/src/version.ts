import type { ExpectedVersion, StreamVersion } from './envelope.ts'
import { EventStoreError } from './errors.ts'
import type { Tip } from './log.ts'

const TOKEN = /^(0|[1-9]\d{0,3}):([0-9a-f]{64})$/

export function versionAfter(revision: number, digest: string): StreamVersion {
  return `${revision}:${digest}`
}

/** Throws `VERSION_INVALID` for anything but `no-stream` or what a read or an append returned. */
export function parseVersion(version: ExpectedVersion): Tip {
  if (version === 'no-stream') return null
  const match = TOKEN.exec(version)
  if (match === null) {
    throw new EventStoreError(
      'VERSION_INVALID',
      'An append names "no-stream" or the version that the last read or append of the stream returned.',
    )
  }
  return { revision: Number(match[1]), digest: match[2]! }
}
