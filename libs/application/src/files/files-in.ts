import type { StoredFile } from '#domain'

/** Every stored file that a checked payload or an event names, wherever it stands in it. */
export function filesIn(value: unknown): StoredFile[] {
  if (typeof value !== 'object' || value === null) return []
  if ('blobId' in value) return [value as StoredFile]
  return Object.values(value).flatMap(filesIn)
}
