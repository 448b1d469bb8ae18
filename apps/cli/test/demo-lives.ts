import {
  evolveCase,
  evolveCommitment,
  evolveIntake,
  evolveItem,
  initialCase,
  initialCommitment,
  initialIntake,
  initialItem,
} from '#domain'
import type {
  Case,
  CaseEvent,
  Commitment,
  CommitmentEvent,
  Intake,
  IntakeEvent,
  Item,
  ItemEvent,
  MadeCommitment,
  OpenedCase,
} from '#domain'
import type { EventStore, RecordedEvent } from '#event-store'

/** What a county came to, folded from its streams. */
export interface Lives {
  cases: OpenedCase[]
  commitments: MadeCommitment[]
  items: Item[]
  intakes: Intake[]
  events: RecordedEvent[]
}

export async function livesIn(store: EventStore): Promise<Lives> {
  const streams = new Map<string, RecordedEvent[]>()
  const events: RecordedEvent[] = []
  for await (const page of store.readAll('start')) {
    for (const event of page) {
      events.push(event)
      streams.set(event.stream, [...(streams.get(event.stream) ?? []), event])
    }
  }
  const folded = <State, Event>(kind: string, evolve: (state: State, event: Event) => State, initial: State): State[] =>
    [...streams]
      .filter(([stream]) => stream.startsWith(`${kind}-`))
      .map(([, events]) => (events as unknown as Event[]).reduce(evolve, initial))
  return {
    cases: folded<Case, CaseEvent>('case', evolveCase, initialCase).filter((each) => each.status !== 'none'),
    commitments: folded<Commitment, CommitmentEvent>('commitment', evolveCommitment, initialCommitment).filter(
      (each) => each.status !== 'none',
    ),
    items: folded<Item, ItemEvent>('item', evolveItem, initialItem),
    intakes: folded<Intake, IntakeEvent>('intake', evolveIntake, initialIntake),
    events,
  }
}
