import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ListFeeds, ListItems } from '#application'
import type { FeedPoll, PageReply } from '#application'
import { openReadStoreWriter } from '#read-store'
import { storedFeedProgress } from '../../apps/ingest/src/feed-progress.ts'
import { County, staff } from '../support/county.ts'
import { Feeds, rss } from '../support/feeds.ts'
import type { Entry } from '../support/feeds.ts'

const asker = 'operator'
const ADDRESS = 'https://bbs.example.cn/rss.xml'

let county: County
let feeds: Feeds
/** Each test has a channel of its own. */
let channel = ''
let tests = 0
beforeAll(async () => {
  county = await County.open('2026-03-02 09:00')
})
afterAll(() => county.close())
beforeEach(async () => {
  channel = `forum-${(tests += 1)}`
  const defined = { id: channel, name: '论坛', kind: 'opinion', active: true }
  await county.give('DefineChannel', null, { channel: defined, reason: null }, staff.administrator)
  feeds = new Feeds(county)
})
afterEach(async () => {
  for (const feed of county.huiying.application.settings.current.feeds.values()) {
    if (!feed.active) continue
    await county.give('DefineFeed', null, { feed: { ...feed, active: false }, reason: null }, staff.administrator)
  }
})
const define = (given: Record<string, unknown> = {}) => feeds.define(channel, ADDRESS, { channelId: channel, ...given })

const serve = (...entries: Entry[]) => feeds.site.serve(ADDRESS, rss(...entries))
const post = (number: number, changes: Partial<Entry> = {}): Entry => ({
  id: `t-${number}`,
  title: `城东路坑洼 ${number}`,
  link: `https://bbs.example.cn/t/${number}`,
  content: '<p>坑洼<b>半年</b></p>',
  ...changes,
})
const read = (taken: number, revised = 0, unchanged = 0, refused = 0): FeedPoll => ({
  feedId: channel,
  outcome: 'read',
  taken,
  revised,
  unchanged,
  refused,
})
const failed = (fault: string): FeedPoll => ({ feedId: channel, outcome: 'failed', fault })
async function items() {
  await county.huiying.settled()
  return (await county.huiying.query(new ListItems({ asker, channel, limit: 200 }))).documents
}
const failures = () => county.types(`intake-${channel}-feed-${channel}`)
const feedDocument = async () => {
  await county.huiying.settled()
  const { documents } = await county.huiying.query(new ListFeeds({ asker, limit: 200 }))
  return documents.find(({ id }) => id === channel)
}

