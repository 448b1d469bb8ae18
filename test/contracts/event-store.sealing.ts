import { hash, randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import { describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import { ERASED } from '#event-store'
import type { JsonObject, NewEvent, RecordedEvent } from '#event-store'
import {
  catalog,
  fingerprint,
  letter,
  metadata,
  newerCatalog,
  note,
  olderCatalog,
  useBench,
} from './event-store.bench.ts'
import type { EngineUnderTest } from './event-store.bench.ts'

/** Sealing, versions of formats, the chain, and what verification finds. */
export function sealingContract(name: string, open: () => Promise<EngineUnderTest>): void {
  describe(`sealing in the event store on ${name}`, () => {
    const bench = useBench(open)
    const { append } = bench

    /** Skips the test where nobody can change what is stored. */
    const tampering = (context: TestContext): NonNullable<EngineUnderTest['tamper']> => {
      const { tamper } = bench.engine
      return tamper ?? context.skip('nothing stored in this engine can be changed from outside')
    }

    const keyIdsOf = async (): Promise<unknown[]> => {
      const ids: unknown[] = []
      for await (const page of bench.store.readStored('start')) {
        for (const { data } of page) ids.push((data.sealed as { keyId: string } | undefined)?.keyId)
      }
      return ids
    }

    test('no clear text of a sensitive value is anywhere on the disk, and all other text is', async () => {
      const secrets = Array.from({ length: 40 }, (_, n) => [`上访的内容 ${n}`, `张三丰-${n}`] as const)
      for (const [index, [content, author]] of secrets.entries()) {
        await append(`item-${index}`, 'no-stream', letter(content, author), note(index, `a plain note ${index}`))
      }
      const bytes = await bench.engine.storedBytes()
      for (const [index, [content, author]] of secrets.entries()) {
        expect(bytes.includes(content)).toBe(false)
        expect(bytes.includes(author)).toBe(false)
        expect(bytes.includes(`a plain note ${index}`)).toBe(true)
      }
      expect(bytes.includes('13812345678')).toBe(false)
      expect((await bench.store.readStream('item-3')).events[0]?.data).toEqual(letter(...secrets[3]!).data)
    })

    test('a null stays a null in the clear, an event without sensitive values has no box', async () => {
      await append('item-1', 'no-stream', letter('x', null), note(1))
      const stored = JSON.parse((await bench.engine.stored('item-1', 0)).data) as { author: object }
      expect(stored.author).toEqual({ name: null, phones: [{ sealed: 1 }, { sealed: 2 }] })
      expect((await bench.engine.stored('item-1', 1)).data).not.toContain('sealed')
      expect((await bench.store.readStream('item-1')).events[0]?.data).toEqual(letter('x', null).data)
    })

    test('a stream has one key, also for a program started later, and no two streams have the same', async () => {
      const first = await append('item-1', 'no-stream', letter())
      await append('item-2', 'no-stream', letter())
      await bench.storeWith(olderCatalog).append('item-3', 'no-stream', [note(1)])
      const later = bench.storeWith(catalog)
      expect(await later.append('item-1', first.version, [letter()])).toMatchObject({ status: 'appended' })
      const [one, two, none, again] = await keyIdsOf()
      expect(again).toBe(one)
      expect(two).not.toBe(one)
      expect(none).toBeUndefined()
    })

    test('a fingerprint depends on stream and value, and stays the same for a program started later', async () => {
      const value = { text: '同样的内容', number: 1 }
      const [one, again, other] = await Promise.all([
        fingerprint(bench.store, 'item-1', value),
        fingerprint(bench.store, 'item-1', { number: 1, text: '同样的内容' }),
        fingerprint(bench.store, 'item-2', value),
      ])
      expect(one).toMatch(/^[0-9a-f]{64}$/)
      expect(again).toBe(one)
      expect(other).not.toBe(one)
      expect(await fingerprint(bench.store, 'item-1', { ...value, number: 2 })).not.toBe(one)
      const named = { ...note(1), metadata: { ...metadata, commandFingerprint: one } }
      const { version } = await append('item-1', 'no-stream', named)
      await append('item-1', version, letter())
      const later = bench.storeWith(catalog)
      expect(await fingerprint(later, 'item-1', value)).toBe(one)
      expect((await bench.store.readStream('item-1')).events[0]?.data).toEqual(named.data)
      const [key, same] = await keyIdsOf()
      expect(same).toBe(key)
    })

    test('after losing a race for a new stream, the winner’s key is used', async () => {
      const loser = bench.storeWith(catalog)
      const lost = await fingerprint(loser, 'item-1', 'x')
      await append('item-1', 'no-stream', letter())
      expect(await loser.append('item-1', 'no-stream', [letter()])).toMatchObject({ status: 'conflict' })
      const right = await fingerprint(bench.store, 'item-1', 'x')
      expect(right).not.toBe(lost)
      expect(await fingerprint(loser, 'item-1', 'x')).toBe(right)
    })

    test('a box moved to another event is refused', async (context) => {
      const tamper = tampering(context)
      const { version } = await append('item-1', 'no-stream', letter('one'))
      await append('item-1', version, letter('two'))
      await append('item-2', 'no-stream', letter('three'))
      const { data } = await bench.engine.stored('item-1', 0)
      await tamper('item-1', 1, { data })
      await tamper('item-2', 0, { data })
      for (const stream of ['item-1', 'item-2']) {
        await expect(bench.store.readStream(stream)).rejects.toMatchObject({ code: 'EVENT_BOX_INVALID' })
      }
    })

    test('once its key is destroyed, each sensitive value reads as erased and the chain stays whole', async () => {
      const { version } = await append('item-1', 'no-stream', letter(), note(1))
      await append('item-2', 'no-stream', letter('kept'))
      const [keyId] = await keyIdsOf()
      await bench.keys.destroy(String(keyId))
      const { events } = await bench.store.readStream('item-1')
      expect(events[0]?.data).toEqual({
        content: ERASED,
        author: { name: ERASED, phones: [ERASED, ERASED] },
        wish: 'public',
      })
      expect(await bench.findings()).toEqual([])
      await expect(bench.store.append('item-1', version, [letter()])).rejects.toMatchObject({ code: 'KEY_DESTROYED' })
      expect(await fingerprint(bench.store, 'item-1', 'x')).toBeNull()
      expect((await append('item-1', version, note(2))).events).toHaveLength(1)
      expect((await bench.store.readStream('item-2')).events[0]?.data.content).toBe('kept')
    })

    test('erasing a stream destroys its key and no other; done twice or to nothing it changes nothing', async () => {
      await append('item-1', 'no-stream', note(1), letter())
      await append('item-2', 'no-stream', letter('kept'))
      await bench.store.eraseStream('item-1')
      await bench.store.eraseStream('item-1')
      await bench.store.eraseStream('item-0')
      expect((await bench.store.readStream('item-1')).events[1]?.data.content).toBe(ERASED)
      expect((await bench.store.readStream('item-2')).events[0]?.data.content).toBe('kept')
      expect(await bench.findings()).toEqual([])
    })

    test('events of older versions are lifted, those of newer versions and unknown types are named in an error', async () => {
      const old = { ...letter(), data: { body: '旧版', author: { name: null, phones: [] }, wish: 'private' } }
      await bench.storeWith(olderCatalog).append('item-1', 'no-stream', [old])
      const { events } = await bench.store.readStream('item-1')
      expect(events[0]).toMatchObject({ version: 2, data: { content: '旧版', wish: 'private' } })
      for await (const [stored] of bench.store.readStored('start')) expect(stored?.version).toBe(1)
      expect(await bench.findings()).toEqual([])

      const newer = bench.storeWith(newerCatalog)
      await newer.append('item-2', 'no-stream', [note(1)])
      await newer.append('item-3', 'no-stream', [{ ...note(1), type: 'TelegramSent', data: { words: 3 } }])
      const reading = (stream: string) => expect(bench.store.readStream(stream)).rejects
      await reading('item-2').toMatchObject({
        code: 'EVENT_VERSION_TOO_NEW',
        message: expect.stringContaining('0 of item-2 (NoteTaken'),
      })
      await reading('item-3').toMatchObject({
        code: 'EVENT_TYPE_UNKNOWN',
        message: expect.stringContaining('0 of item-3 (TelegramSent'),
      })
      expect((await bench.findings()).map(({ code }) => code)).toEqual(['EVENT_VERSION_TOO_NEW', 'EVENT_TYPE_UNKNOWN'])
    })

    test('the digest of a given event is what it has always been', async () => {
      const event: NewEvent = {
        id: '0198f7a0-0000-7000-8000-000000000001',
        type: 'NoteTaken',
        data: { number: -7, text: 'Ω "引号" \\ \n\u2028 é 😀' },
        metadata: { ...metadata, commandFingerprint: 'ab'.repeat(32), caseId: 'case-9' },
      }
      const first = await append('case-1', 'no-stream', event)
      const second = await append('case-1', first.version, {
        ...event,
        id: '0198f7a0-0000-7000-8000-000000000002',
        metadata: { ...metadata, actor: { policy: 'deadlines' }, causationId: event.id, origin: 'history' },
      })
      const digests = [first, second].map(({ events }) => events[0]?.metadata.integrity.digest)
      expect(digests).toEqual([
        'd7aa574cbb81413c79555abec4172187db5088dbaf0a81abefc7353739a2ca8e',
        '7a3156a616a064fb2ea519b0951eedb132dbee69e6a0de76c31afe7df5ba9661',
      ])

      // And it is what anybody can compute from what is stored.
      const text = await bench.engine.stored('case-1', 1)
      const { integrity, ...rest } = JSON.parse(text.metadata) as RecordedEvent['metadata']
      const { stream, revision, id, type, version } = second.events[0]!
      const data = JSON.parse(text.data) as JsonObject
      const covered = canonicalize({ stream, revision, id, type, version, data, metadata: rest })
      expect(hash('sha256', covered!, 'hex')).toBe(digests[1])
      expect(integrity).toEqual({ algorithm: 'sha256-jcs-1', previous: digests[0], digest: digests[1] })
      expect(text.data).toBe(canonicalize(data))
    })

    describe('verifying', () => {
      /** Two streams with notes 0 to 4, among them whatever a test changes. */
      const prepare = async (): Promise<void> => {
        for (const stream of ['case-1', 'case-2']) {
          await append(stream, 'no-stream', note(0), letter(), note(2), note(3), note(4))
        }
      }
      const found = async () => (await bench.findings()).map(({ code, stream, revision }) => [code, stream, revision])

      test('finds nothing in an untouched store', async () => {
        await prepare()
        expect(await found()).toEqual([])
      })

      test('finds changed data, metadata, type and version', async (context) => {
        const tamper = tampering(context)
        await prepare()
        const { data } = await bench.engine.stored('case-1', 2)
        await tamper('case-1', 2, { data: data.replace('a note', 'no note') })
        const { metadata: text } = await bench.engine.stored('case-1', 3)
        await tamper('case-1', 3, { metadata: text.replace('zhang', 'zhong') })
        await tamper('case-2', 0, { type: 'LetterReceived' })
        expect(await found()).toEqual([
          ['DIGEST_MISMATCH', 'case-1', 2],
          ['DIGEST_MISMATCH', 'case-1', 3],
          ['DIGEST_MISMATCH', 'case-2', 0],
          ['EVENT_INVALID', 'case-2', 0],
        ])
      })

      test('finds an event that was taken out, and two that changed places', async (context) => {
        const tamper = tampering(context)
        await prepare()
        await tamper('case-1', 2, null)
        await tamper('case-2', 2, { revision: 99 })
        await tamper('case-2', 3, { revision: 2 })
        await tamper('case-2', 99, { revision: 3 })
        expect(await found()).toEqual([
          ['REVISION_GAP', 'case-1', 3],
          ['DIGEST_MISMATCH', 'case-2', 2],
          ['PREVIOUS_MISMATCH', 'case-2', 2],
          ['DIGEST_MISMATCH', 'case-2', 3],
          ['PREVIOUS_MISMATCH', 'case-2', 3],
          ['PREVIOUS_MISMATCH', 'case-2', 4],
        ])
      })

      test('finds rows that are no events and text that says the same in other words', async (context) => {
        const tamper = tampering(context)
        await prepare()
        const { data } = await bench.engine.stored('case-1', 0)
        await tamper('case-1', 0, { data: data.replace(':', ': ') })
        await tamper('case-1', 2, { data: '{' })
        await tamper('case-2', 2, { metadata: '{}' })
        await tamper('case-2', 4, { data: '{"number":1.5,"text":"x"}' })
        expect(await found()).toEqual([
          ['TEXT_NOT_CANONICAL', 'case-1', 0],
          ['EVENT_ROW_MALFORMED', 'case-1', 2],
          ['EVENT_METADATA_INVALID', 'case-2', 2],
          ['VALUE_NOT_CANONICAL', 'case-2', 4],
        ])
      })

      test('finds a box whose key was never in the key store', async (context) => {
        const tamper = tampering(context)
        await prepare()
        const { data } = await bench.engine.stored('case-1', 1)
        await tamper('case-1', 1, { data: data.replace(/"keyId":"[^"]*"/, `"keyId":"${randomUUID()}"`) })
        expect(await found()).toEqual([
          ['DIGEST_MISMATCH', 'case-1', 1],
          ['KEY_UNKNOWN', 'case-1', 1],
        ])
      })
    })
  })
}
