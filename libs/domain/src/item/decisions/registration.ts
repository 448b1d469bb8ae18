import { z } from 'zod'
import { onTheSpotAnswer, onTheSpotHindrance } from '../../case/decisions/on-the-spot.ts'
import { messageType, messageTypeWords } from '../../case/values.ts'
import type { CommandContext, CommandDefinition } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { storedFile } from '../../kernel/file.ts'
import { channelId, line, sensitive } from '../../kernel/values.ts'
import type { Settings } from '../../settings/model.ts'
import { itemContent } from '../events.ts'
import type { ItemEvent } from '../events.ts'
import type { Item } from '../state.ts'

const { title, content, author, wish, place } = itemContent.shape

const registerItemSchema = z.strictObject({
  channelId,
  /** Given at registration, from the command that asks for it. */
  externalId: line(),
  kind: z.literal('message'),
  title,
  content,
  /** Whose matter it is. */
  author,
  /** Whether they agreed to have it published. */
  wish,
  place,
  type: messageType.nullable(),
  /** Who called or came, where that is not the author. */
  caller: sensitive(line()).nullable(),
  /** Whether they agreed to be recorded; null: nobody asked. */
  consent: z.boolean().nullable(),
  recording: storedFile.nullable(),
  /** What they were answered at once; it completes the case that is opened. */
  answer: onTheSpotAnswer.nullable(),
})

/**
 * 登记: what is brought by phone, at the window or on a visit, as whoever heard it writes it down. Received when it was
 * heard. Where it was answered at once, that is looked at before anything is written.
 */
export const registerItem: CommandDefinition<typeof registerItemSchema, Item, ItemEvent, CommandContext> = {
  schema: registerItemSchema,
  by: ['monitor', 'officer', 'department-reviewer', 'coordinator'],
  decide: (command, state, context) => {
    if (state.status === 'erased') return refuse('ITEM_ERASED')
    if (state.status === 'quarantined') return refuse('ITEM_QUARANTINED')
    if (state.status === 'held') return nothing()
    const { channelId, externalId, kind, title, content, author, wish, place } = command
    if (title.trim() === '' && content.trim() === '') return refuse('ITEM_EMPTY')
    if (context.settings.channels.get(channelId)?.active !== true) return refuse('UNKNOWN_CHANNEL', channelId)
    if (!isByHand(channelId, context.settings)) return refuse('CHANNEL_NOT_BY_HAND', channelId)
    if (command.recording !== null && command.consent !== true) return refuse('RECORDING_WITHOUT_CONSENT')
    if (context.occurredAt > context.now) return refuse('RECEIVED_IN_FUTURE')
    const hindrance = command.answer && onTheSpotHindrance(command.answer.means, command.type, context)
    if (hindrance !== null) return hindrance
    const registered = {
      kind,
      receivedAt: context.occurredAt,
      title,
      content,
      author,
      wish,
      place,
      address: null,
      attachments: [],
      workOrder: null,
      sourceDepartment: null,
      sourceType: command.type && messageTypeWords[command.type],
    }
    const { caller, consent, recording } = command
    return accept({
      type: 'ItemReceived',
      data: {
        channelId,
        externalId,
        origin: 'live',
        ...registered,
        reach: null,
        arrival: { kind: 'registered', caller, consent, recording },
        fingerprint: context.digest(registered),
      },
    })
  },
}

/** Whether a channel has no ids of its own: what a platform sends has, and would come twice. */
function isByHand(channelId: string, { channels, channelKeys }: Settings): boolean {
  const keys = channelKeys.get(channelId) ?? []
  return channels.get(channelId)?.kind === 'message' && keys.every(({ revoked }) => revoked)
}
