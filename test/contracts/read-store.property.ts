import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type {
  Change,
  CollectionDefinition,
  Condition,
  JsonValue,
  Query,
  ReadDocument,
  ReadStore,
  Where,
} from '#read-store'
import type { OpenedReadStore } from './read-store.contract.ts'

const COLLECTION: CollectionDefinition = {
  name: 'things',
  projection: 'things',
  fields: { text: 'text', other: 'text', amount: 'number', tags: 'set', visibleTo: 'set' },
  lists: [
    { where: [], sort: 'text' },
    { where: [], sort: 'amount' },
    { where: ['other'], sort: 'text' },
    { where: ['amount'], sort: 'text' },
    { where: ['tags'], sort: 'amount' },
    { where: ['other', 'tags'], sort: 'amount' },
  ],
}

/** Values that meet, and values that sort differently by code point, by UTF-16 unit, by locale or as numbers. */
const texts = fc.constantFrom(
  '',
  'a',
  'A',
  'b',
  'é',
  'e\u0301',
  '路',
  '\uffee',
  '𠮷',
  '9',
  '10',
  'null',
  '0',
  "'",
  '\u0001',
)
const amounts = fc.constantFrom(0, -0, 1, -1, 1.5, 9, 10, 2 ** 53 - 1, -(2 ** 53) + 1, 1e300, 5e-324)
const tokens = fc.constantFrom('水利局', 'audit', '0', '')
const sets = fc.array(texts, { maxLength: 3 })
const maybe = (value: fc.Arbitrary<JsonValue>) => fc.option(value, { nil: null, freq: 4 })

const document: fc.Arbitrary<Record<string, JsonValue>> = fc.record(
  {
    text: maybe(texts),
    other: maybe(texts),
    amount: maybe(amounts),
    tags: maybe(sets),
    visibleTo: maybe(fc.array(tokens, { maxLength: 3 })),
  },
  { requiredKeys: [] },
)
const change: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(11), fc.nat(40), fc.option(document, { nil: null, freq: 8 }))
  .map(([name, position, fields]) => {
    const id = `${['é', 'z', '𠮷', '\uffee'][name % 4]}${name}`
    return { collection: 'things', id, position: at(position), document: fields === null ? null : { ...fields, id } }
  })

const scalars = (values: fc.Arbitrary<string | number>) => fc.option(values, { nil: null, freq: 6 })
const conditions = (values: fc.Arbitrary<string | number>): fc.Arbitrary<Condition> =>
  fc.oneof(
    scalars(values).map((eq) => ({ eq })),
    fc.array(scalars(values), { maxLength: 3 }).map((values) => ({ in: values })),
    fc.record({ gt: values }),
    fc.record({ gte: values, lt: values }),
    fc.record({ gt: values, gte: values, lte: values }),
    fc.record({ lt: values }),
    fc.record({ lte: values }),
  )
const FIELDS = ['text', 'other', 'amount', 'tags', 'visibleTo'] as const
/** At most two conditions: more find nothing, and nothing agrees with nothing. */
const where: fc.Arbitrary<Where> = fc
  .tuple(
    fc.subarray([...FIELDS], { maxLength: 2 }),
    fc.record({
      text: conditions(texts),
      other: conditions(texts),
      amount: conditions(amounts),
      tags: texts.map((has) => ({ has })),
      visibleTo: tokens.map((has) => ({ has })),
    }),
  )
  .map(([fields, all]) => Object.fromEntries(fields.map((field) => [field, all[field]])))
const query: fc.Arbitrary<Query> = fc.record({
  where,
  sort: fc.record({ field: fc.constantFrom('text', 'amount'), direction: fc.constantFrom('ascending', 'descending') }),
  limit: fc.integer({ min: 1, max: 4 }),
  reader: fc.oneof(fc.constant('system' as const), fc.array(tokens, { maxLength: 3 })),
})

/**
 * The read store against a list in memory that is filtered and sorted naively.
 * @param options.runs the share of the runs to make, for engines that take long over each.
 */
