import type { EventsOf } from '../../kernel/events.ts'
import type { routingEventFormats } from '../events/routing.ts'

export type Routing =
  | { status: 'unrouted' }
  | { status: 'routed'; lead: string; assisting: readonly string[]; binding: boolean }
  | {
      status: 'signed'
      lead: string
      assisting: readonly string[]
      binding: boolean
      officer: string | null
    }

export interface Assist {
  id: string
  department: string
  open: boolean
}

/** Who has the case in hand. */
export interface Hands {
  routing: Routing
  /** The unit first asked, until another has signed for it. */
  coordinating: string | null
  /** The last request of the department that holds the case. */
  handBack: { id: string; department: string; status: 'open' | 'refused' } | null
  handBacksGranted: number
  assists: readonly Assist[]
}

export const initialHands: Hands = {
  routing: { status: 'unrouted' },
  coordinating: null,
  handBack: null,
  handBacksGranted: 0,
  assists: [],
}

export function evolveHands(hands: Hands, event: EventsOf<typeof routingEventFormats>): Hands {
  switch (event.type) {
    case 'CaseRouted': {
      const { lead, assisting, basis, coordinating } = event.data
      const binding = basis.kind === 'jurisdiction'
      const { routing } = hands
      // The same lead goes on where it was; another one has to sign for it.
      if (routing.status !== 'unrouted' && routing.lead === lead) {
        return { ...hands, routing: { ...routing, assisting, binding: routing.binding || binding }, coordinating }
      }
      return { ...hands, routing: { status: 'routed', lead, assisting, binding }, coordinating, handBack: null }
    }
    case 'RoutingWithdrawn':
      return withdraw(hands, new Set(event.data.departments))
    case 'CaseSignedFor':
      if (hands.routing.status === 'unrouted') return hands
      return { ...hands, routing: { ...hands.routing, status: 'signed', officer: null }, coordinating: null }
    case 'HandBackRequested':
      return {
        ...hands,
        handBack: { id: event.data.handBackId, department: event.data.department, status: 'open' },
      }
    case 'HandBackGranted':
      return {
        ...hands,
        routing: { status: 'unrouted' },
        coordinating: event.data.coordinating,
        handBack: null,
        handBacksGranted: hands.handBacksGranted + 1,
      }
    case 'HandBackRefused':
      return { ...hands, handBack: hands.handBack && { ...hands.handBack, status: 'refused' } }
    case 'CaseAssigned':
      if (hands.routing.status !== 'signed') return hands
      return { ...hands, routing: { ...hands.routing, officer: event.data.officer } }
    case 'AssistRequested':
      return {
        ...hands,
        assists: [...hands.assists, { id: event.data.assistId, department: event.data.department, open: true }],
      }
    case 'AssistReplied':
      return {
        ...hands,
        assists: hands.assists.map((assist) =>
          assist.id === event.data.assistId ? { ...assist, open: false } : assist,
        ),
      }
  }
}

function withdraw(hands: Hands, departments: ReadonlySet<string>): Hands {
  const { routing } = hands
  const coordinating = hands.coordinating !== null && departments.has(hands.coordinating) ? null : hands.coordinating
  const assists = hands.assists.map((assist) =>
    departments.has(assist.department) ? { ...assist, open: false } : assist,
  )
  if (routing.status === 'unrouted') return { ...hands, coordinating, assists }
  if (departments.has(routing.lead)) {
    return { ...hands, routing: { status: 'unrouted' }, coordinating, handBack: null, assists }
  }
  const assisting = routing.assisting.filter((department) => !departments.has(department))
  return { ...hands, routing: { ...routing, assisting }, coordinating, assists }
}
