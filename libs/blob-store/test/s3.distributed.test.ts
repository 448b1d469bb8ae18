import { describe } from 'vitest'
import { blobStoreContract } from '../../../test/contracts/blob-store.contract.ts'
import { blobStoreProperties } from '../../../test/contracts/blob-store.property.ts'
import { servers } from '../../../test/support/servers.ts'
import { shelfInBucket } from './bucket.ts'

describe.skipIf(servers.s3 === null)('with S3_URL', () => {
  // What a process had begun lies in a local file without a name, which is gone with it.
  blobStoreContract('S3', shelfInBucket, { leavesDrafts: false })
  blobStoreProperties('S3', shelfInBucket)
})