describe('a feed', () => {
  beforeEach(() => define())

  test('brings its posts as items that were discovered now, the oldest first, in plain text', async () => {
    serve(post(2, { date: 'Mon, 02 Mar 2026 08:00:00 +0800' }), post(1, { date: 'Sun, 01 Mar 2026 08:00:00 +0800' }))
    expect(await feeds.poll()).toEqual([read(2)])
    const [newest, oldest] = await items()
    expect(newest).toMatchObject({ channel, kind: 'opinion' })
    const events = await county.events(`item-${oldest!.id}`)
    expect(events).toMatchObject([
      {
        type: 'ItemReceived',
        data: {
          kind: 'opinion',
          content: '坑洼半年',
          address: expect.stringMatching(/^https:\/\/bbs\.example\.cn\/t\/\d$/),
          receivedAt: county.clock.instant,
          arrival: { kind: 'feed' },
        },
        metadata: { actor: { policy: 'feed' } },
      },
    ])
  })

  test('is asked only for what has changed, and brings nothing twice', async () => {
    feeds.site.serve(ADDRESS, rss(post(1)), { etag: '"1"', 'last-modified': 'Mon, 02 Mar 2026 01:00:00 GMT' })
    expect(await feeds.poll()).toEqual([read(1)])
    expect(await feeds.poll()).toEqual([{ feedId: channel, outcome: 'not-modified' }])
    expect(feeds.site.asked.map(({ headers }) => headers?.['if-none-match'])).toEqual([undefined, '"1"'])
    expect(feeds.site.asked[1]).toMatchObject({
      address: ADDRESS,
      hosts: 'any-public',
      headers: { 'if-modified-since': 'Mon, 02 Mar 2026 01:00:00 GMT' },
    })
    const { events } = await county.extent()
    serve(post(1))
    expect(await feeds.poll()).toEqual([read(0)])
    expect((await county.extent()).events).toBe(events)
  })

  test('known or forgotten, what it brought is there once', async () => {
    serve(post(1), post(2))
    await feeds.poll()
    feeds.restart()
    expect(await feeds.poll()).toEqual([read(0)])
    feeds.restart({ forgetting: true })
    expect(await feeds.poll()).toEqual([read(0, 0, 2)])
    expect(await items()).toHaveLength(2)
  })

  test('is looked at when it is due and not before, again after a restart', async () => {
    serve(post(1))
    await feeds.poll()
    expect(await feeds.poll(10)).toEqual([])
    feeds.restart()
    expect(await feeds.poll(4)).toEqual([])
    expect(await feeds.poll(1)).toHaveLength(1)
    await define({ active: false })
    expect(await feeds.poll()).toEqual([])
  })

  test('a clock set back by a year does not make it wait that long', async () => {
    serve(post(1))
    await feeds.poll()
    const before = county.clock.now()
    county.clock.moveTo('2025-03-02 09:00')
    expect(await feeds.poll()).toHaveLength(1)
    county.clock.advance(before - county.clock.now())
  })

  test('a post that changes is revised; one that changes at every look, no oftener than once an hour', async () => {
    serve(post(1))
    await feeds.poll(0)
    await feeds.poll(20)
    const outcomes: FeedPoll[] = []
    for (let look = 0; look < 12; look += 1) {
      feeds.site.serve(ADDRESS, rss(post(1, { content: `浏览 ${look}` })), { etag: `"${look}"` })
      outcomes.push(...(await feeds.poll(20)))
    }
    const revised = outcomes.filter((poll) => poll.outcome === 'read' && poll.revised === 1)
    expect(outcomes).toHaveLength(12)
    expect(revised.length).toBeGreaterThanOrEqual(3)
    expect(revised.length).toBeLessThanOrEqual(5)
    // What was held back comes with a later look although the site says that nothing changed since.
    feeds.site.serve(ADDRESS, rss(post(1, { content: '最后' })), { etag: '"last"' })
    for (let look = 0; look < 4; look += 1) await feeds.poll(20)
    const [item] = await items()
    expect((await county.events(`item-${item!.id}`)).at(-1)!.data).toMatchObject({ content: '最后' })
  })

  test('that gives its posts other ids at every look brings them once', async () => {
    for (let look = 0; look < 3; look += 1) {
      serve(...[1, 2, 3].map((number) => post(number, { id: `session-${look}-${number}` })))
      expect(await feeds.poll()).toEqual([read(look === 0 ? 3 : 0)])
      feeds.restart()
    }
    expect(await items()).toHaveLength(3)
  })

  test('that gives its posts other addresses at every look brings them once, and the new address with them', async () => {
    serve(post(1))
    await feeds.poll()
    serve(post(1, { link: 'https://www.example.cn/t/1' }))
    expect(await feeds.poll(70)).toEqual([read(0, 1)])
    expect(await items()).toHaveLength(1)
  })

  test('whose posts all point at one page are told apart by their ids; without ids, by their words', async () => {
    const link = 'https://bbs.example.cn/'
    serve(post(1, { link }), post(2, { link }))
    expect(await feeds.poll()).toEqual([read(2)])
    serve(...[1, 2].map((number) => ({ title: `无编号 ${number}`, content: '正文' })))
    expect(await feeds.poll()).toEqual([read(2)])
    expect(await feeds.poll()).toEqual([read(0)])
  })

  test('that repeats a post in one document brings it once', async () => {
    serve(post(1), post(1), post(1, { content: '另一稿' }))
    expect(await feeds.poll()).toEqual([read(1)])
  })

  test('shares posts with another feed of its channel by their address', async () => {
    const other = 'https://bbs.example.cn/hot.xml'
    await feeds.define(`${channel}-hot`, other, { channelId: channel })
    const [one] = [post(1)].map(({ id: _id, ...rest }) => rest)
    serve(one!)
    feeds.site.serve(other, rss(one!))
    const polls = await feeds.poll()
    expect(polls.map((poll) => poll.outcome === 'read' && poll.taken + poll.unchanged)).toEqual([1, 1])
    expect(await items()).toHaveLength(1)
  })

  test('scripts and markup come as no more than words', async () => {
    serve(post(1, { title: '<script>x</script>标题', content: '<script>alert(1)</script>正文<img src=x onerror=y>' }))
    await feeds.poll()
    expect(await items()).toMatchObject([{ title: '标题' }])
  })

  test('an erased item does not come back', async () => {
    serve(post(1))
    await feeds.poll()
    const [item] = await items()
    await county.give(
      'EraseItem',
      item!.id,
      { ground: 'unlawful', basis: '个人信息保护法第四十七条' },
      staff.coordinator,
    )
    serve(post(1, { content: '又来了' }))
    expect(await feeds.poll(70)).toEqual([read(0, 0, 0, 1)])
    feeds.restart({ forgetting: true })
    expect(await feeds.poll(70)).toEqual([read(0, 0, 0, 1)])
  })
})

