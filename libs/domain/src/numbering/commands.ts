import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../kernel/command.ts'
import { accept, nothing, refuse } from '../kernel/decision.ts'
import { withinStream } from '../kernel/stream-bound.ts'
import { line } from '../kernel/values.ts'
import { CASE_ORDINAL_MAX } from './events.ts'
import type { NumberingEvent } from './events.ts'
import type { Numbering } from './state.ts'

const reserveNumbersSchema = z.strictObject({
  /** How many; a year's stream takes some 4,900 reservations, so that 1,000 at a time make five million numbers. */
  size: z.number().int().min(1).max(1_000),
  /** Names the reservation, so that asking again reserves nothing. */
  reservation: line(64),
})

/** Reserves a block of case numbers for whoever asks; what is not used of it stays a gap. */
const reserveNumbers: CommandDefinition<typeof reserveNumbersSchema, Numbering, NumberingEvent, CommandContext> = {
  schema: reserveNumbersSchema,
  by: ['policy'],
  decide: ({ size, reservation }, state, context) => {
    if (state.lastReservation === reservation) return nothing()
    const from = state.next
    const to = from + size - 1
    if (to > CASE_ORDINAL_MAX) return refuse('NUMBERS_EXHAUSTED')
    const reserved = accept<NumberingEvent>({ type: 'NumbersReserved', data: { from, to, reservation } })
    return withinStream(state.events, context.actor, reserved)
  },
}

/** Everything that can be asked of a year's numbers. */
export const numberingCommands = { ReserveNumbers: reserveNumbers }
