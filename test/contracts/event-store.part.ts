import type { EventLog, From, LogRow, PageLimit } from '#event-store'

const PAGE: PageLimit = { rows: 1_000, sizeBytes: 8 * 1024 * 1024 }

/**
 * A log that shows of a shared one what is written through it, as if there were nothing else: for servers that cannot be
 * emptied. Streams carry a prefix at the server; everything before `start`, and of others, is passed over. Nobody else
 * may write meanwhile.
 */
export function partOfLog(log: EventLog, prefix: string, start: From): EventLog {
  const outer = (stream: string): string => prefix + stream
  const isOurs = ({ stream }: LogRow): boolean => stream.startsWith(prefix)
  const inner = (row: LogRow): LogRow => ({ ...row, stream: row.stream.slice(prefix.length) })
  return {
    async append(stream, tip, events) {
      const result = await log.append(outer(stream), tip, events)
      return result.status === 'repeated' ? { ...result, rows: result.rows.map(inner) } : result
    },
    async readStream(stream, fromRevision, limit) {
      return (await log.readStream(outer(stream), fromRevision, limit)).map(inner)
    },
    async readAll(from, limit) {
      for (let place = from === 'start' ? start : from; ;) {
        const rows = await log.readAll(place, limit)
        const found = rows.filter(isOurs).map(inner)
        const last = rows.at(-1)
        if (found.length > 0 || last === undefined) return found
        place = last.position
      }
    },
    async readByStream(after, limit) {
      let place = after && { ...after, stream: outer(after.stream) }
      for (;;) {
        const rows = await log.readByStream(place, place === null ? PAGE : limit)
        const found = rows.filter(isOurs).map(inner)
        const last = rows.at(-1)
        // A first page is larger, so that it may hold more than was asked for.
        if (found.length > 0 || last === undefined) return found.slice(0, limit.rows)
        place = last
      }
    },
    async head() {
      const head = await log.head()
      return head === start ? 'start' : head
    },
    onAppended: (listener) => log.onAppended(listener),
    wake: () => log.wake(),
    close: () => log.close(),
  }
}