describe('a feed that cannot be read', () => {
  beforeEach(() => define())

  test.each([
    ['a page of HTML', () => feeds.site.serve(ADDRESS, '<!DOCTYPE html><html><body>404</body></html>'), 'not-a-feed'],
    ['nothing', () => feeds.site.serve(ADDRESS, ''), 'not-a-feed'],
    ['bytes', () => feeds.site.serve(ADDRESS, Uint8Array.of(0, 255, 1)), 'not-a-feed'],
    ['an error', () => feeds.site.serve(ADDRESS, '', {}, 502), 'status-502'],
    ['more than is taken', () => feeds.site.serve(ADDRESS, new Uint8Array(5 * 1024 * 1024 + 1)), 'too-large'],
    ['an unknown host', () => feeds.site.pages.clear(), 'host-unknown'],
  ])('because it is %s is tried again later, each time after longer', async (_what, breaks, fault) => {
    breaks()
    expect(await feeds.poll()).toEqual([failed(fault)])
    expect(await feeds.poll(29)).toEqual([])
    expect(await feeds.poll(1)).toEqual([failed(fault)])
    feeds.restart()
    expect(await feeds.poll(59)).toEqual([])
    expect(await feeds.poll(1)).toEqual([failed(fault)])
    serve(post(1))
    expect(await feeds.poll(6 * 60)).toEqual([read(1)])
    expect(await feeds.poll(15)).toEqual([read(0)])
  })

  test('because it never ends is broken off, though its fetcher does not heed that', async () => {
    feeds.site.pages.set(ADDRESS, () => new Promise<PageReply>(() => {}))
    const polling = feeds.poll()
    await expect.poll(() => feeds.site.asked.length).toBe(1)
    expect(feeds.site.asked[0]!.signal!.aborted).toBe(false)
    feeds.timeOut()
    expect(feeds.site.asked[0]!.signal!.aborted).toBe(true)
    expect(await polling).toEqual([failed('timeout')])
  })

  test('because the process ends is left as it was', async () => {
    feeds.site.pages.set(ADDRESS, () => new Promise<PageReply>(() => {}))
    const polling = feeds.poll()
    await expect.poll(() => feeds.site.asked.length).toBe(1)
    await feeds.poller.stop()
    expect(await polling).toEqual([])
    expect(feeds.faults).toEqual([])
    // As a fetcher that heeds its signal does.
    feeds.restart()
    feeds.site.pages.set(ADDRESS, () => {
      const { signal } = feeds.site.asked.at(-1)!
      return new Promise<PageReply>((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason as Error))
      })
    })
    const again = feeds.poll()
    await expect.poll(() => feeds.site.asked.length).toBe(2)
    await feeds.poller.stop()
    expect(await again).toEqual([])
    expect(feeds.faults).toEqual([])
    feeds.restart()
    serve(post(1))
    expect(await feeds.poll(1)).toEqual([read(1)])
  })

  test('because of a fault of ours is told of and tried again, and no other feed waits for it', async () => {
    const other = 'https://other.example.cn/rss'
    await feeds.define(`${channel}-other`, other, { channelId: channel })
    feeds.site.pages.set(ADDRESS, () => Promise.reject(new Error('out of memory')))
    feeds.site.serve(other, rss(post(9)))
    const polls = await feeds.poll()
    expect(polls).toContainEqual(failed('fault-of-ours'))
    expect(polls).toContainEqual({ ...read(1), feedId: `${channel}-other` })
    expect(feeds.faults).toMatchObject([{ message: 'out of memory' }])
    expect(await feeds.poll(16)).toMatchObject([{ feedId: `${channel}-other` }])
  })

  test('keeps away as long as its site asks', async () => {
    feeds.site.serve(ADDRESS, '', { 'retry-after': '7200' }, 503)
    await feeds.poll()
    expect(await feeds.poll(119)).toEqual([])
    expect(await feeds.poll(1)).toEqual([failed('status-503')])
  })

  test('is said to fail once after six hours, whatever restarts, and once to be well again', async () => {
    for (let hour = 0; hour < 30; hour += 1) {
      await feeds.poll(61)
      feeds.restart({ forgetting: hour === 20 })
    }
    expect(await failures()).toEqual(['FeedFailed'])
    expect(await feedDocument()).toMatchObject({ id: channel, failing: { fault: 'host-unknown' } })
    serve(post(1))
    await feeds.poll(7 * 60)
    await feeds.poll(7 * 60)
    expect(await failures()).toEqual(['FeedFailed', 'FeedRecovered'])
    expect(await feedDocument()).toMatchObject({ id: channel, failing: null })
  })

  test('and is well again before anybody knew leaves no trace', async () => {
    await feeds.poll()
    serve(post(1))
    await feeds.poll(70)
    expect(await failures()).toEqual([])
  })
})

