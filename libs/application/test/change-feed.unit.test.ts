import { expect, test } from 'vitest'
import type { SubscriptionMessage, StoredEvent } from '#event-store'
import type { ReadDocument } from '#read-store'
import { ChangeFeed } from '#application'
import type { ShownChanges } from '#application'
import type { Actor } from '#domain'
import type { ChangePorts } from '../src/changes/change-pages.ts'

const housing = { person: 'a', department: 'housing', role: 'officer' } as Actor
const auditor = { person: 'b', department: 'audit', role: 'auditor' } as Actor
const positionOf = (count: number) => String(count).padStart(16, '0')

/** A store of cases that tests write to, and read models that come to it when tests say so. */
function setUp() {
  const events: StoredEvent[] = []
  const cases = new Map<string, ReadDocument>()
  const state = { shownTo: Infinity, nowMs: 0, subscriptions: 0, failure: null as Error | null, reads: 0 }
  const wakers = new Set<() => void>()
  const head = () => (events.length === 0 ? 'start' : positionOf(events.length))

  async function* subscribe(from: string, { signal }: { signal: AbortSignal }): AsyncGenerator<SubscriptionMessage> {
    state.subscriptions += 1
    try {
      let place = from
      while (!signal.aborted) {
        if (head() === place) {
          await new Promise<void>((resolve) => {
            wakers.add(resolve)
            signal.addEventListener('abort', () => resolve(), { once: true })
          })
          continue
        }
        place = head()
        yield { kind: 'passed', position: place }
      }
    } finally {
      state.subscriptions -= 1
    }
  }
  async function* readStored(from: string, { until }: { until: string }): AsyncGenerator<StoredEvent[]> {
    state.reads += 1
    await Promise.resolve()
    const page = events.filter(({ position }) => (from === 'start' || position > from) && position <= until)
    if (page.length > 0) yield page
  }
  const ports = {
    store: { subscribe, readStored, head: () => Promise.resolve(head()) },
    views: {
      getMany: (_collection: string, ids: string[]) => Promise.resolve(ids.flatMap((id) => cases.get(id) ?? [])),
    },
    reached: async (_projection: string, token: string) => {
      if (state.failure) throw state.failure
      await turn()
      return Number(token) <= state.shownTo
    },
  } as unknown as ChangePorts
  const write = (id: string, visibleTo: string[]) => {
    cases.set(id, { id, number: `2026-${id}`, visibleTo })
    const position = positionOf(events.length + 1)
    const metadata = { caseId: id }
    events.push({
      position,
      stream: `case-${id}`,
      type: 'CaseReminded',
      revision: events.length,
      metadata,
    } as StoredEvent)
    for (const wake of wakers) wake()
    wakers.clear()
    return position
  }
  return { feed: new ChangeFeed(ports, () => state.nowMs), state, write, cases }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Takes pages until one tells of something. */
async function next(pages: AsyncGenerator<ShownChanges, void>): Promise<string[]> {
  for (;;) {
    const { value } = await pages.next()
    if (!value || value.changes.length > 0) return (value?.changes ?? []).map(({ position }) => position)
  }
}

test('nothing is told before the read models tell of it', async () => {
  const { feed, state, write } = setUp()
  state.shownTo = 0
  const pages = feed.follow(auditor, null, AbortSignal.timeout(5_000))
  await pages.next()
  const position = write('1', ['county'])
  const told = next(pages)
  let isTold = false
  void told.then(() => (isTold = true))
  for (let turns = 0; turns < 20; turns += 1) await turn()
  expect(isTold).toBe(false)
  state.shownTo = 1
  expect(await told).toEqual([position])
  await pages.return()
})

test('who followed elsewhere, and knows more than is known here yet, goes on from there when it is', async () => {
  const { feed, state, write } = setUp()
  state.shownTo = 0
  const signal = AbortSignal.timeout(5_000)
  const behind = feed.follow(auditor, null, signal)
  await behind.next()
  const known = write('1', ['county'])
  await turn()
  const resumed = feed.follow(auditor, known, signal)
  expect((await resumed.next()).value).toEqual({ changes: [], position: known })
  const position = write('2', ['county'])
  state.shownTo = 2
  expect(await next(resumed)).toEqual([position])
  await expect(feed.follow(auditor, positionOf(9), signal).next()).rejects.toMatchObject({ code: 'CURSOR_INVALID' })
  await behind.return()
  await resumed.return()
})

test('the store is followed once for all, and only while somebody follows', async () => {
  const { feed, state, write } = setUp()
  write('1', ['county'])
  const signal = AbortSignal.timeout(5_000)
  const [one, two] = [feed.follow(auditor, null, signal), feed.follow(housing, null, signal)]
  await one.next()
  await two.next()
  await turn()
  expect(state.subscriptions).toBe(1)
  await one.return()
  expect(state.subscriptions).toBe(1)
  await two.return()
  expect(state.subscriptions).toBe(0)

  const again = feed.follow(auditor, positionOf(1), signal)
  await again.next()
  const position = write('2', ['county'])
  expect(await next(again)).toEqual([position])
  await again.return()
  expect(state.subscriptions).toBe(0)
})

test('who comes back late is shown what they may see now: not what they might have seen then', async () => {
  const { feed, write, cases } = setUp()
  const first = write('1', ['county', 'department:housing'])
  const second = write('2', ['county', 'department:housing'])
  cases.set('1', { ...cases.get('1')!, visibleTo: ['county'] })
  const signal = AbortSignal.timeout(5_000)
  const pages = feed.follow(housing, '0000000000000000', signal)
  expect(await next(pages)).toEqual([second])
  await pages.return()
  const all = feed.follow(auditor, '0000000000000000', signal)
  expect(await next(all)).toEqual([first, second])
  await all.return()
})

test('who was slow for longer than who may see what is remembered is looked up anew', async () => {
  const { feed, state, write, cases } = setUp()
  write('0', ['county'])
  const signal = AbortSignal.timeout(5_000)
  const [slow, quick] = [feed.follow(housing, null, signal), feed.follow(auditor, null, signal)]
  await slow.next()
  await quick.next()
  const position = write('1', ['county', 'department:housing'])
  expect(await next(quick)).toEqual([position])
  // Meanwhile the case turns out to accuse housing, which has not come for more yet.
  cases.set('1', { ...cases.get('1')!, visibleTo: ['county'] })
  state.nowMs += 11_000
  const later = write('2', ['county', 'department:housing'])
  expect(await next(quick)).toEqual([later])
  expect(await next(slow)).toEqual([later])
  await slow.return()
  await quick.return()
})

test('the number of a case is shown only to those who may see the case', async () => {
  const { feed, write, cases } = setUp()
  write('1', ['county'])
  const signal = AbortSignal.timeout(5_000)
  const pages = feed.follow(housing, null, signal)
  await pages.next()
  write('2', ['county', 'department:housing'])
  const { value } = await pages.next()
  expect(value!.changes).toEqual([expect.objectContaining({ id: '2', number: '2026-2' })])
  expect(cases.size).toBe(2)
  await pages.return()
})

test('where the read models are no longer kept everybody is told, and may come back later', async () => {
  const { feed, state, write } = setUp()
  write('1', ['county'])
  const signal = AbortSignal.timeout(5_000)
  const pages = feed.follow(auditor, null, signal)
  await pages.next()
  state.failure = new Error('the projector has stopped')
  write('2', ['county'])
  await expect(next(pages)).rejects.toThrow('the projector has stopped')
  expect(state.subscriptions).toBe(0)
  state.failure = null
  const again = feed.follow(auditor, positionOf(1), signal)
  expect(await next(again)).toEqual([positionOf(2)])
  await again.return()
})

test('ends when its signal aborts, also while nothing happens', async () => {
  const { feed, state, write } = setUp()
  write('1', ['county'])
  const abort = new AbortController()
  const pages = feed.follow(auditor, null, abort.signal)
  await pages.next()
  const more = pages.next()
  await turn()
  abort.abort()
  expect(await more).toEqual({ done: true, value: undefined })
  expect(state.subscriptions).toBe(0)
})
