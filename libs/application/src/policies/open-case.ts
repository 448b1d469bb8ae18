import { caseStream, messageTypeWords } from '#domain'
import type { ItemEvent } from '#domain'
import type { NumberAllocator } from '../commands/numbers.ts'
import { caseIdOfMessage, queryCodeOf } from '../identity/ids.ts'
import { businessDay } from '../business-day.ts'
import { idOf } from '../stream-id.ts'
import type { Recorded } from '../recorded.ts'
import type { Policy } from './policy.ts'

/** What sources call the type of a message, as ours; anything else is left to triage. */
const typeNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(messageTypeWords).map(([type, word]) => [word, type])),
  建言: 'suggestion',
  纠错: 'correction',
}

/** A message opens its case, with a number, a query code and the deadlines that run from its receipt. */
export function openCasePolicy(numbers: NumberAllocator, storeSecret: Uint8Array): Policy {
  return {
    name: 'open-case',
    handles: new Set(['ItemReceived']),
    expectedRefusals: new Set(),
    async consequences(recorded, tools) {
      const event = recorded as unknown as Recorded<Extract<ItemEvent, { type: 'ItemReceived' }>>
      const { kind, origin, receivedAt, channelId, wish, sourceType } = event.data
      if (kind !== 'message') return []
      const itemId = idOf(event.stream)
      const caseId = caseIdOfMessage(itemId)
      // A number is not spent on a case that is there already; the decision alone says whether it is.
      if ((await tools.readStream(caseStream(caseId))).length > 0) return []
      return [
        {
          command: 'OpenCase',
          target: caseId,
          payload: {
            caseId,
            origin,
            number: await numbers.next(Number(businessDay(receivedAt).slice(0, 4))),
            queryCode: queryCodeOf(storeSecret, caseId),
            receivedAt,
            channel: channelId,
            items: [itemId],
            // The item holds its title, and alone: what is erased there is gone everywhere.
            title: '',
            wish,
            type: typeNames[sourceType ?? ''] ?? null,
            subject: null,
          },
          occurredAt: origin === 'history' ? receivedAt : null,
        },
      ]
    },
  }
}
