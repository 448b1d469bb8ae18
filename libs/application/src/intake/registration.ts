import { caseStream, itemStream } from '#domain'
import type { Settings } from '#domain'
import type { EventStore, RecordedEvent } from '#event-store'
import { z } from 'zod'
import type { Completion, Done } from '../commands/completions.ts'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import { sent } from '../commands/sent.ts'
import { caseIdOfMessage, derivedId, itemIdOf } from '../identity/ids.ts'
import { openCaseOf } from '../imports/row-intake.ts'

export interface RegistrationParts {
  store: EventStore
  storeSecret: Uint8Array
  settings: () => Settings
  execute: (request: CommandRequest) => Promise<CommandOutcome>
  /** Carries out at once what follows from an event. */
  follow: (event: RecordedEvent) => Promise<void>
}

const schema = sent.RegisterItem
const onChannel = z.looseObject({ channelId: z.string() })

/** What a channel without ids of its own calls an item: the same whenever the same command registers it. */
const registeredId = (commandId: string) => `registered-${derivedId('registration', commandId)}`

/**
 * Registering by hand: the item gets its id, its case is opened at once, so that whoever stands at the window takes its
 * number along, and what they were answered completes it. Each step's id follows from the one before; the same request
 * again finishes what was begun and does nothing twice.
 */
export function registerItem(parts: RegistrationParts): Completion {
  const itemIn = (channelId: string, commandId: string) =>
    itemIdOf(parts.storeSecret, channelId, registeredId(commandId))

  /** The same request on another channel would be another item, under a key that was used. */
  const isUsedElsewhere = async (channelId: string, commandId: string): Promise<boolean> => {
    for (const other of parts.settings().channels.keys()) {
      if (other === channelId) continue
      const { version } = await parts.store.readStream(itemStream(itemIn(other, commandId)))
      if (version !== 'no-stream') return true
    }
    return false
  }

  return {
    schema,
    identify: (payload, commandId) => {
      const { success, data } = onChannel.safeParse(payload)
      return success && data.channelId.isWellFormed() ? itemIn(data.channelId, commandId) : null
    },
    complete: async (given, target, commandId) => {
      const payload = given as z.infer<typeof schema>
      if (target !== itemIn(payload.channelId, commandId)) {
        return { refused: 'INVALID_COMMAND', detail: 'target is given by the registration' }
      }
      if (await isUsedElsewhere(payload.channelId, commandId)) {
        return { refused: 'IDEMPOTENCY_KEY_REUSED', detail: null }
      }
      return { payload: { ...payload, externalId: registeredId(commandId), kind: 'message' } }
    },
    conclude: async (registered, request, repeated) => {
      const caseId = caseIdOfMessage(registered.id)
      const [received] = registered.events
      if (received !== undefined && !repeated) await parts.follow(received)
      else await openCaseOf(parts, registered.id, caseId)
      const { answer } = request.payload as z.infer<typeof schema>
      if (answer === null || received === undefined) return await withCase(parts.store, registered, caseId, [])

      const completed = await parts.execute({
        command: 'CompleteOnTheSpot',
        target: caseId,
        payload: answer,
        actor: request.actor,
        occurredAt: request.occurredAt ?? null,
        cause: { eventId: received.id, correlationId: received.metadata.correlationId, about: 'answer' },
      })
      if (completed.outcome === 'refused') {
        const detail = `registered with the case ${caseId}, not answered${completed.detail ? `: ${completed.detail}` : ''}`
        return { ...completed, detail }
      }
      return await withCase(parts.store, registered, caseId, completed.events)
    },
  }
}

/** Whoever waits for the token sees the case, too. */
async function withCase(
  store: EventStore,
  registered: Done,
  caseId: string,
  events: readonly RecordedEvent[],
): Promise<Done> {
  const { position } = await store.readStream(caseStream(caseId))
  return { ...registered, token: position ?? registered.token, events: [...registered.events, ...events] }
}
