import { idOf } from '../stream-id.ts'
import type { Policy } from './policy.ts'

/** 销号: when one side of a promise is done, it is settled if the other one is, too. */
export const settleCommitments: Policy = {
  name: 'settle-commitments',
  handles: new Set(['FulfilmentVerified', 'PublicationVerified', 'PublicationExempted']),
  // One side is still open, or it has ended otherwise meanwhile.
  expectedRefusals: new Set(['FULFILMENT_NOT_VERIFIED', 'PUBLICATION_NOT_VERIFIED', 'COMMITMENT_NOT_OPEN']),
  consequences: (event) =>
    Promise.resolve([
      {
        command: 'SettleCommitment',
        target: idOf(event.stream),
        payload: {},
        occurredAt: event.metadata.occurredAt,
      },
    ]),
}
