import { setImmediate } from 'node:timers/promises'
import type { Query, ReadDocument, ReadStore } from '#read-store'

const PAGE = 200

/** All documents of a query, a page in memory at a time; between pages others have their turn. */
export async function* pagesOf<Document extends ReadDocument>(
  views: ReadStore,
  collection: string,
  query: Omit<Query, 'limit' | 'cursor'>,
): AsyncGenerator<Document[]> {
  let cursor: string | null = null
  do {
    const page = await views.query(collection, { ...query, limit: PAGE, cursor })
    if (page.documents.length > 0) yield page.documents as Document[]
    cursor = page.next
    await setImmediate()
  } while (cursor !== null)
}

/** Documents by id, in order, as many in memory at a time as a page has. */
export async function* documentsOf<Document extends ReadDocument>(
  views: ReadStore,
  collection: string,
  ids: readonly string[],
  reader: Query['reader'],
): AsyncGenerator<Document> {
  for (let at = 0; at < ids.length; at += PAGE) {
    yield* (await views.getMany(collection, ids.slice(at, at + PAGE), reader)) as Document[]
  }
}
