import type { CaseEvent, CommitmentEvent, ItemEvent } from '#domain'
import type { StoredEvent } from '#event-store'
import type { z } from 'zod'
import type { CaseFacts } from './case-facts.ts'

/** Every type's name begins so; a version ends it. */
export const TYPE_PREFIX = 'cn.huiying.'

type PublicEvent = CaseEvent | CommitmentEvent | ItemEvent

/** What a mapping may use beside the event itself. */
export interface MappingContext {
  event: StoredEvent
  /** Of the case that the event belongs to, the event included; null where it belongs to none. */
  facts: CaseFacts | null
}

/** One published type: which event of ours it tells of, and what of it. */
export interface IntegrationType {
  /** Of the event store. */
  of: string
  /** Versions of that event whose stored form the mapping reads. */
  versions: readonly number[]
  /** Without the prefix: `case.opened.v1`. */
  name: string
  zh: string
  en: string
  schema: z.ZodObject
  /** Null where this event is not told of. */
  map: (data: unknown, context: MappingContext) => unknown
}

/**
 * Names what is published, field by field: nothing of an event is passed on because it is there. Data is as it is stored:
 * what is sealed is not in it.
 */
export function tells<Type extends PublicEvent['type'], Schema extends z.ZodObject>(
  of: Type,
  definition: {
    versions?: readonly number[]
    name: string
    zh: string
    en: string
    schema: Schema
    map: (data: Extract<PublicEvent, { type: Type }>['data'], context: MappingContext) => z.input<Schema> | null
  },
): IntegrationType {
  return { of, versions: [1], ...definition } as unknown as IntegrationType
}
