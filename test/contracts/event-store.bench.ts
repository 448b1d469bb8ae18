import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { openEventStore, verifyLog } from '#event-store'
import type { AppendResult, Catalog, EventLog, EventStore, Finding, Json, NewEvent, RecordedEvent } from '#event-store'
import { openSqliteKeyStore } from '#key-store'
import type { KeyStore } from '#key-store'
import { z } from 'zod'

/** What a stored event may be changed to behind the store's back; null removes it. */
export interface Tampering {
  stream?: string
  revision?: number
  type?: string
  version?: number
  data?: string
  metadata?: string
}

/** One engine, empty, with what only a test may do to it. */
export interface EngineUnderTest {
  log: EventLog
  /**
   * Whether an append is refused whose ids stand in another stream: in the whole store, or in its own stream alone, as where
   * nothing at the server looks at ids across streams.
   */
  idsAreUniqueIn: 'store' | 'stream'
  /** Null where nothing but the engine itself can get at what it stored: then nothing is verified that nobody could do. */
  tamper: ((stream: string, revision: number, change: Tampering | null) => Promise<void>) | null
  /** Everything that it has written, as it lies on the disk. */
  storedBytes(): Promise<Buffer>
  /** The stored text of an event. */
  stored(stream: string, revision: number): Promise<{ data: string; metadata: string }>
  close(): Promise<void>
}

const sensitive = <Schema extends z.ZodType>(schema: Schema): Schema => schema.meta({ sensitive: true })

/** Two formats: one in the clear, one with sensitive values and an older version. */
export const catalog = {
  NoteTaken: { version: 1, upcasters: {}, schema: z.strictObject({ number: z.int(), text: z.string().max(400_000) }) },
  LetterReceived: {
    version: 2,
    upcasters: { 1: ({ body, ...data }) => ({ ...data, content: body }) },
    schema: z.strictObject({
      content: sensitive(z.string().max(50_000)),
      author: z.strictObject({ name: sensitive(z.string()).nullable(), phones: z.array(sensitive(z.string())) }),
      wish: z.enum(['public', 'private']),
    }),
  },
} satisfies Catalog

/** What wrote before the current formats. */
export const olderCatalog = {
  ...catalog,
  LetterReceived: {
    version: 1,
    upcasters: {},
    schema: z.strictObject({
      body: sensitive(z.string()),
      author: z.strictObject({ name: sensitive(z.string()).nullable(), phones: z.array(sensitive(z.string())) }),
      wish: z.enum(['public', 'private']),
    }),
  },
} satisfies Catalog

/** What will write after them. */
export const newerCatalog = {
  ...catalog,
  NoteTaken: { ...catalog.NoteTaken, version: 2, upcasters: { 1: (data: Record<string, unknown>) => data } },
  TelegramSent: { version: 1, upcasters: {}, schema: z.strictObject({ words: z.int() }) },
} satisfies Catalog

export const NOW = '2026-11-23T06:07:18.000Z'
export const metadata: NewEvent['metadata'] = {
  occurredAt: '2026-11-20T12:00:00.000Z',
  actor: { person: 'zhang', department: 'gov-office', role: 'monitor' },
  commandId: 'command-1',
  commandFingerprint: null,
  correlationId: 'command-1',
  causationId: null,
  origin: 'live',
  caseId: null,
}

export const note = (number: number, text = 'a note'): NewEvent => ({
  id: randomUUID(),
  type: 'NoteTaken',
  data: { number, text },
  metadata,
})

export const letter = (content = '路灯坏了三个月', name: string | null = '王小明'): NewEvent => ({
  id: randomUUID(),
  type: 'LetterReceived',
  data: { content, author: { name, phones: ['13812345678', '0798-2626262'] }, wish: 'public' },
  metadata,
})

/** An empty store for each test, and what tests do with it again and again. */
export interface Bench {
  readonly engine: EngineUnderTest
  readonly keys: KeyStore
  readonly store: EventStore
  /** The same store as seen by another version of the program, or by the same one started later. */
  storeWith: (formats: Catalog) => EventStore
  /** Moves the clock by which cached keys age. */
  passTime: (durationMs: number) => void
  append: (
    stream: string,
    version: string,
    ...events: NewEvent[]
  ) => Promise<Extract<AppendResult, { status: 'appended' }>>
  readAll: (from?: string, options?: { until?: string }) => Promise<RecordedEvent[]>
  /** What verification finds. */
  findings: (formats?: Catalog) => Promise<Finding[]>
  /** Eight writers at once, each in a stream of its own, until so many notes are acknowledged; gives their ids. */
  writeNotes: (prefix: string, count: number) => Promise<string[]>
}

/** A value's fingerprint under the key of a stream; null once the key is destroyed. */
export async function fingerprint(store: EventStore, stream: string, value: Json): Promise<string | null> {
  return (await store.fingerprinter(stream))?.(value) ?? null
}

/** Opens an engine before each test and closes it after. Use what it gives inside tests only. */
export function useBench(open: () => Promise<EngineUnderTest>): Bench {
  let folder: string
  let engine: EngineUnderTest
  let keys: KeyStore
  let store: EventStore
  let nowMs = 0

  const storeWith = (formats: Catalog): EventStore =>
    openEventStore({ log: engine.log, keys, catalog: formats, clock: { now: () => NOW } })

  beforeEach(async () => {
    nowMs = 0
    folder = mkdtempSync(join(tmpdir(), 'huiying-keys-'))
    keys = openSqliteKeyStore({ path: join(folder, 'keys.db'), masterKey: Buffer.alloc(32, 7), nowMs: () => nowMs })
    engine = await open()
    store = storeWith(catalog)
  })

  afterEach(async () => {
    await engine.close()
    await keys.close()
    rmSync(folder, { recursive: true })
  })

  const append: Bench['append'] = async (stream, version, ...events) => {
    const result = await store.append(stream, version, events)
    if (result.status !== 'appended') throw new Error(`unexpected ${result.status}`)
    return result
  }

  return {
    get engine() {
      return engine
    },
    get keys() {
      return keys
    },
    get store() {
      return store
    },
    storeWith,
    passTime(durationMs) {
      nowMs += durationMs
    },
    append,
    async readAll(from = 'start', options = {}) {
      const events: RecordedEvent[] = []
      for await (const page of store.readAll(from, options)) events.push(...page)
      return events
    },
    async findings(formats = catalog) {
      const found: Finding[] = []
      for await (const message of verifyLog({ log: engine.log, catalog: formats, keys })) {
        if (message.kind === 'finding') found.push(message.finding)
      }
      return found
    },
    async writeNotes(prefix, count) {
      const ids: string[] = []
      let started = 0
      const writer = async (_: unknown, index: number): Promise<void> => {
        let version = 'no-stream'
        while (started < count) {
          started += 1
          const event = note(started)
          version = (await append(`${prefix}-${index}`, version, event)).version
          ids.push(event.id)
        }
      }
      await Promise.all(Array.from({ length: 8 }, writer))
      return ids
    },
  }
}
