import { roleOf } from '#domain'
import type { CommandContext, JsonValue, Settings } from '#domain'
import type { EventStore, JsonObject, NewEvent, RecordedEvent } from '#event-store'
import type { z } from 'zod'
import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { derivedId, timeOrderedId } from '../identity/ids.ts'
import type { CommandRow, DomainEvent } from './aggregate.ts'
import type { RecentStreams } from './recent-streams.ts'
import type { CommandOutcome, CommandRequest } from './request.ts'

/** Stands for the fingerprint of anything in a stream whose key was destroyed: what it would be compared with is gone. */
const DESTROYED = '0'.repeat(64)
/** How often a command is decided anew because somebody else wrote to its stream meanwhile. */
const ATTEMPTS_MAX = 20

export interface ExecutorParts {
  store: EventStore
  streams: RecentStreams
  clock: Clock
  settings: () => Settings
}

/** An outcome, and whether the command had been given before: to its sender, the two are the same. */
export type Executed = CommandOutcome & { repeated?: true }

/** A command whose identity and target are known. */
export interface GivenExecution {
  request: CommandRequest
  commandId: string
  id: string
  /** What is decided on: the request's payload, completed with what its sender could not know. */
  payload: unknown
}

/**
 * Gives one command to the stream that it is for: read, look for the command itself, decide, append; anew if somebody
 * was faster. Refusals are values; what throws is a fault of the store.
 */
export async function execute(
  parts: ExecutorParts,
  row: CommandRow,
  { request, commandId, id, payload }: GivenExecution,
): Promise<Executed> {
  const parsed = row.schema.safeParse(payload)
  if (!parsed.success) return invalid(parsed.error)
  if (!row.by.includes(roleOf(request.actor))) {
    return refused('ROLE_NOT_ALLOWED', `${row.name} by ${roleOf(request.actor)}`)
  }
  const now = instantAt(parts.clock.now())
  const stream = row.aggregate.streamOf(id)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const read = await parts.streams.read(row.aggregate, stream)
    const { slice, state } = read
    const isNew = slice.events.length === 0
    const fingerprinter = await parts.store.fingerprinter(stream, isNew)
    const digest = (fingerprinter ?? (() => DESTROYED)) as CommandContext['digest']
    const fingerprint = request.cause
      ? null
      : digest([row.name, id, request.payload as JsonValue, request.occurredAt ?? null])

    const before = slice.events.filter((event) => event.metadata.commandId === commandId)
    if (before.length > 0) {
      // What a repeat would be compared with is gone with the key: erasing twice answers twice.
      const isAnother = fingerprinter !== null && before[0]!.metadata.commandFingerprint !== fingerprint
      if (isAnother) return refused('IDEMPOTENCY_KEY_REUSED', null)
      return { ...answered('accepted', id, before), repeated: true }
    }
    if (isNew && !row.creates) return refused('NOT_FOUND', id)
    const revision = slice.events.length - 1
    if (request.basedOn != null && request.basedOn !== revision) {
      return refused('VERSION_CONFLICT', `based on ${request.basedOn}, found ${revision}`)
    }

    const context: CommandContext = {
      actor: request.actor,
      now,
      occurredAt: request.occurredAt ?? now,
      commandId,
      settings: parts.settings(),
      digest,
      derive: (purpose, ...rest) => derivedId(purpose, commandId, ...rest),
    }
    const decision = row.decide(parsed.data, state, context)
    if (decision.outcome === 'refused') return decision
    if (decision.outcome === 'nothing') {
      return { outcome: 'nothing', id, revision, token: slice.position, events: [] }
    }

    if (request.preview)
      return {
        outcome: 'accepted',
        id,
        revision,
        token: slice.position,
        events: [],
        preview: decision.events.map(({ type }) => type),
      }
    const caseId = row.aggregate.caseIdOf(id, state, parsed.data)
    const events = decision.events.map((event, ordinal) =>
      envelope(event, ordinal, request, context, fingerprint, caseId),
    )
    const result = await parts.store.append(stream, slice.version, events)
    if (result.status === 'appended') {
      parts.streams.add(row.aggregate, stream, read, result)
      return answered('accepted', id, result.events)
    }
    if (request.basedOn != null) return refused('VERSION_CONFLICT', 'somebody was faster')
  }
  return refused('VERSION_CONFLICT', `somebody was faster ${ATTEMPTS_MAX} times`)
}

function envelope(
  event: DomainEvent,
  ordinal: number,
  request: CommandRequest,
  context: CommandContext,
  fingerprint: string | null,
  caseId: string | null,
): NewEvent {
  return {
    id: request.cause ? derivedId('event', context.commandId, ordinal) : timeOrderedId(Date.parse(context.now)),
    type: event.type,
    data: event.data as JsonObject,
    metadata: {
      occurredAt: context.occurredAt,
      actor: context.actor,
      commandId: context.commandId,
      commandFingerprint: fingerprint,
      correlationId: request.cause?.correlationId ?? context.commandId,
      causationId: request.cause?.eventId ?? null,
      origin: request.origin ?? 'live',
      caseId,
    },
  }
}

function answered(
  outcome: 'accepted',
  id: string,
  events: readonly RecordedEvent[],
): Exclude<CommandOutcome, { outcome: 'refused' }> {
  const last = events.at(-1)!
  return {
    outcome,
    id,
    revision: last.revision,
    token: last.position,
    events,
  }
}

function refused(code: string, detail: string | null): CommandOutcome {
  return { outcome: 'refused', code, detail }
}

/** A payload of the wrong shape: the first ten places that are wrong. */
export function invalid({ issues }: z.core.$ZodError): CommandOutcome {
  const places = issues.slice(0, 10).map(({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`)
  return refused('INVALID_COMMAND', places.join('; '))
}
