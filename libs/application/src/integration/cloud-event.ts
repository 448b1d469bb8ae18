import type { StoredEvent } from '#event-store'
import type { OutgoingMessage } from '#messaging'
import { TRACEPARENT, traceparentOf } from '#observability'
import { z } from 'zod'
import { TYPE_PREFIX } from './definition.ts'
import type { IntegrationType, MappingContext } from './definition.ts'
import { id, when } from './values.ts'

/**
 * CloudEvents 1.0 in structured mode: the whole event is one JSON text, so that one schema checks all of it and it stays
 * whole wherever it is written down or passed on by something that loses headers.
 */
export const CONTENT_TYPE = 'application/cloudevents+json; charset=UTF-8'

/** The envelope of a type's events. */
export function cloudEventSchema({ name, schema }: IntegrationType) {
  return z.strictObject({
    specversion: z.literal('1.0'),
    /** Of the event in the store: the same when it is told again. */
    id,
    /** The installation that tells it. */
    source: z.string().min(1),
    type: z.literal(`${TYPE_PREFIX}${name}`),
    /** The number of the case; the id of a promise or an item. */
    subject: z.string().min(1),
    /** When it was written down. */
    time: when,
    datacontenttype: z.literal('application/json'),
    /** The message's key: the case, for whatever belongs to one. What has one key keeps its order. */
    partitionkey: id,
    /** When it happened. */
    occurredat: when,
    data: schema,
  })
}

/** What others are told of an event; null: nothing. Throws where the mapping does not give what its schema says. */
export function toMessage(
  type: IntegrationType,
  context: MappingContext,
  subjects: { source: string; ownId: string },
): OutgoingMessage | null {
  const { event, facts } = context
  const data = type.map(event.data, context)
  if (data === null) return null
  const key = event.metadata.caseId ?? subjects.ownId
  const cloudEvent = cloudEventSchema(type).parse({
    specversion: '1.0',
    id: event.id,
    source: subjects.source,
    type: `${TYPE_PREFIX}${type.name}`,
    subject: subjectOf(event, facts?.number ?? null, subjects.ownId),
    time: event.metadata.recordedAt,
    datacontenttype: 'application/json',
    partitionkey: key,
    occurredat: event.metadata.occurredAt,
    data,
  })
  return {
    key,
    value: Buffer.from(JSON.stringify(cloudEvent)),
    headers: { 'content-type': CONTENT_TYPE, [TRACEPARENT]: traceparentOf(event) },
  }
}

function subjectOf({ stream }: StoredEvent, number: string | null, ownId: string): string {
  return stream.startsWith('case-') ? (number ?? ownId) : ownId
}
