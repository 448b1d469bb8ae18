import { join } from 'node:path'
import { catalog } from '#application'
import type { CaseDocument } from '#application'
import { openEventLog, openEventStore } from '#event-store'
import type { RecordedEvent } from '#event-store'
import { loadMasterKey, openSqliteKeyStore } from '#key-store'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import type { Embedded } from '../../apps/standalone/src/embedded.ts'
import { verifyFolder } from '../../apps/standalone/src/verify.ts'
import { Facts } from './facts.ts'
import type { Told } from './told.ts'

const SEARCHES = 12
const PAGE = 200

/** The events of a folder that nobody has open, read before anything else could have been written to it. */
export async function readEvents(folder: string): Promise<RecordedEvent[]> {
  const log = await openEventLog(`sqlite:${join(folder, 'events.db')}`)
  try {
    if ((await log.head()) === 'start') return []
    const masterKey = loadMasterKey({ path: join(folder, 'master.key') })
    const keys = openSqliteKeyStore({ path: join(folder, 'keys.db'), masterKey })
    try {
      return await allEvents(openEventStore({ log, keys, catalog, clock: { now: () => '' } }))
    } finally {
      await keys.close()
    }
  } finally {
    await log.close()
  }
}

async function allEvents(store: Embedded['application']['ports']['store']): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const page of store.readAll('start', { pageSize: 1_000 })) events.push(...page)
  return events
}

/** Opens the folder, lets everything that is pending happen, and says all that is wrong with it. */
export async function faultsWhenSettled(
  folder: string,
  told: Told,
  pick: (below: number) => number,
): Promise<{ faults: string[]; events: number; documents: number }> {
  const huiying = await openEmbedded({ folder })
  try {
    await huiying.settled()
    const facts = new Facts(await allEvents(huiying.application.ports.store))
    const { documents, differing, differences } = await huiying.projector.compare()
    const faults = [
      ...facts.faults(told),
      ...facts.missing(told),
      ...differences.map(({ collection, id, kind }) => `${collection} ${id} is ${kind} of ${differing}`),
      ...(await searchFaults(huiying, pick)),
    ]
    return { faults, events: facts.events.length, documents }
  } finally {
    await huiying.close()
  }
}

/** What is wrong in the chains, beside what a store that is whole has. */
export async function chainFaults(folder: string): Promise<string[]> {
  const faults: string[] = []
  for await (const message of verifyFolder(folder)) {
    if (message.kind === 'finding') faults.push(`${message.finding.code} ${message.finding.message}`)
  }
  return faults
}

/** Looks for words of some cases, and holds what is found against the documents of all. */
async function searchFaults({ application }: Embedded, pick: (below: number) => number): Promise<string[]> {
  const { views, search } = application.ports
  const texts = new Map<string, string>()
  let cursor: string | null = null
  do {
    const sort = { field: 'receivedAt', direction: 'descending' } as const
    const page: Awaited<ReturnType<typeof views.query>> = await views.query('cases', {
      sort,
      limit: PAGE,
      cursor,
      reader: 'system',
    })
    const documents = page.documents as CaseDocument[]
    const ids = documents.map(({ id }) => id)
    const details = await views.getMany('case-details', ids, 'system')
    for (const [at, { id, title }] of documents.entries()) {
      texts.set(id, `${title} ${JSON.stringify(details[at]!['responses'])}`)
    }
    cursor = page.next
  } while (cursor !== null)

  const words = [...texts.values()].flatMap((text) => text.match(/story\d+[abco]|row\d+x\d+end|answer\d+end/g) ?? [])
  const faults: string[] = []
  for (let count = 0; count < SEARCHES && words.length > 0; count += 1) {
    const word = words[pick(words.length)]!
    const expected = [...texts].filter(([, text]) => text.includes(word)).map(([id]) => id)
    const { ids, total } = await search.search({ text: word, reader: 'system', limit: PAGE })
    if (ids.toSorted().join() !== expected.toSorted().join() || total !== expected.length) {
      faults.push(`a search for ${word} finds ${ids.join()} where the documents say ${expected.join()}`)
    }
  }
  return faults
}
