import type { Actor } from '#domain'
import { ADDRESS } from '../support/answering.ts'
import { MovedClock } from '../support/clock.ts'
import { answer, byHand, complaint, departments, staff } from '../support/county.ts'
import { HttpCounty } from '../support/http.ts'
import type { ServedCounty } from '../support/http.ts'
import type { Installation } from '../support/processes-installation.ts'
import type { ServiceProcess } from '../support/processes.ts'
import { allEvents, settled } from './judge.ts'

export type Gateway = HttpCounty<ServedCounty>

/** A gateway that runs as a process, asked over HTTP. Every answer is held against the description of the API. */
export async function overHttp(installation: Installation, gateway: ServiceProcess): Promise<Gateway> {
  const stores = await installation.stores()
  const eventsOf = async (stream: string) => (await stores.store.readStream(stream)).events
  const served: ServedCounty = {
    folder: installation.folderOf(gateway.name),
    // The processes' own clock is the machine's; nobody asks for this one's time.
    clock: new MovedClock('2026-03-06 09:00'),
    settled: () => settled(stores),
    events: eventsOf,
    types: async (stream) => (await eventsOf(stream)).map(({ type }) => type),
    extent: async () => ({ events: (await allEvents(stores)).length, head: await stores.store.head() }),
    close: () => Promise.resolve(),
  }
  return await HttpCounty.serving(served, {}, () =>
    Promise.resolve({ address: gateway.address, close: async () => void (await gateway.stop()) }),
  )
}

export async function defineDepartments(http: Gateway): Promise<void> {
  for (const [id, name] of Object.entries(departments)) {
    const department = { id, name, active: true }
    await http.give('DefineDepartment', null, { department, reason: null }, staff.administrator)
  }
}

/** The newest case in the list that nobody has answered yet. */
export async function newCase(http: Gateway): Promise<string> {
  const list = await http.get<{ documents: { id: string }[] }>('/api/cases?state=new', { as: staff.auditor })
  const [found] = list.body.documents
  if (found === undefined) throw new Error('there is no new case')
  return found.id
}

export const PROMISE = '确保9月底前完成滨河路修复'

/** From a new case to its published answer, which promises something. */
export async function answerCase(http: Gateway, id: string): Promise<void> {
  const give = (command: string, payload: unknown, as: Actor) => http.give(command, id, payload, as)
  await give('TriageCase', complaint, staff.monitor)
  await give('RouteCase', { lead: 'transport', assisting: [], basis: byHand }, staff.coordinator)
  await give('SignForCase', {}, staff.transportOfficer)
  const content = answer(`经查，冻融所致。${PROMISE}。`, PROMISE)
  const { events } = await give('SaveDraft', { responseId: null, content }, staff.transportOfficer)
  const { responseId, digest } = events[0]!.data
  const drafted = { responseId, digest }
  await give('SubmitResponse', drafted, staff.transportOfficer)
  await give('ApproveResponse', { ...drafted, level: 1 }, staff.transportReviewer)
  await give('ApproveResponse', { ...drafted, level: 2 }, staff.coordinator)
  await give('PublishResponse', { ...drafted, address: ADDRESS, publishedAt: null }, staff.transportOfficer)
}
