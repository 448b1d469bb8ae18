import type { CaseEvent, CommitmentEvent, IntakeEvent, ItemEvent } from '#domain'
import type { RecordedEvent } from '#event-store'

/** An event in its envelope, its type and data known. */
export type Recorded<Event> = Omit<RecordedEvent, 'type' | 'data'> & Event

export type RecordedCaseEvent = Recorded<CaseEvent>
export type RecordedCommitmentEvent = Recorded<CommitmentEvent>
export type RecordedItemEvent = Recorded<ItemEvent>
export type RecordedIntakeEvent = Recorded<IntakeEvent>
