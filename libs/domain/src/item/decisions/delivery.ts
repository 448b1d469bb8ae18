import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import type { Decision } from '../../kernel/decision.ts'
import { withinStream } from '../../kernel/stream-bound.ts'
import { channelId, instant, line } from '../../kernel/values.ts'
import { arrival, itemContent, reach } from '../events.ts'
import type { ItemContent, ItemEvent } from '../events.ts'
import { grewEnough } from '../reach.ts'
import type { HeldItem, Item } from '../state.ts'

const receiveItemSchema = z.strictObject({
  channelId,
  /** The channel's own id of the item; a channel without ids gives one at registration. */
  externalId: line(),
  origin: z.enum(['live', 'history']),
  content: itemContent,
  reach: reach.nullable(),
  arrival,
})
type ReceiveItem = z.infer<typeof receiveItemSchema>

/**
 * Takes what a channel delivers. The same content again gives nothing, other content a revision; either way its reach is
 * observed when it grew enough.
 */
export const receiveItem: CommandDefinition<typeof receiveItemSchema, Item, ItemEvent, CommandContext> = {
  schema: receiveItemSchema,
  by: ['policy', 'channel', 'monitor', 'officer', 'coordinator', 'opinion-office'],
  decide: (command, state, context) => {
    // Nobody else can know a message's place, and one that lies ahead would pass off what comes after for old.
    if (command.arrival.kind === 'broker' && !('policy' in context.actor)) return refuse('ROLE_NOT_ALLOWED', 'arrival')
    if (state.status === 'erased') return refuse('ITEM_ERASED')
    if (state.status === 'quarantined') return refuse('ITEM_QUARANTINED')
    const { title, content } = command.content
    if (title.trim() === '' && content.trim() === '') return refuse('ITEM_EMPTY')
    if (state.status === 'none') return received(command, context)
    if (wasOvertaken(command, state)) return nothing()
    return withinStream(state.events, context.actor, delivered(command, state, context))
  },
}

const observeReachSchema = z.strictObject({ reach, observedAt: instant })

/** How often a post was seen by now. Kept when it grew by a fifth, at most once an hour; the first time at once. */
export const observeReach: CommandDefinition<typeof observeReachSchema, Item, ItemEvent, CommandContext> = {
  schema: observeReachSchema,
  by: ['policy', 'channel'],
  decide: (command, state, context) => {
    if (state.status === 'none') return refuse('NOT_FOUND')
    if (state.status === 'erased') return refuse('ITEM_ERASED')
    if (state.status === 'quarantined') return refuse('ITEM_QUARANTINED')
    if (!grewEnough(state, command.reach, command.observedAt)) return nothing()
    return withinStream(state.events, context.actor, accept({ type: 'ItemReachObserved', data: command }))
  },
}

function received(command: ReceiveItem, context: CommandContext): Decision<ItemEvent> {
  const { channelId, externalId, origin, content, arrival, reach } = command
  if (context.settings.channels.get(channelId)?.active !== true) return refuse('UNKNOWN_CHANNEL', channelId)
  const fingerprint = context.digest(content)
  return accept({
    type: 'ItemReceived',
    data: { channelId, externalId, origin, ...content, reach, arrival, fingerprint },
  })
}

function delivered(command: ReceiveItem, state: HeldItem, context: CommandContext): Decision<ItemEvent> {
  const { arrival, reach } = command
  const content = asKnown(command.content, state)
  const fingerprint = context.digest(content)
  const events: ItemEvent[] = []
  if (fingerprint !== state.fingerprint) {
    const contentRevision = state.contentRevision + 1
    const previousFingerprint = state.fingerprint
    events.push({
      type: 'ItemRevised',
      data: { contentRevision, ...content, arrival, previousFingerprint, fingerprint },
    })
  }
  if (reach !== null && grewEnough(state, reach, context.occurredAt)) {
    events.push({ type: 'ItemReachObserved', data: { reach, observedAt: context.occurredAt } })
  }
  return events.length === 0 ? nothing() : accept(...events)
}

/**
 * A broker delivers again what nobody told it was done with, also what came to nothing then because the item said the same
 * already: by now it may say something newer. Only where offset and time both say so: a message that is new must never be
 * held to be an old one, and neither is sure by itself where a topic was made anew or clocks differ.
 */
function wasOvertaken({ arrival }: ReceiveItem, { latestMessage }: HeldItem): boolean {
  if (arrival.kind !== 'broker' || latestMessage === null) return false
  const isBefore = BigInt(arrival.offset) < BigInt(latestMessage.offset)
  return arrival.partition === latestMessage.partition && isBefore && arrival.sentAt <= latestMessage.sentAt
}

/**
 * What no delivery changes: whether it is a message, since a message keeps its case; and when an opinion item was
 * discovered, which is our time, not its source's, and is another at every delivery.
 */
function asKnown(content: ItemContent, { kind, receivedAt }: HeldItem): ItemContent {
  return { ...content, kind, receivedAt: kind === 'opinion' ? receivedAt : content.receivedAt }
}
