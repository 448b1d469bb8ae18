import { SearchError } from './errors.ts'
import type { SearchIndex, SearchWriter } from './port.ts'
import { openFts5Search } from './fts5/open.ts'

/** For searching. Address: `sqlite:PATH`. Error: `BAD_ADDRESS`. */
export function openSearchIndex(address: string): Promise<SearchIndex> {
  return openFts5Search(pathOf(address), { mode: 'reader' })
}

/** For searching and indexing, over a connection of its own. */
export function openSearchWriter(address: string): Promise<SearchWriter> {
  return openFts5Search(pathOf(address), { mode: 'writer' })
}

function pathOf(address: string): string {
  if (address.startsWith('sqlite:') && address.length > 'sqlite:'.length) return address.slice('sqlite:'.length)
  throw new SearchError('BAD_ADDRESS', `Give search an address such as sqlite:./data/search.db, not ${address}`)
}
