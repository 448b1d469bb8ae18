import { pipeline } from 'node:stream/promises'
import { describe, expect, test } from 'vitest'
import { writeTable } from '#spreadsheet'
import type { Row } from '#spreadsheet'
import type { Page, Query, ReadDocument, ReadStore } from '#read-store'
import { MeasuredSink } from '../../../test/support/measured.ts'
import { reportParameters, reports } from '../src/index.ts'
import type { Ports } from '../src/index.ts'
import type { Report, ReportRequest } from '../src/queries/reports/report.ts'
import { ledger } from '../src/queries/reports/ledger.ts'
import { replies } from '../src/queries/reports/replies.ts'

const NOW = Date.UTC(2026, 2, 20, 2)
const request: ReportRequest = {
  asker: 'operator',
  from: '2026-01-01',
  to: '2026-12-31',
  department: null,
  channel: null,
}

/** Read models that are asked only, and note what for. */
class AskedViews {
  readonly queries: Query[] = []
  mostIds = 0
  position = '1'
  readonly #page: (query: Query, views: AskedViews) => Page
  readonly #get: (id: string) => ReadDocument

  constructor(page: (query: Query, views: AskedViews) => Page, get: (id: string) => ReadDocument = unknownDocument) {
    this.#page = page
    this.#get = get
  }

