import { afterAll } from 'vitest'
import { eventStoreContract } from '../../../test/contracts/event-store.contract.ts'
import { sharedStandIn } from './kurrentdb-engine.ts'

const standIn = await sharedStandIn()
afterAll(() => standIn.stop())

eventStoreContract('KurrentDB (stand-in)', () => standIn.open())
