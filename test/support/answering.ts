import { byHand, complaint, staff } from './county.ts'
import type { answer, County } from './county.ts'

export const ADDRESS = 'https://www.county.example/reply/1.html'

/** Triage, routing and signing, until the transport department has the case in hand. */
export async function takeInHand(county: County, id: string): Promise<void> {
  await county.give('TriageCase', id, complaint, staff.monitor)
  await county.give('RouteCase', id, { lead: 'transport', assisting: [], basis: byHand }, staff.coordinator)
  await county.give('SignForCase', id, {}, staff.transportOfficer)
}

/** A draft, new or of a known response: its id and digest. */
export async function draft(
  county: County,
  id: string,
  content: ReturnType<typeof answer>,
  responseId: string | null = null,
): Promise<{ responseId: string; digest: string }> {
  const { events } = await county.give('SaveDraft', id, { responseId, content }, staff.transportOfficer)
  return told(events[0]!.data)
}

/** Submission and both approvals of an ordinary answer. */
export async function approve(
  county: County,
  id: string,
  drafted: { responseId: string; digest: string },
): Promise<void> {
  await county.give('SubmitResponse', id, drafted, staff.transportOfficer)
  await county.give('ApproveResponse', id, { ...drafted, level: 1 }, staff.transportReviewer)
  await county.give('ApproveResponse', id, { ...drafted, level: 2 }, staff.coordinator)
}

/** From a case in hand to its published answer. */
export async function publish(county: County, id: string, content: ReturnType<typeof answer>) {
  const drafted = await draft(county, id, content)
  await approve(county, id, drafted)
  await county.give('PublishResponse', id, { ...drafted, address: ADDRESS, publishedAt: null }, staff.transportOfficer)
  return drafted
}

export function told(data: Record<string, unknown>): { responseId: string; digest: string } {
  const { responseId, digest } = data
  if (typeof responseId !== 'string' || typeof digest !== 'string') throw new Error('no response is told of')
  return { responseId, digest }
}
