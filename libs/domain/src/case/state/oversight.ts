import type { EventsOf } from '../../kernel/events.ts'
import type { openingEventFormats } from '../events/opening.ts'
import type { oversightEventFormats } from '../events/oversight.ts'

export interface Supervision {
  id: string
  number: string
  to: string
  status: 'issued' | 'answered' | 'closed'
}

export interface Oversight {
  supplements: readonly { id: string; open: boolean }[]
  /** Ids of what arrived unasked or asked. */
  received: readonly string[]
  instructions: readonly { id: string; answered: boolean }[]
  supervisions: readonly Supervision[]
  /** The last day on which it was reminded, by cause and deadline. */
  reminders: ReadonlyMap<string, string>
}

export const initialOversight: Oversight = {
  supplements: [],
  received: [],
  instructions: [],
  supervisions: [],
  reminders: new Map(),
}

type OversightEvent =
  | EventsOf<typeof oversightEventFormats>
  | Extract<EventsOf<typeof openingEventFormats>, { type: 'SupplementRequested' | 'SupplementReceived' }>

export function reminderKey(cause: string, deadlineId: string | null): string {
  return deadlineId === null ? cause : `${cause} ${deadlineId}`
}

export function evolveOversight(state: Oversight, event: OversightEvent): Oversight {
  switch (event.type) {
    case 'SupplementRequested':
      return { ...state, supplements: [...state.supplements, { id: event.data.supplementId, open: true }] }
    case 'SupplementReceived': {
      const { supplementId, request } = event.data
      return {
        ...state,
        received: [...state.received, supplementId],
        supplements: state.supplements.map((each) => (each.id === request ? { ...each, open: false } : each)),
      }
    }
    case 'CaseReminded': {
      const key = reminderKey(event.data.cause, event.data.deadlineId)
      return { ...state, reminders: new Map(state.reminders).set(key, event.data.day) }
    }
    case 'InstructionReceived':
      return { ...state, instructions: [...state.instructions, { id: event.data.instructionId, answered: false }] }
    case 'InstructionAnswered':
      return {
        ...state,
        instructions: state.instructions.map((each) =>
          each.id === event.data.instructionId ? { ...each, answered: true } : each,
        ),
      }
    case 'SupervisionIssued': {
      const { supervisionId: id, number, to } = event.data
      return { ...state, supervisions: [...state.supervisions, { id, number, to, status: 'issued' }] }
    }
    case 'SupervisionAnswered':
      return { ...state, supervisions: supervised(state.supervisions, event.data.supervisionId, 'answered') }
    case 'SupervisionClosed':
      return { ...state, supervisions: supervised(state.supervisions, event.data.supervisionId, 'closed') }
  }
}

function supervised(all: readonly Supervision[], id: string, status: Supervision['status']): readonly Supervision[] {
  return all.map((each) => (each.id === id ? { ...each, status } : each))
}