test('many feeds are looked at four at a time', async () => {
  let open = 0
  let most = 0
  for (let at = 0; at < 12; at += 1) {
    const address = `https://site-${at}.example.cn/rss`
    await feeds.define(`${channel}-${at}`, address, { channelId: channel })
    feeds.site.pages.set(address, async () => {
      most = Math.max(most, (open += 1))
      await new Promise((resolve) => setImmediate(resolve))
      open -= 1
      const body = Buffer.from(rss(post(at)))
      return { outcome: 'fetched', status: 200, address, mediaType: '', charset: '', body, headers: {} }
    })
  }
  expect(await feeds.poll()).toHaveLength(12)
  expect(most).toBe(4)
})

describe('how far feeds have been read', () => {
  test('is kept on disk, written again however little happened meanwhile, and not believed of a store that was set back', async () => {
    const state = {
      address: ADDRESS,
      etag: null,
      lastModified: null,
      failures: 0,
      failingSince: null,
      dueAtMs: 1,
      entries: {},
    }
    const at = `sqlite:${join(county.folder, 'feeds.db')}`
    const now = () => county.clock.instant
    let writer = await openReadStoreWriter(at)
    const progress = await storedFeedProgress({ writer, head: () => Promise.resolve('0000000000000007'), now })
    expect(await progress.load('forum')).toBeNull()
    for (const dueAtMs of [1, 2, 3]) await progress.save('forum', { ...state, dueAtMs })
    await writer.close()

    writer = await openReadStoreWriter(at)
    try {
      const again = await storedFeedProgress({ writer, head: () => Promise.resolve('0000000000000007'), now })
      expect(await again.load('forum')).toEqual({ ...state, dueAtMs: 3 })
      const setBack = await storedFeedProgress({ writer, head: () => Promise.resolve('0000000000000006'), now })
      expect(await setBack.load('forum')).toBeNull()
    } finally {
      await writer.close()
    }
  })
})
