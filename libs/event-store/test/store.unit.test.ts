import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { openSqliteKeyStore } from '#key-store'
import type { KeyStore } from '#key-store'
import { openEventStore, openSqliteLog } from '../src/index.ts'
import type { EventLog, LogRow, NewEvent } from '../src/index.ts'

const catalog = { Counted: { version: 1, upcasters: {}, schema: z.strictObject({ number: z.int() }) } }
const clock = { now: () => '2026-11-23T06:07:18.000Z' }

let folder: string
let keys: KeyStore
let log: EventLog

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huiying-store-'))
  keys = openSqliteKeyStore({ path: join(folder, 'keys.db'), masterKey: Buffer.alloc(32, 7) })
  log = openSqliteLog(join(folder, 'events.db'))
})

afterEach(async () => {
  await log.close()
  await keys.close()
  rmSync(folder, { recursive: true })
})

const counted = (number: number): NewEvent => ({
  id: randomUUID(),
  type: 'Counted',
  data: { number },
  metadata: {
    occurredAt: clock.now(),
    actor: { policy: 'counting' },
    commandId: 'c',
    commandFingerprint: null,
    correlationId: 'c',
    causationId: null,
    origin: 'live',
    caseId: null,
  },
})

test('streams of the engine itself are passed over by all readers', async () => {
  const store = openEventStore({ log, keys, catalog, clock })
  await store.append('case-1', 'no-stream', [counted(1)])
  const theirs: LogRow = {
    position: '0',
    stream: '$stats',
    revision: 0,
    id: '1',
    type: '$statistics',
    version: 1,
    data: 'binary',
    metadata: '',
  }
  const engine: EventLog = {
    append: (...parameters) => log.append(...parameters),
    readStream: (...parameters) => log.readStream(...parameters),
    readAll: async (from, limit) => (from === 'start' ? [theirs] : log.readAll(from === '0' ? 'start' : from, limit)),
    readByStream: (...parameters) => log.readByStream(...parameters),
    head: () => log.head(),
    onAppended: (listener) => log.onAppended(listener),
    wake: () => log.wake(),
    close: () => log.close(),
  }
  const over = openEventStore({ log: engine, keys, catalog, clock })
  const streams: string[] = []
  for await (const page of over.readAll('start')) streams.push(...page.map(({ stream }) => stream))
  for await (const page of over.readStored('start')) streams.push(...page.map(({ stream }) => stream))
  for await (const message of over.subscribe('start')) {
    if (message.kind !== 'events') break
    streams.push(...message.events.map(({ stream }) => stream))
  }
  expect(streams).toEqual(['case-1', 'case-1', 'case-1'])
})

test('a worker with a connection of its own follows what this thread writes, woken by messages', async () => {
  const store = openEventStore({ log, keys, catalog, clock })
  const source = `
    const { parentPort } = require('node:worker_threads')
    import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}).then(async ({ openEventStore, openSqliteLog }) => {
      const { z } = await import('zod')
      const catalog = { Counted: { version: 1, upcasters: {}, schema: z.strictObject({ number: z.int() }) } }
      const log = openSqliteLog(${JSON.stringify(join(folder, 'events.db'))}, { readOnly: true })
      const store = openEventStore({ log, keys: null, catalog, clock: null })
      const abort = new AbortController()
      parentPort.on('message', (message) => (message === 'stop' ? abort.abort() : log.wake()))
      for await (const message of store.subscribe('start', { signal: abort.signal })) {
        if (message.kind === 'caught-up') parentPort.postMessage('caught-up')
        else for (const { data } of message.events) parentPort.postMessage(data.number)
      }
      await log.close()
      parentPort.close()
    })`
  await store.append('case-0', 'no-stream', [counted(0)])
  const worker = new Worker(source, { eval: true, execArgv: ['--conditions=source'] })
  const received: unknown[] = []
  const all = new Promise<void>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('message', (message) => {
      received.push(message)
      if (received.length === 102) resolve()
    })
  })
  log.onAppended(() => worker.postMessage('wake'))
  await Promise.all(Array.from({ length: 100 }, (_, n) => store.append(`case-${n + 1}`, 'no-stream', [counted(n + 1)])))
  await all
  worker.postMessage('stop')
  await new Promise((resolve) => worker.on('exit', resolve))
  expect(received.filter((message) => message !== 'caught-up')).toEqual(Array.from({ length: 101 }, (_, n) => n))
})

test('what is read as it is stored needs no keys, by stream, in order and live', async () => {
  const sealing = {
    Said: { version: 1, upcasters: {}, schema: z.strictObject({ words: z.string().meta({ sensitive: true }) }) },
  }
  const store = openEventStore({ log, keys, catalog: sealing, clock })
  const said = (words: string): NewEvent => ({ ...counted(1), id: randomUUID(), type: 'Said', data: { words } })
  const first = await store.append('case-1', 'no-stream', [said('路灯不亮')])
  await store.eraseStream('case-1')
  const refusing = new Proxy(keys, {
    get: (_keys, name) => () => Promise.reject(new Error(`asked for a key: ${String(name)}`)),
  })
  const keyless = openEventStore({ log, keys: refusing, catalog: sealing, clock })

  const stream = await keyless.readStreamStored('case-1')
  expect(stream).toMatchObject([{ revision: 0, data: { words: { sealed: 0 } } }])
  expect(await keyless.readStreamStored('case-2')).toEqual([])

  const stopping = new AbortController()
  const seen: string[] = []
  const select = ({ stream }: { stream: string }) => stream !== 'case-3'
  for await (const message of keyless.subscribeStored('start', { signal: stopping.signal, select })) {
    if (message.kind === 'caught-up') {
      await store.append('case-3', 'no-stream', [said('不要')])
      await store.append('case-2', 'no-stream', [said('路灯还不亮')])
    }
    if (message.kind !== 'events') continue
    seen.push(...message.events.map(({ stream }) => stream))
    if (seen.length === 2) stopping.abort()
  }
  expect(seen).toEqual(['case-1', 'case-2'])
  expect(first.status).toBe('appended')
})
