import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SearchChange, SearchErrorCode, SearchGeneration, SearchIndex, SearchPage, SearchWriter } from '#search'

/** One index on fresh ground: a writer, and as many readers with connections of their own as a test wants. */
export interface OpenedSearch {
  writer: SearchWriter
  reader(): Promise<SearchIndex>
  /** The writer's process dies and another takes its place; the index stays. */
  reopen(): Promise<SearchWriter>
  close(): Promise<void>
}

/** What every search index must do, whichever engine keeps it. */
export function searchContract(name: string, open: () => Promise<OpenedSearch>): void {
  describe(`${name}: search`, () => {
    let opened: OpenedSearch
    let reader: SearchIndex
    let generation: SearchGeneration
    let position = 0

    beforeEach(async () => {
      position = 0
      opened = await open()
      reader = await opened.reader()
      generation = await opened.writer.prepare(1)
    })
    afterEach(async () => {
      await reader.close()
      await opened.close()
    })

    const put = async (...changes: SearchChange[]) => {
      position += 1
      await generation.index(changes, at(position))
    }
    const find = async (text: string) => (await reader.search({ text, reader: 'system', limit: 50 })).ids

    describe('words', () => {
      beforeEach(async () => {
        await put(
          document('road', { title: '浮梁县A7乡道138号路灯不亮', body: '请尽快修复。Road is DARK；电话：13800001234' }),
          document('water', { title: '自来水', body: '停水三天，𠮷野家门口；㐂' }),
        )
        await generation.switchOver()
      })
      const found: [string, string, string[]][] = [
        ['two characters', '路灯', ['road']],
        ['one character', '灯', ['road']],
        ['one that both have', '水 停', ['water']],
        ['a long run', '浮梁县a7乡道138号路灯不亮', ['road']],
        ['letters and digits inside a word', 'a7乡', ['road']],
        ['digits inside a number', '138', ['road']],
        ['digits in the middle', '0123', ['road']],
        ['letters inside a word', 'oa', ['road']],
        ['another case', 'dark', ['road']],
        ['another width', 'Ａ７乡道１３８', ['road']],
        ['a character beyond the basic plane', '𠮷', ['water']],
        ['a run over it', '𠮷野', ['water']],
        ['several words, all required, in any field and order', '修复 路灯', ['road']],
        ['words that punctuation parts', '路灯，修复', ['road']],
        ['not across punctuation', '修复road', []],
        ['not across white space', 'roadis', []],
        ['not across fields', '不亮请尽快', []],
        ['not where one word is missing', '路灯 停水', []],
        ['not in another order', '灯路', []],
        ['nothing in an empty text', '', []],
        ['nothing in white space', ' \t\u3000\n', []],
        ['nothing in punctuation', '？"*()^-:', []],
        ['no operators', 'NOT 停水', []],
        ['no columns', 'visible:v', []],
      ]
      test.each(found)('%s: %s', async (_, text, expected) => {
        expect(await find(text)).toEqual(expected)
      })
    })

    describe('traits', () => {
      const narrowed = async (...traits: string[]) =>
        await reader.search({ text: '路', reader: 'system', limit: 2, traits })
      const cases = (count: number, traits: string[]) =>
        Array.from({ length: count }, (_, n) => ({
          ...document(`${traits.join('+')}${n}`, {}, `2026-01-01T00:00:0${n}.000Z`),
          traits,
        }))

      test('narrow a search to what has all of them, page by page, newest first', async () => {
        await put(...cases(3, ['state:new', 'channel:phone']), ...cases(2, ['state:new']), ...cases(1, ['state:newer']))
        await generation.switchOver()
        const first = await narrowed('state:new', 'channel:phone')
        expect(first).toMatchObject({
          ids: ['state:new+channel:phone2', 'state:new+channel:phone1'],
          total: 3,
          more: false,
        })
        const query = { text: '路', reader: 'system' as const, limit: 2, cursor: first.next }
        const second = await reader.search({ ...query, traits: ['state:new', 'channel:phone'] })
        expect(second).toMatchObject({ ids: ['state:new+channel:phone0'], total: 3, next: null })
        expect((await narrowed('state:new')).total).toBe(5)
        expect((await narrowed('state')).total).toBe(0)
        await expect(reader.search({ ...query, traits: ['state:new'] })).rejects.toMatchObject({ code: 'BAD_CURSOR' })
      })

      test('change without a change of the text', async () => {
        await put({ ...document('a', {}), traits: ['state:new'] })
        await generation.switchOver()
        await put({ ...document('a', {}), traits: ['state:answered'] })
        expect((await narrowed('state:new')).ids).toEqual([])
        expect((await narrowed('state:answered')).ids).toEqual(['a'])
      })

      test('are refused where they are too many or hold line breaks', async () => {
        const many = Array.from({ length: 65 }, (_, n) => `t${n}`)
        await expect(put({ ...document('a', {}), traits: many })).rejects.toMatchObject({ code: 'BAD_CHANGE' })
        await expect(put({ ...document('a', {}), traits: ['a\nb'] })).rejects.toMatchObject({ code: 'BAD_CHANGE' })
        await generation.switchOver()
        await expect(narrowed(...many)).rejects.toMatchObject({ code: 'OUT_OF_BOUNDS' })
      })
    })

    describe('order and pages', () => {
      test('newest first, whenever it was indexed', async () => {
        await put(document('b', {}, '2026-01-02T00:00:00.000Z'), document('d', {}, '2026-01-04T00:00:00.001Z'))
        await put(document('a', {}, '1969-12-31T23:59:59.999Z'), document('c', {}, '2026-01-04T00:00:00.000Z'))
        await generation.switchOver()
        expect(await find('路')).toEqual(['d', 'c', 'b', 'a'])
      })

      test('pages follow one another without gap or repeat, also at one instant and while documents are added', async () => {
        const ids = Array.from({ length: 23 }, (_, n) => `x${n}`)
        await put(...ids.map((id, n) => document(id, {}, `2026-01-0${1 + (n % 3)}T00:00:00.000Z`)))
        await generation.switchOver()
        const seen: string[] = []
        let cursor: string | null = null
        do {
          const page: SearchPage = await reader.search({ text: '路', reader: 'system', limit: 5, cursor })
          seen.push(...page.ids)
          cursor = page.next
          await put(document(`new${seen.length}`, {}, '2026-02-01T00:00:00.000Z'))
        } while (cursor !== null)
        expect(seen.toSorted()).toEqual(ids.toSorted())
      })

      test('a new sort key moves a document, a new text replaces the old', async () => {
        await put(document('a', {}, '2026-01-01T00:00:00.000Z'), document('b', {}, '2026-01-02T00:00:00.000Z'))
        await generation.switchOver()
        await put(document('a', { title: '路灯' }, '2026-01-03T00:00:00.000Z'))
        expect(await find('路')).toEqual(['a', 'b'])
        await put(document('a', { title: '停水' }, '2026-01-03T00:00:00.000Z'))
        expect(await find('路')).toEqual(['b'])
        expect(await find('停水')).toEqual(['a'])
        await put({ id: 'a', removed: true }, { id: 'nowhere', removed: true })
        expect(await find('停水')).toEqual([])
      })

      test('a cursor of another search is refused', async () => {
        await put(...['a', 'b', 'c'].map((id) => document(id, { title: '路灯' })))
        await generation.switchOver()
        const { next: cursor } = await reader.search({ text: '路', reader: 'system', limit: 1 })
        const print = String(cursor).split('.')[0]
        for (const [text, wrong] of [
          ['灯', cursor],
          ['路', ''],
          ['路', 'x'],
          ['路', `${print}.9999999999999999999`],
        ] as const) {
          await expect(reader.search({ text, reader: 'system', limit: 1, cursor: wrong })).rejects.toMatchObject({
            code: 'BAD_CURSOR',
          })
        }
      })
    })

    describe('who may find what', () => {
      beforeEach(async () => {
        await put(
          { ...document('a', {}), visibleTo: ['dept:水利局', 'audit'] },
          { ...document('b', {}), visibleTo: ['dept:住建局', 'audit'] },
          { ...document('c', {}), visibleTo: [] },
        )
        await generation.switchOver()
      })
      const seen = async (tokens: readonly string[] | 'system') => {
        const page = await reader.search({ text: '路', reader: tokens, limit: 10 })
        return [page.ids.toSorted(), page.total]
      }

      test('only who holds one of its tokens, and the total counts no more', async () => {
        expect(await seen(['dept:水利局'])).toEqual([['a'], 1])
        expect(await seen(['dept:水利局', 'audit', 'nobody'])).toEqual([['a', 'b'], 2])
        expect(await seen(['dept'])).toEqual([[], 0])
        expect(await seen([])).toEqual([[], 0])
        expect(await seen('system')).toEqual([['a', 'b', 'c'], 3])
      })
      test('no token is taken for syntax, and none is a word', async () => {
        expect(await seen(['audit" OR "路', '', '路', '*'])).toEqual([[], 0])
        expect(await find('audit')).toEqual([])
        expect(await find(Buffer.from('audit').toString('hex'))).toEqual([])
      })
      test('a change of who may see shows at once', async () => {
        await put({ ...document('a', {}), visibleTo: ['dept:住建局'] })
        expect(await seen(['dept:水利局'])).toEqual([[], 0])
        expect(await seen(['dept:住建局'])).toEqual([['a', 'b'], 2])
      })
    })

    describe('writing', () => {
      test('a batch delivered a second time changes nothing', async () => {
        await put(document('a', { title: '路' }))
        await put(document('a', { title: '水' }))
        await generation.index([document('a', { title: '路' })], at(1))
        await generation.switchOver()
        expect(await find('路')).toEqual([])
        expect(await reader.checkpoint()).toBe(at(2))
      })

      const bad: [string, SearchErrorCode, SearchChange[]][] = [
        ['a sort key that is no instant', 'BAD_CHANGE', [{ ...document('b', {}), sortKey: '2026-01-01' }]],
        ['a sort key too far away', 'BAD_CHANGE', [{ ...document('b', {}), sortKey: '+005000-01-01T00:00:00Z' }]],
        ['an empty id', 'BAD_CHANGE', [document('', {})]],
        ['too many changes', 'OUT_OF_BOUNDS', Array.from({ length: 2_001 }, (_, n) => document(`x${n}`, {}))],
      ]
      test.each(bad)('%s refuses the whole batch: %s', async (_, code, changes) => {
        await expect(put(document('a', {}), ...changes)).rejects.toMatchObject({ code })
        await generation.switchOver()
        expect(await find('路')).toEqual([])
        expect(await generation.checkpoint()).toBe('start')
      })

      test('a text is searched up to 64 Ki characters a field', async () => {
        await put(document('long', { title: `${'长'.repeat(65_535)}末尾`, body: '另' }))
        await generation.switchOver()
        expect(await find('长末')).toEqual(['long'])
        expect(await find('末尾')).toEqual([])
        expect(await find('另')).toEqual(['long'])
      })

      test('too long a search, or too many words, is refused', async () => {
        await generation.switchOver()
        for (const text of ['长'.repeat(201), Array.from({ length: 17 }, (_, n) => n).join(' ')]) {
          await expect(find(text)).rejects.toMatchObject({ code: 'OUT_OF_BOUNDS' })
        }
      })
    })

    describe('rebuilding', () => {
      test('readers search the old index until the new one takes over', async () => {
        await expect(find('路')).rejects.toMatchObject({ code: 'NOT_READY' })
        await put(document('old', {}))
        await generation.switchOver()
        const next = await opened.writer.prepare(2)
        await next.index([document('new', {})], at(1))
        expect(await find('路')).toEqual(['old'])
        await next.switchOver()
        expect(await find('路')).toEqual(['new'])
        expect([await generation.status(), await next.status()]).toEqual(['gone', 'active'])
        await expect(put(document('late', {}))).rejects.toMatchObject({ code: 'BAD_GENERATION' })
        await expect(next.discard()).rejects.toMatchObject({ code: 'BAD_GENERATION' })
      })

      test('a building index is resumed after a restart, an abandoned one is dropped', async () => {
        await put(document('a', {}))
        const resumed = await (await opened.reopen()).prepare(1)
        expect([await resumed.status(), await resumed.checkpoint()]).toEqual(['building', at(1)])
        await resumed.switchOver()
        const writer = await opened.reopen()
        const second = await writer.rebuild(1)
        const third = await writer.rebuild(1)
        expect([await second.status(), await third.status()]).toEqual(['gone', 'building'])
        await third.discard()
        expect(await find('路')).toEqual(['a'])
      })
    })

    test('whatever is typed, it finds what holds its words side by side, and is never an error', async () => {
      await generation.switchOver()
      await fc.assert(
        fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 6 }), searches, async (documents, pick) => {
          const before = Array.from({ length: 6 }, (_, n): SearchChange => ({ id: `x${n}`, removed: true }))
          await put(...before, ...documents.map((fields, n) => document(`x${n}`, fields)))
          const text = pick(documents.flatMap((fields) => Object.values(fields)).join(''))
          const expected = documents.flatMap((fields, n) => (holds(Object.values(fields), text) ? [`x${n}`] : []))
          expect((await find(text)).toSorted()).toEqual(expected)
        }),
        { numRuns: 400 },
      )
    })
  })
}

