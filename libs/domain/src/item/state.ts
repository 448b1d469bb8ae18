import type { BrokerArrival, ItemEvent, Reach } from './events.ts'

export interface HeldItem {
  status: 'held'
  kind: 'message' | 'opinion'
  channelId: string
  origin: 'live' | 'history'
  receivedAt: string
  fingerprint: string
  /** 1 as it came, then one more with each revision. */
  contentRevision: number
  /** As last kept; what the item came with counts as its first sight. */
  reach: Reach | null
  reachObservedAt: string | null
  attachedTo: { caseId: string; contentRevision: number } | null
  /** The case it was last detached from. */
  detachedFrom: string | null
  /** The place of the newest message of a broker that said something new of it. */
  latestMessage: BrokerArrival | null
  /** Events in the stream. */
  events: number
}

export type Item = { status: 'none' } | HeldItem | { status: 'erased' } | { status: 'quarantined' }

export const initialItem: Item = { status: 'none' }

/** The state after an event. Nothing follows erasing or quarantine, whatever the stream says. */
export function evolveItem(state: Item, event: ItemEvent): Item {
  if (event.type === 'ItemReceived') {
    if (state.status !== 'none') return state
    const { kind, channelId, origin, receivedAt, fingerprint, reach, arrival } = event.data
    return {
      status: 'held',
      kind,
      channelId,
      origin,
      receivedAt,
      fingerprint,
      contentRevision: 1,
      reach,
      reachObservedAt: reach === null ? null : receivedAt,
      attachedTo: null,
      detachedFrom: null,
      latestMessage: arrival.kind === 'broker' ? arrival : null,
      events: 1,
    }
  }
  if (state.status !== 'held') return state
  return changed({ ...state, events: state.events + 1 }, event)
}

function changed(state: HeldItem, event: Exclude<ItemEvent, { type: 'ItemReceived' }>): Item {
  const { type, data } = event
  switch (type) {
    case 'ItemRevised':
      return {
        ...state,
        receivedAt: data.receivedAt,
        fingerprint: data.fingerprint,
        contentRevision: data.contentRevision,
        latestMessage: data.arrival.kind === 'broker' ? data.arrival : state.latestMessage,
      }
    case 'ItemReachObserved':
      return { ...state, reach: data.reach, reachObservedAt: data.observedAt }
    case 'ItemAttached':
      return { ...state, attachedTo: { caseId: data.caseId, contentRevision: data.contentRevision } }
    case 'ItemDetached':
      return { ...state, attachedTo: null, detachedFrom: data.caseId }
    case 'ItemErased':
      return { status: 'erased' }
    case 'ItemQuarantined':
      return { status: 'quarantined' }
  }
}
