import type { BlobStoreErrorCode } from '#blob-store'
import { errors, fileErrors } from '#domain'
import { expect, test } from 'vitest'

test('what the blob store says to a person is in the one table', () => {
  // A code that the table lacks does not compile.
  const said: Record<Extract<BlobStoreErrorCode, `FILE${string}`>, object> = fileErrors
  expect(errors).toMatchObject(said)
})