  query(_collection: string, query: Query): Promise<Page> {
    this.queries.push(query)
    return Promise.resolve(this.#page(query, this))
  }

  getMany(_collection: string, ids: readonly string[]): Promise<ReadDocument[]> {
    this.mostIds = Math.max(this.mostIds, ids.length)
    return Promise.resolve(ids.map(this.#get))
  }

  progress(): Promise<{ position: string; asOf: string; version: number }> {
    return Promise.resolve({ position: this.position, asOf: '2026-03-19T01:00:00.000Z', version: 2 })
  }
}

function unknownDocument(id: string): ReadDocument {
  throw new Error(`${id} was asked for`)
}

function ask(of: typeof ledger, views: AskedViews): Promise<Report> {
  const ports = { views: views as unknown as ReadStore, clock: { now: () => NOW } } as Ports
  const settings = { current: { departments: new Map(), channels: new Map() } }
  const handler = new (of.handler as unknown as new (...parts: unknown[]) => {
    execute(query: unknown): Promise<Report>
  })(ports, settings)
  return handler.execute(new of.query(request))
}

async function rowsOf({ rows }: Report): Promise<Row[]> {
  const found: Row[] = []
  for await (const row of rows) found.push(row)
  return found
}

/** A county of so many cases, each answered `each` times, made up as it is read. */
function countyOf(cases: number, each: number): AskedViews {
  const caseOf = (index: number): ReadDocument => ({
    id: `case-${index}`,
    number: `2026-${String(index).padStart(6, '0')}`,
    kind: 'message',
    title: '滨河路路面破损，夜里骑车很危险'.repeat(4),
    channel: 'phone',
    receivedAt: '2026-03-02T01:00:00.000Z',
    lead: 'transport',
    coordinating: null,
    following: null,
    ending: null,
    isAnswered: true,
    answeredAt: '2026-03-04T01:00:00.000Z',
    owed: null,
    responses: Array.from({ length: each }, (_, response) => `${index}-${response}`),
  })
  const page = ({ limit, cursor }: Query): Page => {
    const from = Number(cursor ?? 0)
    const until = Math.min(from + limit, cases)
    const documents = Array.from({ length: until - from }, (_, index) => caseOf(from + index))
    return { documents, next: until < cases ? String(until) : null }
  }
  return new AskedViews(page, (id) => ({
    id,
    number: id,
    title: '滨河路路面破损，夜里骑车很危险'.repeat(4),
    caseKind: 'message',
    channel: 'phone',
    department: 'transport',
    kind: 'final',
    means: 'website',
    address: `https://www.county.example/${id}`,
    receivedAt: '2026-03-02T01:00:00.000Z',
    publishedAt: '2026-03-04T01:00:00.000Z',
    due: '2026-03-09T15:59:59.999Z',
    inTime: true,
    retrospective: false,
    substantive: true,
    source: 'ours',
    leadNumber: null,
    correctedAt: null,
    commitments: [],
  }))
}

describe('the ledger', () => {
  test('of 100,000 lines passes in flat memory', { timeout: 60_000 }, async () => {
    const views = countyOf(50_000, 2)
    const sink = new MeasuredSink(20)
    await pipeline(writeTable(await ask(ledger, views), 'csv', { at: NOW }), sink)
    expect(sink.bytes).toBeGreaterThan(30_000_000)
    expect(sink.measurements).toBeGreaterThan(5)
    expect(sink.mostHeldBytes).toBeLessThan(32 * 1024 * 1024)
  })

  test('asks for pages, by the declared order, and for a case with very many answers in parts', async () => {
    const views = countyOf(450, 1)
    expect(await rowsOf(await ask(ledger, views))).toHaveLength(450)
    expect(views.queries.map(({ limit, cursor }) => [limit, cursor])).toEqual([
      [200, null],
      [200, '200'],
      [200, '400'],
    ])
    expect(views.queries[0]).toMatchObject({
      where: { receivedAt: { gte: '2025-12-31T16:00:00.000Z', lt: '2026-12-31T16:00:00.000Z' } },
      sort: { field: 'receivedAt', direction: 'ascending' },
      reader: 'system',
    })
    const many = countyOf(1, 4_500)
    expect(await rowsOf(await ask(ledger, many))).toHaveLength(4_500)
    expect(many.mostIds).toBe(200)
  })
})

describe('the statistics', () => {
  const tally = (department: string, received: number): ReadDocument => ({
    id: department,
    about: 'cases',
    date: '2026-03-02',
    kind: 'message',
    channel: 'phone',
    norm: '-',
    department,
    following: null,
    counts: { received },
    visibleTo: ['county'],
  })

  test('are read again where a case moved from one count to another meanwhile', async () => {
    let moved = false
    const views = new AskedViews(({ cursor }, views) => {
      if (!cursor) {
        // Between the first page and the second, the case that housing had is answered by transport.
        const documents = [tally('housing', moved ? 0 : 1)]
        if (!moved) views.position = '2'
        moved = true
        return { documents, next: 'second' }
      }
      return { documents: [tally('transport', 1)], next: null }
    })
    const [total] = await rowsOf(await ask(replies, views))
    expect(total).toMatchObject({ received: 1 })
    expect(views.queries).toHaveLength(4)
  })

  test('do not wait for facts that never stop coming', async () => {
    let position = 1
    const views = new AskedViews((_query, views) => {
      views.position = String((position += 1))
      return { documents: [tally('housing', 1)], next: null }
    })
    expect((await rowsOf(await ask(replies, views)))[0]).toMatchObject({ received: 1 })
    expect(views.queries).toHaveLength(5)
  })
})

describe('the parameters', () => {
  const days = { from: '2026-01-01', to: '2026-03-31' }

  test('are days in order, and what narrows them', () => {
    expect(reportParameters.parse(days)).toEqual({ ...days, department: null, channel: null })
    const whole = { ...days, department: '交通局', channel: 'phone' }
    expect(reportParameters.parse(whole)).toEqual(whole)
  })

  test.each([
    ['the wrong way round', { from: '2026-03-31', to: '2026-01-01' }],
    ['no day', { from: '2026-02-30', to: '2026-03-31' }],
    ['without an end', { from: '2026-01-01' }],
    ['with something unknown', { ...days, kind: 'message' }],
    ['with a channel that cannot be one', { ...days, channel: '12345 热线' }],
  ])('are refused %s', (_what, given) => {
    expect(reportParameters.safeParse(given).success).toBe(false)
  })
})

test('every report describes its columns, each once', () => {
  expect([...reports.keys()]).toEqual(['ledger', 'replies', 'commitments'])
  for (const { name, title, columns } of reports.values()) {
    expect(title, name).toMatch(/^\p{Script=Han}+$/u)
    expect(new Set(columns.map(({ key }) => key)).size).toBe(columns.length)
    expect(new Set(columns.map(({ heading }) => heading)).size).toBe(columns.length)
  }
})
