import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { withinStream } from '../../kernel/stream-bound.ts'
import { line, uuid } from '../../kernel/values.ts'
import type { ItemEvent } from '../events.ts'
import type { Item } from '../state.ts'

const contentRevision = z.number().int().min(1).max(10_000)

const attachItemSchema = z.strictObject({
  /** The opinion case. */
  caseId: uuid,
  /** The content that was judged: attaching what one has not read is refused. */
  contentRevision,
  reason: line(500).nullable(),
})

/** Attaches an opinion item to an opinion case. The item belongs to one case at a time. */
export const attachItem: CommandDefinition<typeof attachItemSchema, Item, ItemEvent, CommandContext> = {
  schema: attachItemSchema,
  by: ['monitor', 'opinion-office', 'coordinator', 'policy'],
  decide: (command, state, context) => {
    if (state.status === 'none') return refuse('NOT_FOUND')
    if (state.status === 'erased') return refuse('ITEM_ERASED')
    if (state.status === 'quarantined') return refuse('ITEM_QUARANTINED')
    if (state.attachedTo?.caseId === command.caseId) return nothing()
    if (state.kind === 'message') return refuse('MESSAGE_NEEDS_NO_CASE')
    if (state.attachedTo !== null) return refuse('ITEM_ATTACHED_ELSEWHERE', state.attachedTo.caseId)
    if (command.contentRevision !== state.contentRevision) {
      return refuse('ITEM_CHANGED_SINCE', `content revision ${state.contentRevision}`)
    }
    return withinStream(state.events, context.actor, accept({ type: 'ItemAttached', data: command }))
  },
}

const detachItemSchema = z.strictObject({ caseId: uuid, contentRevision, reason: line(500) })

/** Takes an item out of its case, back into the inbox. */
export const detachItem: CommandDefinition<typeof detachItemSchema, Item, ItemEvent, CommandContext> = {
  schema: detachItemSchema,
  by: ['monitor', 'opinion-office', 'coordinator'],
  decide: (command, state, context) => {
    if (state.status === 'none') return refuse('NOT_FOUND')
    if (state.status === 'erased') return refuse('ITEM_ERASED')
    if (state.status === 'quarantined') return refuse('ITEM_QUARANTINED')
    if (state.attachedTo === null && state.detachedFrom === command.caseId) return nothing()
    if (state.attachedTo?.caseId !== command.caseId) return refuse('ITEM_NOT_ATTACHED', state.attachedTo?.caseId)
    if (command.contentRevision !== state.contentRevision) {
      return refuse('ITEM_CHANGED_SINCE', `content revision ${state.contentRevision}`)
    }
    return withinStream(state.events, context.actor, accept({ type: 'ItemDetached', data: command }))
  },
}
