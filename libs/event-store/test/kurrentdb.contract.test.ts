import { eventStoreContract } from '../../../test/contracts/event-store.contract.ts'
import { openOnStandIn } from './kurrentdb-engine.ts'

eventStoreContract('KurrentDB (stand-in)', () => openOnStandIn())
