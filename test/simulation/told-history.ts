import { createHash } from 'node:crypto'
import type { EventStore, RecordedEvent } from '#event-store'

/**
 * A history without what every store makes anew: ids, digests under keys, case numbers, query codes. What is one in it stays
 * one, as `id-17`. Streams stand in an order that their contents give them.
 */
export async function toldHistory(store: EventStore): Promise<string[]> {
  const streams = new Map<string, RecordedEvent[]>()
  for await (const page of store.readAll('start')) {
    for (const event of page) {
      if (/^(numbering|intake|settings)-/.test(event.stream)) continue
      streams.set(event.stream, [...(streams.get(event.stream) ?? []), event])
    }
  }
  const masked = [...streams.values()].map((events) => ({ events, key: mask(lines(events), () => 'id') }))
  masked.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
  const names = new Map<string, string>()
  const name = (id: string) => {
    if (!names.has(id)) names.set(id, `id-${names.size}`)
    return names.get(id)!
  }
  return masked.flatMap(({ events }) => mask(lines(events), name).split('\n').map(inOrder))
}

/** Where two histories part, for whoever has to find out why. */
export function firstDifference(one: readonly string[], other: readonly string[]): string | null {
  const at = one.findIndex((line, index) => line !== other[index])
  if (at < 0) return one.length === other.length ? null : `${one.length} and ${other.length} lines`
  return `line ${at}:\n${one[at]}\n${other[at] ?? 'nothing'}`
}

/** What falls due at one moment stands in lists by its id, which every store makes anew. */
function inOrder(line: string): string {
  return JSON.stringify(JSON.parse(line), (key, value: unknown) =>
    key === 'entries' && Array.isArray(value)
      ? value.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
      : value,
  )
}

export function digestOf(told: readonly string[]): string {
  return createHash('sha256').update(told.join('\n')).digest('hex')
}

function lines(events: readonly RecordedEvent[]): string {
  const told = events.map(({ stream, type, data, metadata }) => {
    const { recordedAt, occurredAt, actor, causationId, caseId } = metadata
    return {
      at: 'policy' in actor ? `${recordedAt} ${actor.policy}` : null,
      line: JSON.stringify([stream, type, data, recordedAt, occurredAt, actor, causationId, caseId]),
    }
  })
  // What one policy writes at one moment about several deadlines of a case, it writes in the order of their ids.
  const runs: (typeof told)[] = []
  for (const each of told) {
    const run = runs.at(-1)
    if (each.at !== null && run?.[0]?.at === each.at) run.push(each)
    else runs.push([each])
  }
  const masked = ({ line }: { line: string }) => mask(line, () => 'id')
  return runs
    .flatMap((run) => run.toSorted((one, other) => (masked(one) < masked(other) ? -1 : 1)))
    .map(({ line }) => line)
    .join('\n')
}

const OPAQUE =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b|(?<="(?:number|queryCode)":")[^"]+/g

function mask(text: string, name: (opaque: string) => string): string {
  return text.replaceAll(OPAQUE, name)
}
