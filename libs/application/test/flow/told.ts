import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catalog } from '#application'
import { openEventStore, openSqliteLog } from '#event-store'
import type { EventStore, ExpectedVersion, JsonObject, StoredEvent } from '#event-store'
import { openSqliteKeyStore } from '#key-store'

const fixtures = new URL('../../../../test/fixtures/events/', import.meta.url)

/** The newest sample of each event of the store, in open form. */
export function samples(): { aggregate: string; type: string; version: number; data: JsonObject }[] {
  return readdirSync(fixtures).flatMap((aggregate) =>
    readdirSync(new URL(`${aggregate}/`, fixtures)).map((file) => {
      const sample = JSON.parse(readFileSync(new URL(`${aggregate}/${file}`, fixtures), 'utf8'))
      return { aggregate, ...sample }
    }),
  )
}

export const sampleOf = (type: string): JsonObject =>
  samples()
    .filter((sample) => sample.type === type)
    .toSorted((one, other) => other.version - one.version)[0]!.data

/** A store of events that the test writes down one after the other, whatever the domain would say of them. */
export interface ToldStore {
  store: EventStore
  /** One event at the end of its stream: a sample of its type with the changes. */
  tell(stream: string, type: string, changes?: JsonObject, about?: About): Promise<StoredEvent>
  stored(): Promise<StoredEvent[]>
  close(): Promise<void>
}

export interface About {
  caseId?: string | null
  origin?: 'live' | 'history'
}

export function openToldStore(): ToldStore {
  const folder = mkdtempSync(join(tmpdir(), 'huiying-told-'))
  const keys = openSqliteKeyStore({ path: join(folder, 'keys.db'), masterKey: Buffer.alloc(32, 7) })
  const log = openSqliteLog(join(folder, 'events.db'))
  const clock = { now: () => '2026-03-02T08:00:00.000Z' }
  const store = openEventStore({ log, keys, catalog, clock })
  const versions = new Map<string, ExpectedVersion>()
  return {
    store,
    async tell(stream, type, changes = {}, { caseId, origin = 'live' } = {}) {
      const id = stream.slice(stream.indexOf('-') + 1)
      const result = await store.append(stream, versions.get(stream) ?? 'no-stream', [
        {
          id: randomUUID(),
          type,
          data: { ...sampleOf(type), ...changes },
          metadata: {
            occurredAt: '2026-03-02T07:00:00.000Z',
            actor: { policy: 'telling' },
            commandId: randomUUID(),
            commandFingerprint: null,
            correlationId: randomUUID(),
            causationId: null,
            origin,
            caseId: caseId === undefined ? (stream.startsWith('case-') ? id : null) : caseId,
          },
        },
      ])
      if (result.status !== 'appended') throw new Error(`${stream}: ${result.status}`)
      versions.set(stream, result.version)
      return result.events[0]!
    },
    async stored() {
      const events: StoredEvent[] = []
      for await (const page of store.readStored('start')) events.push(...page)
      return events
    },
    async close() {
      await log.close()
      await keys.close()
      rmSync(folder, { recursive: true })
    },
  }
}
