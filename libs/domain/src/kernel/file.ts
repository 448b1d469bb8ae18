import { z } from 'zod'
import { countNumber, digest, line, sensitive, uuid } from './values.ts'

/** A file kept in the blob store: evidence, an attachment, a recording. Stored in events: a storage format. */
export const storedFile = z.strictObject({
  blobId: uuid,
  /** HMAC of its bytes, given by whoever stored it. */
  digest,
  name: sensitive(line()),
  mediaType: line(100),
  sizeBytes: countNumber,
})
export type StoredFile = z.infer<typeof storedFile>

export const evidence = z.array(storedFile).max(20)
