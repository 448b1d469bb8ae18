import type { ItemEvent, StoredFile } from '#domain'
import { describe, expect, test } from 'vitest'
import { contextOf, digestOf, NOW, person, uuidOf } from '../support/context.ts'
import { byPolicy, content, erased, given, quarantined, received, settings as others } from './support.ts'

const window = { id: 'window', name: '窗口', kind: 'message' as const, active: true }
const monitoring = { id: 'monitoring', name: '舆情监测', kind: 'opinion' as const, active: true }
const platform = { id: 'governor-suggestions', name: '我向省长建言', kind: 'message' as const, active: true }
const key = { channelId: platform.id, keyId: uuidOf('key'), validFrom: NOW, validUntil: null, revoked: false }
const hall = { id: 'service-hall', name: '政务服务大厅', active: true }
const settings = {
  ...others,
  departments: new Map([[hall.id, hall]]),
  channels: new Map([window, monitoring, platform].map((channel) => [channel.id, channel])),
  channelKeys: new Map([[platform.id, [key]]]),
}
const clerk = contextOf({ actor: person('monitor', 'service-hall'), settings })

const registration = {
  channelId: 'window',
  externalId: 'registered-1',
  kind: 'message' as const,
  title: '身份证丢了怎么补办',
  content: '老人身份证丢失，问在哪里补办、要带什么。',
  author: { name: '张某', contact: '13800000000' },
  wish: 'private' as const,
  place: '城东街道',
  type: 'consultation' as const,
  caller: '张某之女',
  consent: null,
  recording: null,
  answer: null,
}
const kept = {
  kind: 'message' as const,
  receivedAt: NOW,
  title: registration.title,
  content: registration.content,
  author: registration.author,
  wish: registration.wish,
  place: registration.place,
  address: null,
  attachments: [],
  workOrder: null,
  sourceDepartment: null,
  sourceType: '咨询',
}
const registered: ItemEvent = {
  type: 'ItemReceived',
  data: {
    channelId: 'window',
    externalId: 'registered-1',
    origin: 'live',
    ...kept,
    reach: null,
    arrival: { kind: 'registered', caller: '张某之女', consent: null, recording: null },
    fingerprint: digestOf(kept),
  },
}
const recording: StoredFile = {
  blobId: uuidOf('recording'),
  digest: 'a'.repeat(64),
  name: '录音.mp3',
  mediaType: 'audio/mpeg',
  sizeBytes: 1,
}
const answer = { subject: null, text: '请带户口簿到任一派出所户籍窗口补办。', means: 'in-person' as const }

describe('registering by hand what was brought by phone, at the window, on a visit', () => {
  test('keeps it as it was heard, who called for whom, and what type it is', () => {
    given().when('RegisterItem', registration, clerk).thenEvents(registered)
  })
  test('counts from when it was heard, which is not after now', () => {
    const heard = '2026-03-01T02:00:00.000Z'
    const { decision } = given().when('RegisterItem', registration, { ...clerk, occurredAt: heard })
    expect(decision).toMatchObject({ events: [{ data: { receivedAt: heard } }] })
    given()
      .when('RegisterItem', registration, { ...clerk, occurredAt: '2026-03-02T06:00:00.001Z' })
      .thenRefused('RECEIVED_IN_FUTURE')
  })
  test('twice gives one', () => {
    given(registered).when('RegisterItem', registration, clerk).thenNothing()
  })
  test('delivered again by a channel under its id, the same gives nothing', () => {
    const { channelId, externalId } = registration
    given(registered)
      .when(
        'ReceiveItem',
        { channelId, externalId, origin: 'live', content: kept, reach: null, arrival: { kind: 'feed' } },
        byPolicy(),
      )
      .thenNothing()
  })
  test('needs a title or a content', () => {
    given()
      .when('RegisterItem', { ...registration, title: ' ', content: '' }, clerk)
      .thenRefused('ITEM_EMPTY')
  })
  test('is for channels that have no ids of their own', () => {
    for (const channelId of ['governor-suggestions', 'monitoring']) {
      given()
        .when('RegisterItem', { ...registration, channelId }, clerk)
        .thenRefused('CHANNEL_NOT_BY_HAND')
    }
    given()
      .when('RegisterItem', { ...registration, channelId: 'nowhere' }, clerk)
      .thenRefused('UNKNOWN_CHANNEL')
    const revoked = new Map([[platform.id, [{ ...key, revoked: true }]]])
    given()
      .when(
        'RegisterItem',
        { ...registration, channelId: platform.id },
        { ...clerk, settings: { ...settings, channelKeys: revoked } },
      )
      .thenEvents({ type: 'ItemReceived', data: expect.objectContaining({ channelId: platform.id }) })
  })
  test('a recording is kept only of who agreed to it', () => {
    for (const consent of [null, false]) {
      given()
        .when('RegisterItem', { ...registration, recording, consent }, clerk)
        .thenRefused('RECORDING_WITHOUT_CONSENT')
    }
    given()
      .when('RegisterItem', { ...registration, recording, consent: true }, clerk)
      .thenEvents({ type: 'ItemReceived', data: expect.anything() })
  })
  test('what was erased or quarantined stays so', () => {
    given(received(), erased).when('RegisterItem', registration, clerk).thenRefused('ITEM_ERASED')
    given(received(content), quarantined).when('RegisterItem', registration, clerk).thenRefused('ITEM_QUARANTINED')
  })
})

describe('answered at once', () => {
  test('a question is taken as any other; its answer is no content of it', () => {
    given()
      .when('RegisterItem', { ...registration, answer }, clerk)
      .thenEvents(registered)
  })
  test('is refused before anything is written where that may not be', () => {
    for (const type of ['report', 'complaint', 'help', null] as const) {
      given()
        .when('RegisterItem', { ...registration, answer, type }, clerk)
        .thenRefused('ON_THE_SPOT_ONLY_CONSULTATION')
    }
    const rule = { version: 2, roles: ['officer' as const], means: ['phone' as const] }
    given()
      .when('RegisterItem', { ...registration, answer }, { ...clerk, settings: { ...settings, onTheSpot: rule } })
      .thenRefused('ON_THE_SPOT_NOT_ALLOWED')
    given()
      .when('RegisterItem', { ...registration, answer }, { ...clerk, actor: person('monitor', 'closed-down') })
      .thenRefused('UNKNOWN_DEPARTMENT')
  })
})
