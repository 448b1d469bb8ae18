import { blobStoreContract } from '../../../test/contracts/blob-store.contract.ts'
import { shelfInFolder } from './folder.ts'

blobStoreContract('files', shelfInFolder)
