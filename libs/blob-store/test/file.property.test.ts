import { blobStoreProperties } from '../../../test/contracts/blob-store.property.ts'
import { shelfInFolder } from './folder.ts'

blobStoreProperties('files', shelfInFolder)
