import type { RecordedEvent } from '#event-store'

/** An event as the cause of what a policy commands; commands that name the same cause are the same command. */
export type Cause = { eventId: string; correlationId: string }

export function causeOf({ id, metadata }: Pick<RecordedEvent, 'id' | 'metadata'>): Cause {
  return { eventId: id, correlationId: metadata.correlationId }
}
