import { setImmediate as nextTurn } from 'node:timers/promises'
import { ListCases, ListCommitments, ListItems, ListRefusedRows, ListResponses, ListWorkloads } from '#application'
import type { Asker, ListPage } from '#application'
import type { Query } from '@nestjs/cqrs'
import { CHANNEL, withMessages } from './intake.ts'
import { departments } from './lives.ts'
import { quantile, say } from './measure.ts'
import { atLeast, atMost, rounded } from './row.ts'
import type { BenchRow } from './row.ts'
import type { ServedCounty } from './served.ts'

/** Times that each question is asked. */
const TIMES = 60
/** Pages of 200 that are turned before a page counts as deep. */
const DEEP_PAGES = 25

type Page = ListPage<{ id: string }>
type Question = { name: string; ask: (cursor: string | null, limit: number) => Query<Page> }

/** Over HTTP: a file uploaded until its cases are listed; lists with nothing else going on, and during another upload. */
export async function servedRows(county: ServedCounty, folder: string, cases: number): Promise<BenchRow[]> {
  const items = Math.min(cases, 20_000)
  const uploadMs = await withMessages(folder, items, 3, async (path) => {
    say(`${items} rows uploaded`)
    const start = performance.now()
    const { token } = await county.importFile(path, CHANNEL)
    await county.listed(token)
    const took = performance.now() - start
    await county.settled()
    return took
  })
  const questions = questionsAbout()
  const pages = await placesIn(county, questions)
  say(`${pages.length} lists and searches, quiet`)
  const quiet = await ask(county, pages, () => false)
  const rows = Math.min(cases, 20_000)
  const busy = await withMessages(folder, rows, 2, async (path) => {
    say(`the same while ${rows} rows are imported`)
    let isOver = false
    const importing = county.importFile(path, CHANNEL).finally(() => {
      isOver = true
    })
    const times = await ask(county, pages, () => isOver)
    await importing
    return times
  })
  return [
    atLeast({
      name: 'item intake over HTTP, from the upload to visible in the case list',
      value: (items * 1_000) / uploadMs,
      target: 2_000,
      unit: 'items a second',
      details: { items, beside: `${cases} cases` },
    }),
    rowOf('any list, any search newest first', quiet, { cases }),
    rowOf('any list, any search newest first, while a file is imported', busy, { cases, rows }),
  ]
}

function rowOf(name: string, times: ReadonlyMap<string, number[]>, facts: Record<string, number>): BenchRow {
  const all = [...times.values()].flat()
  const worst = [...times].map(([name, of]) => ({ name, p99: quantile(of, 0.99) })).sort((a, b) => b.p99 - a.p99)
  return atMost({
    name,
    // Of the question that fares worst: an average over questions would hide it.
    value: worst[0]!.p99,
    target: 50,
    unit: 'ms (p99 of the worst question)',
    details: {
      ...facts,
      asked: all.length,
      medianMs: rounded(quantile(all, 0.5)),
      p99OfAllMs: rounded(quantile(all, 0.99)),
      worst: worst
        .slice(0, 5)
        .map(({ name, p99 }) => `${name} ${rounded(p99)} ms`)
        .join('; '),
      measuredAt: 'the gateway, by one caller on one connection',
    },
  })
}

function questionsAbout(): Question[] {
  const officer = { person: 'housing-officer', department: 'housing', role: 'officer' } as Asker
  const monitor = { person: 'monitor', department: 'office', role: 'monitor' } as Asker
  const channel = 'interaction-platform'
  const cases = (name: string, filter: object, asker: Asker = monitor): Question => ({
    name: `cases ${name}`,
    ask: (cursor, limit) => new ListCases({ asker, cursor, limit, ...filter }),
  })
  const list = (name: string, ask: Question['ask']): Question => ({ name, ask })
  return [
    cases('of the county', {}),
    cases('of the operator', {}, 'operator'),
    cases('of a department', {}, officer),
    ...['new', 'signed', 'answered', 'completed'].map((state) => cases(state, { state })),
    cases('of a channel', { channel }),
    cases('of a channel, new', { channel, state: 'new' }),
    cases('of a channel, signed', { channel, state: 'signed' }),
    ...departments.slice(0, 2).map((department) => cases(`led by ${department}`, { department })),
    cases('answered, led by housing', { department: 'housing', state: 'answered' }),
    list('items waiting', (cursor, limit) => new ListItems({ asker: monitor, cursor, limit })),
    list('items in cases', (cursor, limit) => new ListItems({ asker: monitor, cursor, limit, place: 'in-case' })),
    list(
      'items of a channel',
      (cursor, limit) => new ListItems({ asker: monitor, cursor, limit, place: 'in-case', channel }),
    ),
    list('commitments', (cursor, limit) => new ListCommitments({ asker: monitor, cursor, limit })),
    list(
      'commitments open, of housing',
      (cursor, limit) => new ListCommitments({ asker: officer, cursor, limit, state: 'open', responsible: 'housing' }),
    ),
    list('answers', (cursor, limit) => new ListResponses({ asker: monitor, cursor, limit })),
    list(
      'answers of housing',
      (cursor, limit) => new ListResponses({ asker: monitor, cursor, limit, department: 'housing' }),
    ),
    list(
      'answers to messages',
      (cursor, limit) => new ListResponses({ asker: monitor, cursor, limit, caseKind: 'message' }),
    ),
    list('workloads', (cursor, limit) => new ListWorkloads({ asker: monitor, cursor, limit })),
    list('refused rows', (cursor, limit) => new ListRefusedRows({ asker: monitor, cursor, limit })),
    // One character, two, a phrase that most cases hold, two words, a number, a name, and what nobody wrote.
    ...['路', '物业', '切身利益', '噪音 执法', '恳请领导在百忙之中关注', '1-100', '欧阳', '潘女士 电梯'].map((search) =>
      cases(`“${search}”`, { search }),
    ),
    cases('“路面” seen by a department', { search: '路面' }, officer),
    cases('“物业”, new', { search: '物业', state: 'new' }),
    cases('“物业”, led by housing', { search: '物业', department: 'housing' }),
    cases('“欧阳”, signed', { search: '欧阳', state: 'signed' }),
  ]
}

/** The first page of each, and one after many were turned. */
async function placesIn(
  county: ServedCounty,
  questions: readonly Question[],
): Promise<{ name: string; query: Query<Page> }[]> {
  const places: { name: string; query: Query<Page> }[] = []
  for (const { name, ask } of questions) {
    places.push({ name: `${name}, first page`, query: ask(null, 50) })
    let cursor: string | null = null
    for (let turned = 0; turned < DEEP_PAGES; turned++) {
      const { next }: Page = await county.query(ask(cursor, 200))
      if (next === null) break
      cursor = next
    }
    if (cursor !== null) places.push({ name: `${name}, deep`, query: ask(cursor, 50) })
  }
  return places
}

/** Milliseconds for each answer, by question, one at a time, in turns so that no question meets its own answer warm. */
async function ask(
  county: ServedCounty,
  places: readonly { name: string; query: Query<Page> }[],
  isOver: () => boolean,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(places.map(({ name }) => [name, []]))
  for (let time = 0; time < TIMES && !isOver(); time++) {
    for (const { name, query } of places) {
      const start = performance.now()
      await county.query(query)
      times.get(name)!.push(performance.now() - start)
      await nextTurn()
    }
  }
  return times
}