export function readStoreProperties(
  name: string,
  open: () => Promise<OpenedReadStore>,
  { runs = 1 }: { runs?: number } = {},
): void {
  describe(`${name}: read store against a naive one`, () => {
    test('every page, count and document agrees, whatever was written in whatever order', async () => {
      const store = await open()
      const reader = await store.reader()
      try {
        await fc.assert(
          fc.asyncProperty(
            fc.array(change, { maxLength: 30 }),
            fc.array(change, { maxLength: 20 }),
            fc.array(query, { minLength: 1, maxLength: 6 }),
            async (before, after, queries) => {
              const generation = await store.writer.rebuild('things', 1, [COLLECTION])
              const naive = new Naive()
              await generation.write({ changes: before, checkpoint: at(50), asOf: '' })
              naive.write(before)
              await generation.switchOver()
              await generation.write({ changes: after, checkpoint: at(51), asOf: '' })
              naive.write(after)
              for (const query of queries) {
                const expected = naive.find(query)
                expect(await allPages(reader, query)).toEqual(expected)
                expect(await reader.count('things', query)).toEqual({ count: expected.length, more: false })
              }
              const ids = naive.ids()
              const scanned = (await generation.scan('things', null, 100)).map(({ id }) => id)
              expect(scanned).toEqual(
                naive.find({ sort: { field: 'id', direction: 'ascending' }, limit: 1, reader: 'system' }),
              )
              const loaded = await generation.load('things', ids)
              expect(new Map(loaded.map((one) => [one.id, one.position]))).toEqual(naive.positions())
            },
          ),
          { numRuns: Math.ceil(150 * runs) },
        )
      } finally {
        await reader.close()
        await store.close()
      }
    })

    test('pages have no gap and no repeat while other documents come, change and go', async () => {
      const store = await open()
      const reader = await store.reader()
      try {
        await fc.assert(
          fc.asyncProperty(
            fc.array(change, { minLength: 5, maxLength: 30 }),
            fc.array(change),
            query,
            async (before, during, query) => {
              const generation = await store.writer.rebuild('things', 1, [COLLECTION])
              const naive = new Naive()
              await generation.write({ changes: before, checkpoint: at(50), asOf: '' })
              naive.write(before)
              await generation.switchOver()
              const [start, touched] = [naive.find(query), new Set(during.map(({ id }) => id))]
              const waiting = [...during]
              const seen = await allPages(reader, query, async () => {
                await generation.write({ changes: waiting.splice(0, 2), checkpoint: at(51), asOf: '' })
              })
              const calm = (ids: string[]) => ids.filter((id) => !touched.has(id))
              expect(calm(seen)).toEqual(calm(start))
            },
          ),
          { numRuns: Math.ceil(60 * runs) },
        )
      } finally {
        await reader.close()
        await store.close()
      }
    })
  })
}

async function allPages(reader: ReadStore, query: Query, between = async () => {}): Promise<string[]> {
  const seen: string[] = []
  let cursor: string | null = null
  // More pages than there can be documents: a cursor that stands still would go on for ever.
  for (let page = 0; page < 100; page += 1) {
    const { documents, next }: Awaited<ReturnType<ReadStore['query']>> = await reader.query('things', {
      ...query,
      cursor,
    })
    seen.push(...documents.map(({ id }) => id))
    if (next === null) return seen
    cursor = next
    await between()
  }
  throw new Error('The pages have no end')
}

class Naive {
  readonly #stored = new Map<string, { position: string; document: ReadDocument | null }>()

  write(changes: readonly Change[]): void {
    for (const { id, position, document } of changes) {
      const before = this.#stored.get(id)
      if (before === undefined || position > before.position) this.#stored.set(id, { position, document })
    }
  }

  ids(): string[] {
    return [...this.#stored.keys()]
  }

  positions(): Map<string, string> {
    return new Map([...this.#stored].map(([id, { position }]) => [id, position]))
  }

  find({ where = {}, sort, reader }: Query): string[] {
    const sign = sort.direction === 'ascending' ? 1 : -1
    return [...this.#stored.values()]
      .flatMap(({ document }) => (document === null ? [] : [document]))
      .filter(
        (document) => reader === 'system' || reader.some((token) => members(document['visibleTo']).includes(token)),
      )
      .filter((document) => Object.entries(where).every(([field, condition]) => holds(document[field], condition)))
      .sort((a, b) => sign * (compare(a[sort.field], b[sort.field]) || compare(a.id, b.id)))
      .map(({ id }) => id)
  }
}

function holds(value: JsonValue | undefined, condition: Condition): boolean {
  if ('has' in condition) return members(value).includes(condition.has)
  if ('eq' in condition) return compare(value, condition.eq) === 0
  if ('in' in condition) return condition.in.some((wanted) => compare(value, wanted) === 0)
  const { gt, gte, lt, lte } = condition
  if (value === null || value === undefined) return false
  return (
    (gt === undefined || compare(value, gt) > 0) &&
    (gte === undefined || compare(value, gte) >= 0) &&
    (lt === undefined || compare(value, lt) < 0) &&
    (lte === undefined || compare(value, lte) <= 0)
  )
}

function members(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : []
}

/** Missing first; numbers as numbers; texts by code point, which is the order of their UTF-8 bytes. */
function compare(a: JsonValue | undefined, b: JsonValue | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return Number((b ?? null) === null) - Number((a ?? null) === null)
}

function at(position: number): string {
  return String(position).padStart(12, '0')
}
