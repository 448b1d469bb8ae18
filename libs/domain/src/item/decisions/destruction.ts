import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { staffOf } from '../../kernel/staff.ts'
import { line } from '../../kernel/values.ts'
import { erasureGround } from '../events.ts'
import type { ItemEvent } from '../events.ts'
import type { Item } from '../state.ts'

const eraseItemSchema = z.strictObject({
  ground: erasureGround,
  /** The clause or the number of the request; no names, since this line outlives the content. */
  basis: line(),
})

/** Erases an item's content for ever: after the event its key is destroyed. Whoever gives the command approves it. */
export const eraseItem: CommandDefinition<typeof eraseItemSchema, Item, ItemEvent, CommandContext> = {
  schema: eraseItemSchema,
  by: ['coordinator', 'secrecy-reviewer'],
  decide: (command, state, context) => {
    const approver = staffOf(context.actor)
    if (approver === null) return refuse('ROLE_NOT_ALLOWED')
    if (state.status === 'erased') return nothing()
    if (state.status === 'quarantined') return refuse('ITEM_QUARANTINED')
    if (state.status === 'none') return refuse('NOT_FOUND')
    return accept({ type: 'ItemErased', data: { ...command, approver } })
  },
}

const quarantineItemSchema = z.strictObject({
  /** The number under which the secrecy office took it over. */
  receipt: line(100),
})

/** 涉密隔离: destroys the content at once; its digest, its time and the receipt stay. */
export const quarantineItem: CommandDefinition<typeof quarantineItemSchema, Item, ItemEvent, CommandContext> = {
  schema: quarantineItemSchema,
  by: ['secrecy-reviewer', 'monitor', 'coordinator'],
  decide: ({ receipt }, state, context) => {
    const by = staffOf(context.actor)
    if (by === null) return refuse('ROLE_NOT_ALLOWED')
    if (state.status === 'quarantined') return nothing()
    if (state.status === 'erased') return refuse('ITEM_ERASED')
    if (state.status === 'none') return refuse('NOT_FOUND')
    const { fingerprint, receivedAt } = state
    return accept({ type: 'ItemQuarantined', data: { fingerprint, receivedAt, receipt, by } })
  },
}
