import { fieldLengthMax } from '../inbound.ts'
import type { InboundRow } from '../inbound.ts'
import type { FeedEntry } from './parse-feed.ts'

const CUT = '……（原文过长，全文见链接）'

/**
 * A post as a row: discovered at `now`, under the id given. A feed only points at its posts, so that what is too long is
 * cut, and says so. Null for an entry without a word.
 */
export function rowOfEntry(entry: FeedEntry, externalId: string, now: string): InboundRow | null {
  const { title, content, author, link } = entry
  if (title === '' && content === '') return null
  const isLong = title.length > fieldLengthMax.title
  return {
    externalId,
    title: isLong ? `${cut(title, fieldLengthMax.title - 1)}…` : title,
    content: shortened(isLong ? `${title}\n\n${content}`.trim() : content),
    author: author === null ? {} : { name: cut(author, fieldLengthMax['author.name']) },
    receivedAt: now,
    receivedAtPrecision: 'instant',
    ...(link !== null && { address: link }),
  }
}

function shortened(content: string): string {
  const max = fieldLengthMax.content
  return content.length <= max ? content : `${cut(content, max - CUT.length)}${CUT}`
}

/** Not within a character. */
function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : text.slice(0, charactersMax).replace(/[\uD800-\uDBFF]$/, '')
}