/** Few characters, so that runs meet: Han inside and beyond the basic plane, both widths and cases, syntax, halves of pairs. */
const characters = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...'路灯水a7Ａ７'.split(''), '𠮷', 'Σ', 'é', 'e\u0301') },
  { weight: 4, arbitrary: fc.constantFrom(...'，。 \u3000\n"*(){}:^-+.\'¶'.split(''), 'AND ', 'OR ', 'NOT ', 'NEAR(') },
  { weight: 1, arbitrary: fc.constantFrom('\ud842', '\udfb7', '\u0000', '\ue000', '😀', '㎡', 'ﬁ', '℃', 'İ') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }) },
)
const line = fc.array(characters, { maxLength: 12 }).map((parts) => parts.join(''))
const texts = fc.record({ title: line, body: line })
/** Half of the searches are cut from the texts themselves. */
const searches = fc.oneof(
  line.map((text) => () => text),
  fc.tuple(fc.nat(), fc.nat(4)).map(([from, length]) => (all: string) => {
    const start = all.length === 0 ? 0 : from % all.length
    return all.slice(start, start + 1 + length)
  }),
)

/** The rule, said naively: fold, part at whatever is no letter, digit, mark or private character; every word is inside a run. */
function holds(fields: string[], text: string): boolean {
  const runs = fields.flatMap(parts)
  const words = parts(text)
  return words.length > 0 && words.every((word) => runs.some((run) => contains(run, word)))
}

function parts(text: string): string[][] {
  const runs: string[][] = [[]]
  const folded = text.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ')
  for (const character of folded) {
    if (/^[\p{L}\p{N}\p{M}\p{Co}]$/u.test(character)) runs.at(-1)?.push(character)
    else runs.push([])
  }
  return runs.filter((run) => run.length > 0)
}

function contains(run: string[], word: string[]): boolean {
  return run.some((_, start) => word.every((character, n) => run[start + n] === character))
}

function document(id: string, fields: Record<string, string>, sortKey = '2026-01-01T00:00:00.000Z') {
  return { id, sortKey, visibleTo: ['everyone'], fields: Object.keys(fields).length > 0 ? fields : { title: '路' } }
}

function at(position: number): string {
  return String(position).padStart(12, '0')
}
