import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GetCase, GetStatistics, ListCases, ListResponses, ReportLedger, ReportReplies } from '#application'
import type { ImportReport } from '#application'
import { endOf } from '../support/clock.ts'
import { County } from '../support/county.ts'
import { emptyAnswers } from '../support/empty-answers.ts'
import { publishedDays, workingDayAfter } from '../support/holidays.ts'

const data = new URL('../../../shared/data/', import.meta.url)
const file = new URL('replies.jsonl', data)
const asker = 'operator'

interface Reply {
  id: string
  subject: string
  body: string
  /** Both with +08:00. */
  time: string
  reply: string
  reply_time: string
}

describe.skipIf(!existsSync(file))(
  '1,786 real messages with the replies that governments gave (../shared/data/replies.jsonl)',
  () => {
    let county: County
    let rows: Reply[]
    let first: ImportReport
    let second: ImportReport
    let extent: { events: number; head: string }

    const take = async (path: string) => {
      const given = { path, channelId: 'governor-suggestions', kind: 'message' as const, dryRun: false }
      const report = await county.huiying.application.importFile(given)
      await county.huiying.settled()
      return report
    }
    const casesWith = async (search: string) => (await county.huiying.query(new ListCases({ asker, search }))).documents

    beforeAll(async () => {
      rows = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Reply)
      county = await County.open('2026-11-23 09:00')
      first = await take(file.pathname)
      extent = await county.extent()
      second = await take(file.pathname)
    }, 60_000)
    afterAll(() => county.close())

    test('the first import takes every row', () => {
      expect(first).toMatchObject({ rows: 1786, taken: 1786, unchanged: 0, revised: 0, refused: 0, refusals: [] })
    })

    test('the second finds every row unchanged and writes its run only', async () => {
      expect(second).toMatchObject({ rows: 1786, taken: 0, unchanged: 1786, revised: 0, refused: 0, refusals: [] })
      expect((await county.extent()).events).toBe(extent.events + 2)
    })

    test('674 of 1,786, 37.7 %, were answered within five working days: as counted from the published holidays alone', async () => {
      const off = publishedDays(new URL('holiday/', data))
      const inTime = rows.filter(
        ({ time, reply_time }) => reply_time.slice(0, 10) <= workingDayAfter(time.slice(0, 10), 5, off),
      )
      expect(inTime).toHaveLength(674)
      expect(((100 * inTime.length) / rows.length).toFixed(1)).toBe('37.7')

      const counts = { received: 1786, answered: 1786, answeredInTime: inTime.length }
      expect(await county.huiying.query(new GetStatistics({ asker }))).toMatchObject({
        ...counts,
        byNorm: { 'governor-suggestions-answer': counts },
        byChannel: { 'governor-suggestions': counts },
        commitments: { made: 0 },
      })
    })

    test('the report of how they were handled comes to the same, and to what reading the answers finds', async () => {
      const off = publishedDays(new URL('holiday/', data))
      const span = { from: '2018-01-01', to: '2019-12-31' }
      for (const { from, to } of [{ from: '2010-01-01', to: '2026-12-31' }, span]) {
        const within = rows.filter(({ time }) => time.slice(0, 10) >= from && time.slice(0, 10) <= to)
        const inTime = within.filter(
          ({ time, reply_time }) => reply_time.slice(0, 10) <= workingDayAfter(time.slice(0, 10), 5, off),
        )
        const substantive = within.filter(({ id }) => !emptyAnswers.has(id))
        const asked = { asker, from, to, department: null, channel: null } as const
        const report = await county.huiying.query(new ReportReplies(asked))
        for await (const figures of report.rows) {
          expect(figures, `${String(figures['by'])} ${from}`).toMatchObject({
            received: within.length,
            notAccepted: 0,
            transferred: 0,
            owed: within.length,
            answered: within.length,
            answeredShare: 1,
            judged: within.length,
            inTime: inTime.length,
            inTimeShare: inTime.length / within.length,
            substantive: substantive.length,
            substantiveShare: substantive.length / within.length,
            rated: 0,
            satisfiedShare: null,
            history: within.length,
            retrospective: within.length,
          })
        }
        const late = within.length - inTime.length
        const lines = { count: 0, late: 0, empty: 0 }
        for await (const line of (await county.huiying.query(new ReportLedger(asked))).rows) {
          lines.count += 1
          if (line['inTime'] === false) lines.late += 1
          if (line['substantive'] === false) lines.empty += 1
        }
        expect(lines).toEqual({ count: within.length, late, empty: within.length - substantive.length })
      }
    })

    test('by the day they were received, of any span', async () => {
      const [from, to] = ['2018-02-01', '2018-03-31']
      const expected = rows.filter(({ time }) => time.slice(0, 10) >= from && time.slice(0, 10) <= to)
      expect(expected.length).toBeGreaterThan(20)
      const { received } = await county.huiying.query(new GetStatistics({ asker, from, to }))
      expect(received).toBe(expected.length)
    })

    test('every case is listed once, page by page', async () => {
      const seen = new Set<string>()
      let cursor: string | null = null
      let pages = 0
      do {
        const page: Awaited<ReturnType<typeof ask>> = await ask(cursor)
        expect(page.total).toBe(1786)
        for (const { number } of page.documents) seen.add(number)
        cursor = page.next
        pages += 1
      } while (cursor !== null && pages < 20)
      expect(pages).toBe(9)
      expect(seen.size).toBe(1786)
      async function ask(from: string | null) {
        return await county.huiying.query(new ListCases({ asker, limit: 200, cursor: from }))
      }
    })

    test('search finds words of messages and of replies', async () => {
      const words = '公积金'
      const holding = rows.filter(({ subject, body, reply }) =>
        [subject, body, reply].some((text) => text.includes(words)),
      )
      const page = await county.huiying.query(new ListCases({ asker, search: words, limit: 200 }))
      expect(page.total).toBe(holding.length)
      expect(page.documents.map(({ title }) => title).sort()).toEqual(
        holding.map(({ subject }) => subject.trim()).sort(),
      )
    })

    test.each([
      ['2549', '2019-04-25', '2019-05-05', 'missed', 'make-up Sundays before and after the May holiday'],
      ['2554', '2019-04-24', '2019-04-30', 'missed', 'a make-up Sunday within'],
    ])('the deadline of message %s, received %s, is %s (%s): %s', async (id, received, due, state) => {
      const reply = rows.find((each) => each.id === id)!
      expect(reply.time.slice(0, 10)).toBe(received)
      const found = (await casesWith(reply.subject)).filter(({ title }) => title === reply.subject)
      const { case: of, detail } = await county.huiying.query(new GetCase({ number: found[0]!.number, asker }))
      expect(of.final).toMatchObject({
        due: endOf(due),
        state,
        norm: 'governor-suggestions-answer',
        provisional: false,
      })
      const final = detail.deadlines.find(({ purpose }) => purpose === 'final-answer')
      const days = (final!['deadline'] as { days: { date: string; counted: boolean }[] }).days
      expect(days.filter(({ counted }) => counted)).toHaveLength(5)
      expect(days.at(-1)).toMatchObject({ date: due, counted: true })
    })

    test('the ledger says of each answer that no approval of ours stands behind it', async () => {
      const page = await county.huiying.query(new ListResponses({ asker, limit: 200 }))
      expect(page.total).toBe(1786)
      expect(new Set(page.documents.map(({ source }) => source))).toEqual(new Set(['past']))
    })

    test('a row whose text was changed is revised, and nothing is overwritten', async () => {
      const changed = { ...rows[0]!, body: `${rows[0]!.body}（补充：物业已更换。）` }
      const path = join(county.folder, 'changed.jsonl')
      await writeFile(path, `${JSON.stringify(changed)}\n${JSON.stringify(rows[1])}\n`)
      expect(await take(path)).toMatchObject({ rows: 2, taken: 0, unchanged: 1, revised: 1, refused: 0 })
      const [found] = await casesWith('物业已更换')
      const page = await county.huiying.query(new GetCase({ number: found!.number, asker }))
      expect(page.items).toMatchObject([{ content: changed.body, contentRevision: 2 }])
      expect(await take(path)).toMatchObject({ unchanged: 2 })
      expect((await county.types(`item-${found!.items[0]}`)).filter((type) => type === 'ItemRevised')).toHaveLength(1)
      expect((await county.huiying.query(new GetStatistics({ asker }))).received).toBe(1786)
    })
  },
)
