import { randomUUID } from 'node:crypto'
import { openMessaging } from '#messaging'
import { messagingContract } from '../../../test/contracts/messaging.contract.ts'

const address = `inproc:${randomUUID()}`

messagingContract('in one process', () => ({
  open: (options) => openMessaging(address, options),
  remove: () => Promise.resolve(),
}))
