import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openEventStore, openSqliteLog } from '#event-store'
import type { EventStore, RecordedEvent } from '#event-store'
import { openSqliteKeyStore } from '#key-store'
import type { KeyStore } from '#key-store'
import type { IncomingMessage } from '#messaging'
import { Application, catalog, instantAt } from '#application'
import type { CommandOutcome, Ports } from '#application'

export const NOW = Date.UTC(2026, 2, 2, 8)
export const DEAD_LETTERS = 'huiying.inbound.dead'
export const INBOUND = 'huiying.inbound'

/** An application over real event and key stores and a broker in memory; without lists, which nothing here asks. */
export interface SmallCounty {
  application: Application
  store: EventStore
  keys: KeyStore
  /** Every call of the store fails with it while it is set. */
  fault: { error: Error | null }
  events(): Promise<RecordedEvent[]>
  /** As an administrator. */
  administer(command: string, payload: object): Promise<CommandOutcome>
  close(): Promise<void>
}

export async function openSmallCounty(): Promise<SmallCounty> {
  const folder = mkdtempSync(join(tmpdir(), 'huiying-flow-'))
  const keys = openSqliteKeyStore({ path: join(folder, 'keys.db'), masterKey: Buffer.alloc(32, 7) })
  const log = openSqliteLog(join(folder, 'events.db'))
  const clock = { now: () => NOW }
  const fault: SmallCounty['fault'] = { error: null }
  const store = failing(openEventStore({ log, keys, catalog, clock: { now: () => instantAt(NOW) } }), fault)
  const unasked = {} as never
  const ports: Ports = {
    store,
    views: unasked,
    search: unasked,
    blobs: { removeAll: () => Promise.resolve() } as never,
    storeSecret: keys.storeSecret,
    clock,
    reached: () => Promise.resolve(true),
    purge: () => Promise.resolve(),
  }
  const application = new Application(
    ports,
    { load: () => Promise.resolve('start'), save: () => Promise.resolve() },
    // They go on when the store is there again.
    { policyRetry: { pauseMs: 1, pauseMsMax: 1, wait: () => setImmediate(), onFailure: () => {} } },
  )
  await application.start()
  await application.policies.start()
  await application.policies.settled()
  return {
    application,
    store,
    keys,
    fault,
    async events() {
      const events: RecordedEvent[] = []
      for await (const page of store.readAll('start')) events.push(...page)
      return events
    },
    administer: (command, payload) =>
      application.commander.execute({
        command,
        target: null,
        payload,
        actor: { person: 'admin', department: 'office', role: 'administrator' },
      }),
    async close() {
      fault.error = null
      await application.stop()
      await log.close()
      await keys.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Only what is asked of it for items fails: the policies go on. */
function failing(store: EventStore, fault: SmallCounty['fault']): EventStore {
  const check = (): void => {
    if (fault.error) throw fault.error
  }
  return {
    ...store,
    append: async (...given) => (check(), store.append(...given)),
    readStream: async (...given) => (check(), store.readStream(...given)),
    head: async () => (check(), store.head()),
  }
}

export interface Sent {
  externalId?: string
  title?: string
  channel?: string
  messageId?: string
  offset?: number
  sentAtMs?: number
  value?: string | Uint8Array
  headers?: Record<string, string>
}

/** A message of the inbound topic, as a broker gives it. */
export function sent({
  externalId = 'GD-1',
  title = '路灯不亮',
  channel = 'governor-suggestions',
  messageId,
  offset = 0,
  sentAtMs = NOW + offset * 1_000,
  headers,
  value = JSON.stringify({
    externalId,
    title,
    content: '滨河路小区门口的路灯坏了半个月。',
    receivedAt: '2026-03-02T08:30:00+08:00',
    author: { name: '张某', contact: '13800000000' },
  }),
}: Sent = {}): IncomingMessage {
  return {
    key: `${channel}:${externalId}`,
    value: typeof value === 'string' ? Buffer.from(value) : value,
    headers: headers ?? { channel, ...(messageId !== undefined && { 'message-id': messageId }) },
    topic: INBOUND,
    partition: 3,
    offset: String(offset),
    sentAtMs,
  }
}
