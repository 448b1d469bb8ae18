import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  PAGE_LIMIT_MAX,
  type Change,
  type CollectionDefinition,
  type Generation,
  type ReadDocument,
  type ReadStore,
  type ReadStoreErrorCode,
  type ReadStoreWriter,
  type Where,
} from '#read-store'

/** One store on fresh ground: a writer, and as many readers with connections of their own as a test wants. */
export interface OpenedReadStore {
  writer: ReadStoreWriter
  reader(): Promise<ReadStore>
  /** The writer's process dies and another takes its place; the store stays. */
  reopen(): Promise<ReadStoreWriter>
  close(): Promise<void>
}

const cases: CollectionDefinition = {
  name: 'cases',
  projection: 'casework',
  fields: { state: 'text', received: 'text', views: 'number', departments: 'set', visibleTo: 'set' },
  lists: [
    { where: [], sort: 'received' },
    { where: ['state'], sort: 'received' },
    { where: ['departments'], sort: 'received' },
    { where: [], sort: 'views' },
  ],
}
const AS_OF = '2026-03-01T00:00:00.000Z'

export interface ReadStoreCapabilities {
  /**
   * What a purge does away with: the bytes themselves, which the adapter's own test looks for in its file, or what can be
   * read from the server, whose files nobody else can promise anything of.
   */
  purges: 'bytes' | 'what can be read'
  /** For an engine that takes long over many documents. */
  timeoutMs?: number
}

