import { createHmac } from 'node:crypto'
import { rowOfEntry } from '#channels'
import type { FeedEntry, InboundRow } from '#channels'
import type { Feed } from '#domain'
import { canonicalJson } from '#event-store'
import type { Json } from '#event-store'
import type { SeenEntry } from './feed-state.ts'

/** An entry whose words change at every look, by a counter or an advertisement, is a new revision no oftener than this. */
const REVISED_EVERY_MS = 3_600_000
/** Entries of former polls that are remembered, beside those of the last one. */
const REMEMBERED_MAX = 500

export interface SortedEntries {
  /** New, or changed and to be delivered again; the oldest first. */
  rows: InboundRow[]
  entries: Record<string, SeenEntry>
  /** Whether one that has changed waits for a later poll: then the feed must be fetched whether it has changed or not. */
  heldBack: boolean
}

/**
 * Which entries are worth delivering, and under which ids. An entry is known by its id, or by its address where it has
 * none; one whose id is another at every look is known by the address that it had before.
 */
export function sortEntries(
  found: readonly FeedEntry[],
  known: Readonly<Record<string, SeenEntry>>,
  { storeSecret, feed, nowMs, now }: { storeSecret: Uint8Array; feed: Feed; nowMs: number; now: string },
): SortedEntries {
  const mac = (...parts: Json[]) =>
    createHmac('sha256', storeSecret)
      .update(canonicalJson(['feed-entry', ...parts]))
      .digest('hex')
      .slice(0, 40)
  const links = new Map<string, string>()
  for (const [id, { link }] of Object.entries(known)) if (link !== null) links.set(link, id)

  const shared = repeatedLinks(found)
  const delivered: { row: InboundRow; publishedAt: string }[] = []
  const entries: Record<string, SeenEntry> = {}
  let heldBack = false
  for (const entry of found) {
    // What all entries point at tells none of them apart.
    const link = entry.link === null || shared.has(entry.link) ? null : mac('link', feed.channelId, entry.link)
    const own = mac(...nameOf(entry, link !== null, feed))
    const id = Object.hasOwn(known, own) ? own : ((link === null ? undefined : links.get(link)) ?? own)
    if (Object.hasOwn(entries, id)) continue
    const row = rowOfEntry(entry, `feed-${id}`, now)
    if (row === null) continue
    const content = mac('content', row.title, row.content, row.author.name ?? null, row.address ?? null)
    const before = known[id]
    if (before?.content === content) {
      entries[id] = { ...before, link }
    } else if (
      before !== undefined &&
      nowMs >= before.deliveredAtMs &&
      nowMs - before.deliveredAtMs < REVISED_EVERY_MS
    ) {
      entries[id] = before
      heldBack = true
    } else {
      entries[id] = { link, content, deliveredAtMs: nowMs }
      delivered.push({ row, publishedAt: entry.publishedAt ?? now })
    }
  }
  const former = Object.entries(known).filter(([id]) => !Object.hasOwn(entries, id))
  return {
    rows: delivered.toSorted((a, b) => (a.publishedAt < b.publishedAt ? -1 : 1)).map(({ row }) => row),
    entries: { ...entries, ...Object.fromEntries(former.slice(0, REMEMBERED_MAX)) },
    heldBack,
  }
}

/** Ids that are addresses are one post's wherever it is found; any others mean something in their feed only. */
function nameOf({ id, link, title, content }: FeedEntry, isLinked: boolean, feed: Feed): Json[] {
  if (id !== null && /^https?:\/\//i.test(id)) return ['link', feed.channelId, id]
  if (id !== null) return ['id', feed.channelId, feed.id, id]
  if (isLinked) return ['link', feed.channelId, link]
  return ['words', feed.channelId, feed.id, title, content]
}

function repeatedLinks(entries: readonly FeedEntry[]): ReadonlySet<string> {
  const seen = new Map<string, string | null>()
  const repeated = new Set<string>()
  for (const { link, id } of entries) {
    if (link === null) continue
    if (seen.has(link) && seen.get(link) !== id) repeated.add(link)
    seen.set(link, id)
  }
  return repeated
}
