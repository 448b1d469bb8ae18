import type { Change, CollectionDefinition } from '#read-store'

export const BATCH = 200
const DOCUMENTS = 1_000

export const things: CollectionDefinition = {
  name: 'things',
  projection: 'things',
  fields: { state: 'text', number: 'number', visibleTo: 'set' },
  lists: [
    { where: [], sort: 'number' },
    { where: ['state'], sort: 'number' },
  ],
}

/** The change that event `n` makes: document n modulo 1,000 tells of event n, and each seventh is removed. */
export function thing(n: number): Change {
  const id = `t${n % DOCUMENTS}`
  const document = n % 7 === 0 ? null : { id, number: n, state: n % 2 === 0 ? 'even' : 'odd', visibleTo: [`v${n % 3}`] }
  return { collection: 'things', id, position: String(n).padStart(9, '0'), document }
}

/** The ids, by number, of what must be there after event `last`. */
export function expectedAfter(last: number): string[] {
  const newest = Array.from({ length: DOCUMENTS }, (_, n) => last - DOCUMENTS + 1 + n)
  return newest.filter((n) => n >= 0 && thing(n).document !== null).map((n) => thing(n).id)
}