/** What every read store must do, whichever engine keeps it. */
export function readStoreContract(
  name: string,
  open: () => Promise<OpenedReadStore>,
  { purges, timeoutMs = 20_000 }: ReadStoreCapabilities,
): void {
  describe(`${name}: read store`, { timeout: timeoutMs }, () => {
    let store: OpenedReadStore
    let building: Generation
    let reader: ReadStore

    beforeEach(async () => {
      store = await open()
      building = await store.writer.prepare('casework', 1, [cases])
      reader = await store.reader()
    })
    afterEach(async () => {
      await reader.close()
      await store.close()
    })

    /** Writes documents, each at a position of its own, and counts on from there. */
    async function put(generation: Generation, documents: ReadDocument[], from = 1): Promise<void> {
      const changes = documents.map((document, index) => change(document, at(from + index)))
      await generation.write({ changes, checkpoint: at(from + documents.length - 1), asOf: AS_OF })
    }
    const newestFirst = { sort: { field: 'received', direction: 'descending' as const }, limit: 10 }

    describe('who may see what', () => {
      beforeEach(async () => {
        await put(building, [
          { id: 'a', received: '2026-01-01', visibleTo: ['water', 'audit'] },
          { id: 'b', received: '2026-01-02', visibleTo: ['roads', 'audit'] },
          { id: 'c', received: '2026-01-03', visibleTo: [] },
          { id: 'd', received: '2026-01-04' },
        ])
        await building.switchOver()
      })

      test("a list holds what is visible to one of the reader's tokens, each document once", async () => {
        const seen = async (tokens: readonly string[] | 'system') =>
          ids(await reader.query('cases', { ...newestFirst, reader: tokens }))
        expect(await seen(['water'])).toEqual(['a'])
        expect(await seen(['water', 'audit', 'water', 'nobody'])).toEqual(['b', 'a'])
        expect(await seen([])).toEqual([])
        expect(await seen('system')).toEqual(['d', 'c', 'b', 'a'])
      })

      test("no token is the system's", async () => {
        for (const token of ['0', '', 'system', '*', 'null']) {
          expect(ids(await reader.query('cases', { ...newestFirst, reader: [token] }))).toEqual([])
        }
      })

      test('a document that the reader may not see reads as one that is not there', async () => {
        expect(await reader.get('cases', 'b', ['water'])).toBeNull()
        expect(await reader.get('cases', 'nowhere', 'system')).toBeNull()
        expect((await reader.get('cases', 'b', ['roads']))?.id).toBe('b')
        const some = await reader.getMany('cases', ['b', 'nowhere', 'a', 'c'], ['audit'])
        expect(some.map(({ id }) => id)).toEqual(['b', 'a'])
      })

      test('a count counts only what the reader may see', async () => {
        expect(await reader.count('cases', { reader: ['water', 'audit'] })).toEqual({ count: 2, more: false })
        expect(await reader.count('cases', { reader: 'system' })).toEqual({ count: 4, more: false })
        expect(await reader.count('cases', { reader: [] })).toEqual({ count: 0, more: false })
      })

      test('a change of visibleTo shows at once in every list', async () => {
        await put(building, [{ id: 'a', received: '2026-01-01', visibleTo: ['roads'] }], 10)
        expect(ids(await reader.query('cases', { ...newestFirst, reader: ['water'] }))).toEqual([])
        expect(ids(await reader.query('cases', { ...newestFirst, reader: ['roads'] }))).toEqual(['b', 'a'])
      })
    })

    describe('what a query may ask', () => {
      beforeEach(async () => {
        await put(building, [
          { id: 'a', state: 'open', received: '2026-01-01', views: 5, departments: ['水利局', '住建局'] },
          { id: 'b', state: 'open', received: '2026-01-02', views: -1.5, departments: [] },
          { id: 'c', state: 'closed', received: '2026-01-03', views: 9_007_199_254_740_991 },
          { id: 'd', state: null, received: '2026-01-03', views: 5, departments: ['水利局'] },
        ])
        await building.switchOver()
      })
      const find = async (where: Where, field = 'received') =>
        ids(
          await reader.query('cases', { where, sort: { field, direction: 'ascending' }, limit: 10, reader: 'system' }),
        )

      test('equality, also with what is not there', async () => {
        expect(await find({ state: { eq: 'open' } })).toEqual(['a', 'b'])
        expect(await find({ state: { eq: null } })).toEqual(['d'])
        expect(await find({ views: { eq: 5 } })).toEqual(['a', 'd'])
      })
      test('one of several', async () => {
        expect(await find({ state: { in: ['closed', null] } })).toEqual(['c', 'd'])
        expect(await find({ state: { in: [] } })).toEqual([])
        expect(await find({ views: { in: [-1.5, null] } })).toEqual(['b'])
      })
      test('a member of a set', async () => {
        expect(await find({ departments: { has: '水利局' } })).toEqual(['a', 'd'])
        expect(await find({ departments: { has: '水利局' }, state: { eq: 'open' } })).toEqual(['a'])
      })
      test('a range, on the sort field or another', async () => {
        expect(await find({ received: { gt: '2026-01-01', lte: '2026-01-03' } })).toEqual(['b', 'c', 'd'])
        expect(await find({ views: { gte: 5 } })).toEqual(['a', 'c', 'd'])
        expect(await find({ views: { lt: 5.5 } }, 'views')).toEqual(['b', 'a', 'd'])
      })
      test('documents without the field sort before all others and are in no range', async () => {
        await put(building, [{ id: 'e', received: '2026-01-01' }], 10)
        expect(await find({}, 'views')).toEqual(['e', 'b', 'a', 'd', 'c'])
        expect(await find({ views: { lt: 100 } }, 'views')).toEqual(['b', 'a', 'd'])
      })

      const refused: [string, ReadStoreErrorCode, () => Promise<unknown>][] = [
        ['an undeclared field', 'UNDECLARED_FIELD', () => find({ title: { eq: 'x' } })],
        ['a name that every object has', 'UNDECLARED_FIELD', () => find({ constructor: { eq: 'x' } })],
        ['an undeclared sort', 'UNDECLARED_FIELD', () => find({}, 'title')],
        ['a sort without a list', 'NO_LIST', () => find({}, 'state')],
        ['a text for a number', 'BAD_CONDITION', () => find({ views: { eq: '5' } })],
        ['a number for a text', 'BAD_CONDITION', () => find({ state: { gt: 5 } })],
        ['infinity', 'BAD_CONDITION', () => find({ views: { lt: Infinity } })],
        ['equality with a set', 'BAD_CONDITION', () => find({ departments: { eq: '水利局' } })],
        ['a member of what is no set', 'BAD_CONDITION', () => find({ state: { has: 'open' } })],
        ['a range without bounds', 'BAD_CONDITION', () => find({ views: {} })],
        ['too many values', 'BAD_CONDITION', () => find({ views: { in: Array.from({ length: 33 }, (_, n) => n) } })],
        [
          'a page of none',
          'OUT_OF_BOUNDS',
          () => reader.query('cases', { ...newestFirst, limit: 0, reader: 'system' }),
        ],
        [
          'a page too long',
          'OUT_OF_BOUNDS',
          () => reader.query('cases', { ...newestFirst, limit: 201, reader: 'system' }),
        ],
        [
          'too many tokens',
          'OUT_OF_BOUNDS',
          () => reader.count('cases', { reader: Array.from({ length: 33 }, (_, n) => String(n)) }),
        ],
        ['a collection that is not there', 'NOT_READY', () => reader.get('nowhere', 'a', 'system')],
      ]
      test.each(refused)('%s is refused: %s', async (_, code, ask) => {
        await expect(ask()).rejects.toMatchObject({ code })
      })
    })

    describe('pages', () => {
      const query = { ...newestFirst, limit: 3, reader: 'system' as const }

      test('follow one another without gap or repeat where many documents sort alike', async () => {
        const documents = Array.from({ length: 20 }, (_, n) => ({ id: `x${n}`, received: `2026-01-0${1 + (n % 3)}` }))
        await put(building, documents)
        await building.switchOver()
        const seen: string[] = []
        let cursor: string | null = null
        do {
          const page = await reader.query('cases', { ...query, cursor })
          seen.push(...ids(page))
          cursor = page.next
        } while (cursor !== null)
        const expected = documents.toSorted((a, b) => compare(b.received, a.received) || compare(b.id, a.id))
        expect(seen).toEqual(expected.map(({ id }) => id))
      })

      test('a cursor of another query, or no cursor at all, is refused', async () => {
        await put(
          building,
          Array.from({ length: 9 }, (_, n) => ({ id: `x${n}`, state: 'open', received: '2026', views: n })),
        )
        await building.switchOver()
        const { next: cursor } = await reader.query('cases', query)
        expect(cursor).not.toBeNull()
        const others = [
          { ...query, where: { state: { eq: 'open' } } },
          { ...query, sort: { field: 'received', direction: 'ascending' as const } },
          { ...query, sort: { field: 'views', direction: 'descending' as const } },
        ]
        for (const other of others) {
          await expect(reader.query('cases', { ...other, cursor })).rejects.toMatchObject({ code: 'BAD_CURSOR' })
        }
        for (const wrong of ['', 'x', `${cursor}x`.slice(3), Buffer.from('{"a":1}').toString('base64url')]) {
          await expect(reader.query('cases', { ...query, cursor: wrong })).rejects.toMatchObject({ code: 'BAD_CURSOR' })
        }
      })

      test('counting stops at 10,000', async () => {
        const documents = Array.from({ length: 10_001 }, (_, n) => ({
          id: `x${n}`,
          received: '2026',
          visibleTo: ['v', 'w'],
        }))
        for (let start = 0; start < documents.length; start += 5_000) {
          await put(building, documents.slice(start, start + 5_000), start + 1)
        }
        await building.switchOver()
        expect(await reader.count('cases', { reader: ['v', 'w'] })).toEqual({ count: 10_000, more: true })
        await building.write({
          changes: [{ ...change({ id: 'x7' }, at(20_000)), document: null }],
          checkpoint: at(20_000),
          asOf: AS_OF,
        })
        expect(await reader.count('cases', { reader: ['v', 'w'] })).toEqual({ count: 10_000, more: false })
      })
    })

    test('a condition that no list covers is tested on 20,000 documents a call; the cursor goes on from there', async () => {
      const documents = Array.from({ length: 20_100 }, (_, n) => ({
        id: `x${String(n).padStart(5, '0')}`,
        received: '2026',
        views: [50, 20_050].includes(n) ? 1 : 0,
        state: 'open',
      }))
      for (let start = 0; start < documents.length; start += 5_000) {
        await put(building, documents.slice(start, start + 5_000), start + 1)
      }
      await building.switchOver()
      const query = {
        where: { state: { eq: 'open' }, views: { eq: 1 } },
        sort: { field: 'received', direction: 'ascending' as const },
        limit: 10,
        reader: 'system' as const,
      }
      const first = await reader.query('cases', query)
      expect([ids(first), first.next === null]).toEqual([['x00050'], false])
      const second = await reader.query('cases', { ...query, cursor: first.next })
      expect([ids(second), second.next === null]).toEqual([['x20050'], true])
      expect(await reader.count('cases', query)).toEqual({ count: 1, more: true })
    })

    test('a reader whose documents each have other readers too pages as any other', async () => {
      const documents = Array.from({ length: 10_500 }, (_, n) => ({
        id: `x${String(n).padStart(5, '0')}`,
        received: '2026',
        state: n % 2 === 0 ? 'open' : 'closed',
        views: n % 3,
        visibleTo: ['much', `group${n % 300}`, ...(n % 7 === 0 ? ['little'] : [])],
      }))
      for (let start = 0; start < documents.length; start += 5_000) {
        await put(building, documents.slice(start, start + 5_000), start + 1)
      }
      await building.switchOver()
      for (const token of ['much', 'little']) {
        for (const where of [{}, { state: { in: ['open', 'draft'] } }, { views: { eq: 1 } }] as Where[]) {
          const fitting = documents.filter(
            (one) =>
              one.visibleTo.includes(token) &&
              (where['state'] === undefined || one.state === 'open') &&
              (where['views'] === undefined || one.views === 1),
          )
          const query = { ...newestFirst, where, limit: 100, reader: [token] }
          const first = await reader.query('cases', query)
          const second = await reader.query('cases', { ...query, cursor: first.next })
          const expected = fitting.toReversed().map(({ id }) => id)
          expect([...ids(first), ...ids(second)]).toEqual(expected.slice(0, 200))
          const count = fitting.length > 10_000 ? { count: 10_000, more: true } : { count: fitting.length, more: false }
          expect(await reader.count('cases', query)).toEqual(count)
        }
      }
    })

    describe('writing', () => {
      test('what was delivered twice or out of order changes nothing', async () => {
        await put(building, [{ id: 'a', state: 'second' }], 2)
        await building.write({ changes: [change({ id: 'a', state: 'first' }, at(1))], checkpoint: at(1), asOf: AS_OF })
        await building.write({ changes: [change({ id: 'a', state: 'again' }, at(2))], checkpoint: at(2), asOf: AS_OF })
        expect(await building.load('cases', ['a'])).toEqual([
          { id: 'a', position: at(2), document: { id: 'a', state: 'second' } },
        ])
        expect(await building.checkpoint()).toBe(at(2))
      })

      test('a removed document leaves a tombstone that an older change does not undo', async () => {
        await put(building, [{ id: 'a', received: '2026', visibleTo: ['v'] }])
        await building.switchOver()
        await building.write({
          changes: [{ ...change({ id: 'a' }, at(5)), document: null }],
          checkpoint: at(5),
          asOf: AS_OF,
        })
        await building.write({
          changes: [change({ id: 'a', received: '2026' }, at(4))],
          checkpoint: at(4),
          asOf: AS_OF,
        })
        expect(await building.load('cases', ['a'])).toEqual([{ id: 'a', position: at(5), document: null }])
        expect(await reader.get('cases', 'a', 'system')).toBeNull()
        expect(ids(await reader.query('cases', { ...newestFirst, reader: 'system' }))).toEqual([])
        expect(await building.scan('cases', null, 10)).toEqual([])
      })

      test('of several changes of one document in a batch the newest stays', async () => {
        const changes = [
          change({ id: 'a', state: 'one' }, at(1)),
          change({ id: 'a', state: 'three' }, at(3)),
          change({ id: 'a', state: 'two' }, at(2)),
        ]
        await building.write({ changes, checkpoint: at(3), asOf: AS_OF })
        expect((await building.load('cases', ['a']))[0]?.document?.['state']).toBe('three')
      })

      test('a bad document refuses its whole batch, checkpoint included', async () => {
        const bad: ReadDocument[] = [
          { id: 'b', views: 'many' },
          { id: 'b', views: Number.NaN },
          { id: 'b', state: 5 },
          { id: 'b', state: 'x'.repeat(513) },
          { id: 'b', state: 'half \ud800' },
          { id: 'b', state: 'nul \u0000' },
          { id: 'b', departments: ['a', 1] },
          { id: 'b', visibleTo: 'everyone' },
        ]
        for (const document of bad) {
          const changes = [change({ id: 'a' }, at(1)), change(document, at(2))]
          await expect(building.write({ changes, checkpoint: at(2), asOf: AS_OF })).rejects.toMatchObject({
            code: 'BAD_DOCUMENT',
          })
        }
        expect(await building.load('cases', ['a', 'b'])).toEqual([])
        expect(await building.checkpoint()).toBe('start')
      })

      test('a batch has at most 20,000 changes, of collections of the projection', async () => {
        const many = Array.from({ length: 20_001 }, (_, n) => change({ id: `x${n}` }, at(1)))
        await expect(building.write({ changes: many, checkpoint: at(1), asOf: AS_OF })).rejects.toMatchObject({
          code: 'OUT_OF_BOUNDS',
        })
        const strange = [{ ...change({ id: 'a' }, at(1)), collection: 'strange' }]
        await expect(building.write({ changes: strange, checkpoint: at(1), asOf: AS_OF })).rejects.toMatchObject({
          code: 'BAD_GENERATION',
        })
      })

      test('a checkpoint advances without changes, and readers see how far and as of when', async () => {
        expect(await reader.progress('casework')).toEqual({ position: 'start', asOf: null, version: null })
        await building.write({ changes: [], checkpoint: at(7), asOf: AS_OF })
        await building.switchOver()
        expect(await reader.progress('casework')).toEqual({ position: at(7), asOf: AS_OF, version: 1 })
      })

      test('a document comes back as it was given', async () => {
        const document: ReadDocument = {
          id: '办件-𠮷',
          title: '\u0000 \ud800 "\'%_',
          nested: { list: [1, 1.5, null, true, { deep: [] }] },
          state: "'; DROP TABLE x; --",
          visibleTo: ['b', 'a', 'b'],
        }
        await put(building, [document])
        await building.switchOver()
        expect(await reader.get('cases', document.id, ['a'])).toEqual(document)
      })
    })

    describe('generations', () => {
      test('readers see the old one until the new one takes over, and never neither', async () => {
        await expect(reader.get('cases', 'a', 'system')).rejects.toMatchObject({ code: 'NOT_READY' })
        await put(building, [{ id: 'a', received: 'old', visibleTo: ['v'] }])
        await building.switchOver()
        const next = await store.writer.prepare('casework', 2, [
          {
            ...cases,
            fields: { ...cases.fields, grade: 'text' },
            lists: [...cases.lists, { where: [], sort: 'grade' }],
          },
        ])
        expect(next.number).toBeGreaterThan(building.number)
        await put(next, [{ id: 'a', received: 'new', grade: '较大', visibleTo: ['v'] }])
        await put(building, [{ id: 'b', received: 'older', visibleTo: ['v'] }], 2)
        expect(ids(await reader.query('cases', { ...newestFirst, reader: ['v'] }))).toEqual(['b', 'a'])
        await next.switchOver()
        const page = await reader.query('cases', {
          sort: { field: 'grade', direction: 'ascending' },
          limit: 5,
          reader: ['v'],
        })
        expect(page.documents.map((document) => document['received'])).toEqual(['new'])
        expect(await building.status()).toBe('gone')
        expect(await next.status()).toBe('active')
        await expect(put(building, [{ id: 'c' }], 9)).rejects.toMatchObject({ code: 'BAD_GENERATION' })
      })

      test('the same version and definitions give the same generation, also after a restart', async () => {
        await put(building, [{ id: 'a' }])
        const writer = await store.reopen()
        const resumed = await writer.prepare('casework', 1, [cases])
        expect([resumed.number, await resumed.status(), await resumed.checkpoint()]).toEqual([
          building.number,
          'building',
          at(1),
        ])
        await resumed.switchOver()
        await resumed.switchOver()
        const active = await (await store.reopen()).prepare('casework', 1, [cases])
        expect([active.number, await active.status()]).toEqual([building.number, 'active'])
      })

      test('a generation in use goes on being written while its lists are made', async () => {
        await put(
          building,
          Array.from({ length: 50 }, (_, n) => ({ id: `x${n}`, received: `${n}`, views: n, state: 'open' })),
        )
        const switching = building.switchOver()
        await put(building, [{ id: 'x7', received: 'late', views: 1_000, state: 'closed' }], 100)
        await switching
        const last = await reader.query('cases', {
          sort: { field: 'views', direction: 'descending' },
          limit: 1,
          reader: 'system',
        })
        expect(ids(last)).toEqual(['x7'])
        for (const where of [{}, { state: { eq: 'closed' } }] as Where[]) {
          const page = await reader.query('cases', { ...newestFirst, limit: 1, where, reader: 'system' })
          expect(ids(page)).toEqual(['x7'])
        }
        expect(await reader.count('cases', { where: { state: { eq: 'open' } }, reader: 'system' })).toEqual({
          count: 49,
          more: false,
        })
      })

      test('a second one can be built for comparing and discarded', async () => {
        await put(building, [
          { id: 'a', views: 1 },
          { id: 'b', views: 2 },
          { id: 'c', views: 3 },
        ])
        await building.switchOver()
        const active = await store.writer.active('casework')
        const second = await store.writer.rebuild('casework', 1, [cases])
        await put(second, [
          { id: 'a', views: 1 },
          { id: 'b', views: 99 },
          { id: 'c', views: 3 },
        ])
        const different: string[] = []
        let afterId: string | null = null
        for (;;) {
          const [left, right]: ReadDocument[][] = [await documents(active, afterId), await documents(second, afterId)]
          if (left === undefined || right === undefined || left.length === 0) break
          different.push(
            ...left.filter((one, n) => JSON.stringify(one) !== JSON.stringify(right[n])).map(({ id }) => id),
          )
          afterId = left.at(-1)?.id ?? null
        }
        expect(different).toEqual(['b'])
        await second.discard()
        expect(await second.status()).toBe('gone')
        await expect(building.discard()).rejects.toMatchObject({ code: 'BAD_GENERATION' })
        expect((await reader.get('cases', 'b', 'system'))?.['views']).toBe(2)
        const third = await store.writer.rebuild('casework', 1, [cases])
        expect(third.number).toBeGreaterThan(second.number)
        expect(await second.status()).toBe('gone')
      })

      const definitions: [string, CollectionDefinition][] = [
        ['without visibleTo', { ...cases, fields: { received: 'text' }, lists: [{ where: [], sort: 'received' }] }],
        ['with a list by an undeclared field', { ...cases, lists: [{ where: ['title'], sort: 'received' }] }],
        ['sorted by a set', { ...cases, lists: [{ where: [], sort: 'departments' }] }],
        ['with a name that is none', { ...cases, name: 'cases"; DROP' }],
        ['of another projection', { ...cases, projection: 'other' }],
      ]
      test.each(definitions)('a collection %s is refused', async (_, definition) => {
        await expect(store.writer.prepare('casework', 3, [definition])).rejects.toMatchObject({
          code: 'BAD_DEFINITION',
        })
      })

      test('a collection without lists is read by id and by nothing else', async () => {
        const totals = { ...cases, projection: 'totals', name: 'totals', lists: [] }
        const generation = await store.writer.prepare('totals', 1, [totals])
        const changes = [{ ...change({ id: 'all', count: 5 }, at(1)), collection: 'totals' }]
        await generation.write({ changes, checkpoint: at(1), asOf: AS_OF })
        await generation.switchOver()
        expect(await reader.get('totals', 'all', 'system')).toEqual({ id: 'all', count: 5 })
        await expect(reader.query('totals', { ...newestFirst, reader: 'system' })).rejects.toMatchObject({
          code: 'NO_LIST',
        })
        await expect(reader.count('totals', { reader: 'system' })).rejects.toMatchObject({ code: 'NO_LIST' })
      })

      test('a collection belongs to one projection', async () => {
        await expect(store.writer.prepare('other', 1, [{ ...cases, projection: 'other' }])).rejects.toMatchObject({
          code: 'BAD_DEFINITION',
        })
      })
    })

    describe('fences', () => {
      const fenced = (fence: number) => store.writer.prepare('casework', 1, [cases], { fence })

      test('a writer is refused once another with a higher fence has come', async () => {
        const first = await fenced(3)
        await put(first, [{ id: 'a', state: 'first' }])
        const second = await fenced(4)
        expect([second.number, await second.checkpoint()]).toEqual([first.number, at(1)])
        await expect(put(first, [{ id: 'a', state: 'stale' }], 2)).rejects.toMatchObject({ code: 'FENCED' })
        await expect(put(building, [{ id: 'a', state: 'without' }], 2)).rejects.toMatchObject({ code: 'FENCED' })
        expect(await second.load('cases', ['a'])).toMatchObject([{ position: at(1), document: { state: 'first' } }])
        expect(await second.checkpoint()).toBe(at(1))
        await put(second, [{ id: 'a', state: 'second' }], 2)
        expect(await second.load('cases', ['a'])).toMatchObject([{ document: { state: 'second' } }])
      })

      test('nor does it switch over, discard or prepare it any more; it may still look', async () => {
        const first = await fenced(3)
        await fenced(4)
        const stale: (() => Promise<unknown>)[] = [() => first.switchOver(), () => first.discard(), () => fenced(3)]
        for (const one of stale) await expect(one()).rejects.toMatchObject({ code: 'FENCED' })
        expect([await first.status(), await first.checkpoint()]).toEqual(['building', 'start'])
      })

      test('it holds after a restart, and for one generation: another version is built under a lease of its own', async () => {
        const old = await fenced(7)
        await put(old, [{ id: 'a', received: '2026' }])
        await old.switchOver()
        const writer = await store.reopen()
        const inUse = await writer.active('casework', { fence: 6 })
        await expect(put(inUse!, [{ id: 'a', received: '2027' }], 2)).rejects.toMatchObject({ code: 'FENCED' })
        const beside = await writer.prepare('casework', 2, [cases], { fence: 1 })
        await put((await writer.active('casework', { fence: 7 }))!, [{ id: 'a', received: '2028' }], 2)
        await put(beside, [{ id: 'a', received: '2029' }], 2)
        await beside.switchOver()
        expect((await writer.get('cases', 'a', 'system'))?.['received']).toBe('2029')
      })

      test('what was built without one is gone on with under a lease', async () => {
        await fenced(5)
        const anew = await store.writer.rebuild('casework', 1, [cases])
        await put(anew, [{ id: 'a', received: '2026' }])
        await anew.switchOver()
        const inUse = await fenced(5)
        expect(inUse.number).toBe(anew.number)
        await put(inUse, [{ id: 'a', received: '2027' }], 2)
        await expect(put(anew, [{ id: 'a', received: '2028' }], 3)).rejects.toMatchObject({ code: 'FENCED' })
      })

      test('it is of one projection', async () => {
        await fenced(9)
        const totals = { ...cases, projection: 'totals', name: 'totals' }
        const other = await store.writer.prepare('totals', 1, [totals], { fence: 1 })
        await other.write({ changes: [], checkpoint: at(1), asOf: AS_OF })
      })
    })

    test(`after a purge of ${purges}, what was removed, overwritten or dropped is given out no more`, async () => {
      await put(building, [
        { id: 'a', received: '2026', visibleTo: ['v'], text: '张三丰' },
        { id: 'b', received: '2026', visibleTo: ['v'], text: '李四光' },
      ])
      await building.switchOver()
      const overwritten = change({ id: 'b', received: '2026', visibleTo: ['v'], text: '某人' }, at(11))
      await building.write({
        changes: [{ ...change({ id: 'a' }, at(10)), document: null }, overwritten],
        checkpoint: at(11),
        asOf: AS_OF,
      })
      await store.writer.purge()
      const left = [
        await building.load('cases', ['a', 'b']),
        await building.scan('cases', null, 10),
        await reader.getMany('cases', ['a', 'b'], 'system'),
        await reader.query('cases', { ...newestFirst, reader: ['v'] }),
      ]
      expect(JSON.stringify(left)).not.toMatch(/张三丰|李四光/)
      expect(JSON.stringify(left)).toContain('某人')
    })

    test(`pages hold up to ${PAGE_LIMIT_MAX} documents`, async () => {
      await put(
        building,
        Array.from({ length: 250 }, (_, n) => ({ id: `x${n}`, received: '2026' })),
      )
      await building.switchOver()
      const page = await reader.query('cases', { ...newestFirst, limit: PAGE_LIMIT_MAX, reader: 'system' })
      expect(page.documents).toHaveLength(PAGE_LIMIT_MAX)
      expect(page.next).not.toBeNull()
    })
  })
}

async function documents(generation: Generation | null, afterId: string | null): Promise<ReadDocument[]> {
  const page = (await generation?.scan('cases', afterId, 2)) ?? []
  return page.flatMap(({ document }) => (document === null ? [] : [document]))
}

function change(document: ReadDocument, position: string): Change {
  return { collection: 'cases', id: document.id, position, document }
}

function at(position: number): string {
  return String(position).padStart(12, '0')
}

function ids({ documents }: { documents: ReadDocument[] }): string[] {
  return documents.map(({ id }) => id)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
