import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CommandOutcome, WebhookAnswer } from '#application'
import type { RecordedEvent } from '#event-store'
import { County, staff } from '../support/county.ts'
import { outcomesOf, Sender, sentItem } from '../support/sender.ts'
import { readEvents } from './folder.ts'
import type { TakeIn } from './load/take-in.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = join(ROOT, 'dist/test/crash/load/take-in.js')
const ANSWER_BYTES_MAX = 16 * 1024 * 1024

let county: County
let sender: Sender
/** Each kill finds the store as the one before left it. */
beforeAll(async () => {
  county = await County.open('2026-03-02 09:00')
  sender = await Sender.of(county, 'governor-suggestions')
  await county.huiying.close()
})
afterAll(() => county.close())

/** What it answered; null where it was killed. */
async function run<Answer>(take: TakeIn['take'], appendsMax: number | null): Promise<Answer | null> {
  const task: TakeIn = { folder: county.folder, nowMs: county.clock.now(), appendsMax, take }
  try {
    const { stdout } = await promisify(execFile)(join(ROOT, 'node_modules/.bin/node'), [MAIN, JSON.stringify(task)], {
      maxBuffer: ANSWER_BYTES_MAX,
    })
    return JSON.parse(stdout) as Answer
  } catch (error) {
    if (error instanceof Error && 'signal' in error && error.signal === 'SIGKILL') return null
    throw error
  }
}

const ofType = (events: readonly RecordedEvent[], type: string) => events.filter((event) => event.type === type)

test('a delivery of 300 items killed again and again is taken in once when it is delivered again', async () => {
  const items = Array.from({ length: 300 }, (_, at) => sentItem(`killed-${at}`, at % 10 === 3 ? { wish: '公开' } : {}))
  const { headers, body } = sender.sign({ items })
  const take: TakeIn['take'] = {
    kind: 'delivery',
    channelId: sender.channelId,
    headers: headers as Record<string, string>,
    bodyBase64: Buffer.from(body).toString('base64'),
  }
  // Many appends are one commit: the first kill leaves items without cases, the next ones come among items and cases.
  for (const appends of [1, 1, 40]) {
    expect(await run(take, appends)).toBeNull()
    const left = await readEvents(county.folder)
    expect(ofType(left, 'ItemReceived').length).toBeGreaterThan(0)
    expect(ofType(left, 'DeliveryRecorded')).toEqual([])
  }

  const answer = (await run<WebhookAnswer>(take, null))!
  expect(outcomesOf(answer)).toEqual(items.map((_, at) => (at % 10 === 3 ? 'ITEM_INVALID' : 'taken')))
  const events = await readEvents(county.folder)
  expect(ofType(events, 'ItemReceived')).toHaveLength(270)
  expect(new Set(ofType(events, 'ItemReceived').map(({ stream }) => stream)).size).toBe(270)
  expect(ofType(events, 'CaseOpened')).toHaveLength(270)
  expect(ofType(events, 'ItemRevised')).toEqual([])
  expect(ofType(events, 'DeliveryRecorded')).toHaveLength(1)

  expect(await run<WebhookAnswer>(take, null)).toEqual({ ...answer, repeated: true, token: null })
  expect(await readEvents(county.folder)).toHaveLength(events.length)
}, 120_000)

test('killed after a delivery was recorded and before what it refused was kept, that is kept when it comes again', async () => {
  const { headers, body } = sender.sign({ items: [sentItem('kept', { wish: '公开' }), 7] })
  const take: TakeIn['take'] = {
    kind: 'delivery',
    channelId: sender.channelId,
    headers: headers as Record<string, string>,
    bodyBase64: Buffer.from(body).toString('base64'),
  }
  const kept = async () => ofType(await readEvents(county.folder), 'RowsRefused').length
  const before = await kept()
  expect(await run(take, 1)).toBeNull()
  expect(await kept()).toBe(before)
  expect(await run<WebhookAnswer>(take, null)).toMatchObject({ status: 200, repeated: true, counts: { refused: 2 } })
  expect(await kept()).toBe(before + 1)
  expect(await run<WebhookAnswer>(take, null)).toMatchObject({ status: 200, repeated: true })
  expect(await kept()).toBe(before + 1)
}, 60_000)

test('a registration answered on the spot, killed after each write, is finished by the same request', async () => {
  const request: Extract<TakeIn['take'], { kind: 'command' }>['request'] = {
    command: 'RegisterItem',
    target: null,
    actor: staff.monitor,
    idempotencyKey: 'killed-at-the-window',
    payload: {
      channelId: 'window',
      title: '身份证丢了怎么补办',
      content: '',
      author: { name: null, contact: null },
      wish: null,
      place: null,
      type: 'consultation',
      caller: null,
      consent: null,
      recording: null,
      answer: { subject: null, text: '请带户口簿到任一派出所户籍窗口补办。', means: 'in-person' },
    },
  }
  const before = await readEvents(county.folder)
  const added = async (type: string) =>
    ofType(await readEvents(county.folder), type).length - ofType(before, type).length
  const seen: string[] = []
  for (const appends of [1, 1, 1, 1]) {
    if ((await run({ kind: 'command', request }, appends)) !== null) break
    seen.push(`${await added('ItemReceived')} ${await added('CaseOpened')} ${await added('AnsweredOnTheSpot')}`)
  }
  expect(seen[0]).toBe('1 0 0')
  const outcome = (await run<CommandOutcome>({ kind: 'command', request }, null))!
  expect(outcome).toMatchObject({ outcome: 'accepted' })
  for (const type of ['ItemReceived', 'CaseOpened', 'AnsweredOnTheSpot']) expect(await added(type), type).toBe(1)
}, 120_000)
