import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../../kernel/command.ts'
import { accept, nothing } from '../../kernel/decision.ts'
import { channelId, instant, line, sensitive, text, uuid } from '../../kernel/values.ts'
import type { CaseEvent } from '../events.ts'
import type { Case } from '../state.ts'
import * as v from '../values.ts'
import { factsOf, FIRST_PURPOSES, firstClock, setByNorms } from './deadline-events.ts'
import type { CaseDecision } from './support.ts'

const openCase = z.strictObject({
  caseId: uuid,
  origin: v.caseOrigin,
  number: line(32),
  queryCode: sensitive(line(32)),
  receivedAt: instant,
  channel: channelId,
  items: z.array(uuid).min(1).max(500),
  title: sensitive(text(500)),
  wish: v.askerWish.nullable(),
  type: v.caseType.nullable(),
  subject: line(100).nullable(),
})

const openOpinionCase = z.strictObject({
  caseId: uuid,
  number: line(32),
  discoveredAt: instant,
  channel: channelId.nullable(),
  items: z.array(uuid).max(500),
  title: sensitive(text(500)),
  subject: line(100).nullable(),
})

type Opened = Extract<CaseEvent, { type: 'CaseOpened' }>['data']

/** A case opens once, with the deadlines whose clocks start at receipt or discovery. */
function open(data: Opened, state: Case, context: CommandContext): CaseDecision {
  if (state.status !== 'none') return nothing()
  const facts = factsOf(data, null)
  const startsAt = firstClock(data.kind)
  const deadlines = FIRST_PURPOSES.flatMap((purpose) =>
    setByNorms({ purpose, startsAt, startedAt: data.receivedAt }, facts, context),
  )
  return accept({ type: 'CaseOpened', data }, ...deadlines)
}

/** `caseId`, `number` and, for messages, `queryCode` are given by the application, not by a caller. */
export const openingCommands = {
  OpenCase: {
    schema: openCase,
    by: ['policy'],
    decide: (command, state, context) =>
      open({ ...command, kind: 'message', openedAt: context.occurredAt }, state, context),
  } satisfies CommandDefinition<typeof openCase, Case, CaseEvent, CommandContext>,
  OpenOpinionCase: {
    schema: openOpinionCase,
    by: ['monitor', 'opinion-office', 'coordinator'],
    decide: ({ discoveredAt, ...command }, state, context) =>
      open(
        {
          ...command,
          kind: 'opinion',
          origin: 'live',
          queryCode: null,
          openedAt: context.occurredAt,
          receivedAt: discoveredAt,
          wish: null,
          type: 'opinion',
        },
        state,
        context,
      ),
  } satisfies CommandDefinition<typeof openOpinionCase, Case, CaseEvent, CommandContext>,
}
