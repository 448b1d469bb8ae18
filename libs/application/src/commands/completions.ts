import {
  caseStream,
  commitmentStream,
  evolveCase,
  evolveCommitment,
  initialCase,
  initialCommitment,
  leadFactsOf,
} from '#domain'
import type { Case, CaseEvent, Commitment, CommitmentEvent, ErrorCode, OpenedCase } from '#domain'
import type { EventStore } from '#event-store'
import { z } from 'zod'
import { businessDay } from '../business-day.ts'
import { itemIdOf } from '../identity/ids.ts'
import type { NumberAllocator } from './numbers.ts'
import type { CommandOutcome, CommandRequest } from './request.ts'
import { sent } from './sent.ts'

/** Cases that follow each other in a line; joins go to older cases only, so there is no circle. */
const LINE_MAX = 100

/**
 * What a command's sender does not know because it stands in another stream or is made here: found before the decision,
 * which gets it as data.
 */
export interface Completion {
  /** What the sender gives. */
  schema: z.ZodType
  /** Of what has an identity of its own: the id that its payload, of whatever shape, gives it; null where it gives none. */
  identify?: (payload: unknown, commandId: string) => string | null
  complete: (
    payload: unknown,
    target: string,
    commandId: string,
  ) => Promise<{ payload: unknown } | { refused: ErrorCode; detail: string | null }>
  /**
   * What belongs to the same act beside the command's own stream, and what its sender is told. Done again when the command
   * is repeated, so that a repeat finishes what somebody died over.
   */
  conclude?: (outcome: Done, request: CommandRequest, repeated: boolean) => Promise<CommandOutcome>
}

/** A command that was not refused. */
export type Done = Exclude<CommandOutcome, { outcome: 'refused' }>

/** What has an identity of its own is known by its channel and the id that it has there, whoever delivers it. */
const itemIdentity = z.looseObject({ channelId: z.string(), externalId: z.string() })

function completion<Schema extends z.ZodType>(
  schema: Schema,
  complete: (payload: z.infer<Schema>, target: string) => ReturnType<Completion['complete']>,
): Completion {
  return { schema, complete: (payload, target) => complete(payload as z.infer<Schema>, target) }
}

export function completions(parts: {
  store: EventStore
  storeSecret: Uint8Array
  numbers: NumberAllocator
  now: () => string
  /** Of what comes in otherwise than by a file. */
  intake: Readonly<Record<string, Completion>>
}): ReadonlyMap<string, Completion> {
  const read = async (id: string): Promise<OpenedCase | null> => {
    const { events } = await parts.store.readStream(caseStream(id))
    const state = events.reduce<Case>((state, event) => evolveCase(state, event as unknown as CaseEvent), initialCase)
    return state.status === 'none' ? null : state
  }

  const joinCase = completion(sent.JoinCase, async ({ lead, ...rest }) => {
    const line: OpenedCase[] = []
    for (let next: string | null = lead; next !== null && line.length < LINE_MAX;) {
      const state = await read(next)
      if (!state) return { refused: 'NOT_FOUND', detail: next }
      line.push(state)
      next = state.joining.following?.lead ?? null
    }
    const [first, ...further] = line
    return { payload: { ...rest, lead: leadFactsOf(first!, ...further) } }
  })

  const itemIdIn = ({ channelId, externalId }: z.infer<typeof itemIdentity>) =>
    itemIdOf(parts.storeSecret, channelId, externalId)
  const receiveItem: Completion = {
    ...completion(itemIdentity, (payload, target) =>
      Promise.resolve(
        target === itemIdIn(payload) ? { payload } : { refused: 'INVALID_COMMAND', detail: 'target is another item' },
      ),
    ),
    identify: (payload) => {
      const { success, data } = itemIdentity.safeParse(payload)
      return success && data.externalId.isWellFormed() ? itemIdIn(data) : null
    },
  }

  const openOpinionCase = completion(sent.OpenOpinionCase, async (payload, target) => {
    const year = Number(businessDay(parts.now()).slice(0, 4))
    return { payload: { ...payload, caseId: target, number: await parts.numbers.next(year) } }
  })

  const attachItem = completion(
    z.strictObject({ caseId: z.uuid(), contentRevision: z.number().int(), reason: z.string().nullable() }),
    async (payload) => {
      const state = await read(payload.caseId)
      if (!state) return { refused: 'NOT_FOUND', detail: payload.caseId }
      if (state.opened.kind !== 'opinion') return { refused: 'NOT_AN_OPINION_CASE', detail: payload.caseId }
      return { payload }
    },
  )

  const supersedeCommitment = completion(sent.SupersedeCommitment, async ({ successor, ...rest }) => {
    const { events } = await parts.store.readStream(commitmentStream(successor))
    const state = events.reduce<Commitment>(
      (state, event) => evolveCommitment(state, event as unknown as CommitmentEvent),
      initialCommitment,
    )
    if (state.status === 'none') return { refused: 'NOT_FOUND', detail: successor }
    const { source, terms } = state
    return { payload: { ...rest, successor: { commitmentId: successor, source, quote: terms.quote } } }
  })

  return new Map([
    ['ReceiveItem', receiveItem],
    ['SupersedeCommitment', supersedeCommitment],
    ['JoinCase', joinCase],
    ['OpenOpinionCase', openOpinionCase],
    ['AttachItem', attachItem],
    ...Object.entries(parts.intake),
  ])
}
