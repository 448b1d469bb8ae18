import type { From, Position, StoredEvent } from '#event-store'
import type { ReadDocument } from '#read-store'
import type { Ports } from '../ports.ts'
import { idOf } from '../stream-id.ts'
import { toldStreams } from './change.ts'
import type { ChangeKind, SeenChange } from './change.ts'

const PAGE_EVENTS = 500
/** Documents that one read of the read store gives. */
const READ_MAX = 200

export type ChangePorts = Pick<Ports, 'store' | 'views' | 'reached'>

export interface ChangePage {
  changes: SeenChange[]
  /** Everything up to here has been looked at. */
  position: Position
}

/**
 * The next page of what changed after a position, not beyond `until`, read from the events as they are stored. Waits until
 * the read models tell of all of it, because they say who may see it: earlier ones might show it to those who have lost it
 * since. Null where the signal aborted meanwhile.
 */
export async function changesAfter(
  ports: ChangePorts,
  from: From,
  until: Position,
  signal: AbortSignal,
): Promise<ChangePage | null> {
  const options = { pageSize: PAGE_EVENTS, until, select: isTold }
  const { value: events = [] } = await ports.store.readStored(from, options)[Symbol.asyncIterator]().next()
  const position = events.at(-1)?.position ?? until
  for (const projection of ['casework', 'intake']) {
    while (!(await ports.reached(projection, position))) if (signal.aborted) return null
  }
  return { changes: await seen(ports, events), position }
}

async function seen({ views }: ChangePorts, events: readonly StoredEvent[]): Promise<SeenChange[]> {
  const read = async (collection: string, ids: Iterable<string>) => {
    const found = new Map<string, ReadDocument>()
    const wanted = [...new Set(ids)]
    for (let start = 0; start < wanted.length; start += READ_MAX) {
      const page = await views.getMany(collection, wanted.slice(start, start + READ_MAX), 'system')
      for (const document of page) found.set(document.id, document)
    }
    return found
  }
  const documents = new Map<ChangeKind, ReadonlyMap<string, ReadDocument>>()
  for (const { prefix, kind, collection } of toldStreams) {
    const ids = events.filter(({ stream }) => stream.startsWith(prefix)).map(({ stream }) => idOf(stream))
    documents.set(kind, await read(collection, ids))
  }
  const cases = await read(
    'cases',
    events.flatMap(({ metadata }) => metadata.caseId ?? []),
  )
  return events.flatMap(({ position, stream, type, revision, metadata }): SeenChange[] => {
    const { kind } = toldStreams.find(({ prefix }) => stream.startsWith(prefix))!
    const document = documents.get(kind)!.get(idOf(stream))
    // What no read model tells of is nobody's to see.
    if (!document) return []
    const of = metadata.caseId === null ? undefined : cases.get(metadata.caseId)
    const number = (of?.['number'] as string | undefined) ?? null
    return [
      {
        change: { position, kind, id: document.id, number, type, revision },
        visibleTo: visibleToOf(document),
        numberVisibleTo: of ? visibleToOf(of) : [],
      },
    ]
  })
}

function isTold({ stream }: { stream: string }): boolean {
  return toldStreams.some(({ prefix }) => stream.startsWith(prefix))
}

function visibleToOf(document: ReadDocument): string[] {
  return document['visibleTo'] as string[]
}
