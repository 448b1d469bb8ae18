import { evolveItem } from '#domain'
import type { BrokerArrival, ItemContent, ItemEvent } from '#domain'
import { describe, expect, test } from 'vitest'
import { NOW } from '../support/context.ts'
import {
  byChannel,
  byPolicy,
  decide,
  delivery,
  erased,
  given,
  observed,
  quarantined,
  received,
  revised,
  seen,
  stateAfter,
} from './support.ts'

const HALF_AN_HOUR_LATER = '2026-03-02T06:30:00.000Z'
const AN_HOUR_LATER = '2026-03-02T07:00:00.000Z'
const TWO_HOURS_LATER = '2026-03-02T08:00:00.000Z'

describe('receiving an item', () => {
  test('it is kept as it came', () => {
    given().when('ReceiveItem', delivery(), byChannel()).thenEvents(received())
  })
  test('the same content again gives nothing, however it comes', () => {
    given(received()).when('ReceiveItem', delivery(), byChannel()).thenNothing()
    const imported = {
      ...delivery(),
      origin: 'history' as const,
      arrival: { kind: 'import' as const, run: 'a', row: 1 },
    }
    given(received()).when('ReceiveItem', imported, byPolicy()).thenNothing()
  })
  test('other content under the same id is a revision; nothing is overwritten', () => {
    const changes = { content: '城东路坑洼已一年' }
    given(received())
      .when('ReceiveItem', delivery(changes), byChannel())
      .thenEvents(revised(2, {}, changes))
    expect(stateAfter([received(), revised(2, {}, changes)])).toMatchObject({ contentRevision: 2 })
  })
  test('going back to the first content is a revision too', () => {
    const changes = { title: '城东路' }
    given(received(), revised(2, {}, changes))
      .when('ReceiveItem', delivery(), byChannel())
      .thenEvents(revised(3, changes, {}))
  })
  test('an opinion item discovered again is not another item', () => {
    given(received())
      .when('ReceiveItem', delivery({ receivedAt: AN_HOUR_LATER }), byChannel())
      .thenNothing()
  })
  test('a message whose time of receipt was corrected is revised', () => {
    const message = { kind: 'message' as const }
    const corrected = { ...message, receivedAt: '2026-03-01T06:00:00.000Z' }
    given(received(message))
      .when('ReceiveItem', delivery(corrected), byChannel())
      .thenEvents(revised(2, message, corrected))
  })
  test('a message stays a message, whatever a later delivery calls it', () => {
    given(received({ kind: 'message' }))
      .when('ReceiveItem', delivery({ kind: 'opinion' }), byChannel())
      .thenNothing()
  })
  test('a title without content will do, and content without a title', () => {
    given()
      .when('ReceiveItem', delivery({ title: '' }), byChannel())
      .thenEvents(received({ title: '' }))
    given()
      .when('ReceiveItem', delivery({ content: '' }), byChannel())
      .thenEvents(received({ content: '' }))
  })
  test('but not neither', () => {
    given()
      .when('ReceiveItem', delivery({ title: ' ', content: '\n' }), byChannel())
      .thenRefused('ITEM_EMPTY')
  })
  test('the channel must be known and active', () => {
    given()
      .when('ReceiveItem', { ...delivery(), channelId: 'nowhere' }, byChannel())
      .thenRefused('UNKNOWN_CHANNEL')
    given()
      .when('ReceiveItem', { ...delivery(), channelId: 'closed' }, byChannel())
      .thenRefused('UNKNOWN_CHANNEL')
  })
  test('an erased item refuses every further delivery', () => {
    given(received(), erased).when('ReceiveItem', delivery(), byChannel()).thenRefused('ITEM_ERASED')
  })
  test('so does a quarantined one', () => {
    given(received(), quarantined).when('ReceiveItem', delivery(), byChannel()).thenRefused('ITEM_QUARANTINED')
  })
  test('a source that changes its item without end is stopped before the stream is full', () => {
    const changes = Array.from({ length: 4_499 }, (_, at) => revised(at + 2, {}, { title: `第${at}版` }))
    given(received(), ...changes)
      .when('ReceiveItem', delivery({ title: '又一版' }), byChannel())
      .thenRefused('STREAM_NEARLY_FULL')
  })
  test('delivered again with more reach, it is observed', () => {
    given(received({}, seen(100)))
      .when('ReceiveItem', delivery({}, seen(120)), byChannel(AN_HOUR_LATER))
      .thenEvents(observed(seen(120), AN_HOUR_LATER))
  })
})

describe('observing reach', () => {
  test('the first sight is kept at once', () => {
    given(received())
      .when('ObserveReach', { reach: seen(10), observedAt: NOW }, byPolicy())
      .thenEvents(observed(seen(10), NOW))
  })
  test('later ones when a measure grew by a fifth', () => {
    const before = [received(), observed(seen(100), NOW)]
    given(...before)
      .when('ObserveReach', { reach: seen(119), observedAt: AN_HOUR_LATER }, byPolicy())
      .thenNothing()
    given(...before)
      .when('ObserveReach', { reach: seen(120), observedAt: AN_HOUR_LATER }, byPolicy())
      .thenEvents(observed(seen(120), AN_HOUR_LATER))
  })
  test('at most once an hour', () => {
    given(received(), observed(seen(100), NOW))
      .when('ObserveReach', { reach: seen(900), observedAt: HALF_AN_HOUR_LATER }, byPolicy())
      .thenNothing()
  })
  test('one that arrives late tells nothing new', () => {
    given(received(), observed(seen(100), TWO_HOURS_LATER))
      .when('ObserveReach', { reach: seen(200), observedAt: NOW }, byPolicy())
      .thenNothing()
  })
  test('shrinking, or saying nothing, is no growth', () => {
    const nothingSaid = { views: null, reposts: null, comments: null, likes: null }
    for (const reach of [seen(50), nothingSaid]) {
      given(received(), observed(seen(100), NOW))
        .when('ObserveReach', { reach, observedAt: TWO_HOURS_LATER }, byPolicy())
        .thenNothing()
    }
  })
  test('a measure that was not given before is growth', () => {
    const withLikes = { ...seen(100), likes: 1 }
    given(received(), observed(seen(100), NOW))
      .when('ObserveReach', { reach: withLikes, observedAt: AN_HOUR_LATER }, byPolicy())
      .thenEvents(observed(withLikes, AN_HOUR_LATER))
  })
  test('what was never received, was erased or quarantined is not observed', () => {
    const command = { reach: seen(1), observedAt: NOW }
    given().when('ObserveReach', command, byPolicy()).thenRefused('NOT_FOUND')
    given(received(), erased).when('ObserveReach', command, byPolicy()).thenRefused('ITEM_ERASED')
    given(received(), quarantined).when('ObserveReach', command, byPolicy()).thenRefused('ITEM_QUARANTINED')
  })
  test('an item watched every hour for a year stays far under the bound of a stream', () => {
    let state = stateAfter([received()])
    for (let hour = 0; hour < 365 * 24; hour++) {
      const observedAt = new Date(Date.parse(NOW) + hour * 3_600_000).toISOString()
      const decision = decide('ObserveReach', { reach: seen(Math.floor(hour ** 2)), observedAt }, state, byPolicy())
      if (decision.outcome === 'accepted') state = decision.events.reduce(evolveItem, state)
    }
    expect(state).toMatchObject({ events: expect.toSatisfy((events: number) => events > 50 && events < 500) })
  })
})

describe('messages of a broker, which delivers at least once', () => {
  const place = { kind: 'broker' as const, partition: 1, offset: '100', sentAt: NOW }
  const arriving = (changes: Partial<ItemContent>, at: Partial<BrokerArrival> = {}) => ({
    ...delivery(changes),
    arrival: { ...place, ...at },
  })
  const kept = (): ItemEvent => {
    const event = received()
    return { ...event, data: { ...event.data, arrival: place } } as ItemEvent
  }
  const other = { title: '城东路' }

  test('one that was sent before the newest that said something new says nothing any more', () => {
    given(kept())
      .when('ReceiveItem', arriving(other, { offset: '99' }), byPolicy())
      .thenNothing()
  })
  test('offsets are numbers, not texts', () => {
    given(kept())
      .when('ReceiveItem', arriving(other, { offset: '1000' }), byPolicy())
      .thenEvents({ type: 'ItemRevised', data: expect.anything() })
  })
  test('an earlier offset with a later time is of a topic that was made anew', () => {
    given(kept())
      .when('ReceiveItem', arriving(other, { offset: '2', sentAt: AN_HOUR_LATER }), byPolicy())
      .thenEvents({ type: 'ItemRevised', data: expect.anything() })
  })
  test('a later offset counts whatever its sender’s clock says', () => {
    given(kept())
      .when('ReceiveItem', arriving(other, { offset: '101', sentAt: '2026-03-01T06:00:00.000Z' }), byPolicy())
      .thenEvents({ type: 'ItemRevised', data: expect.anything() })
  })
  test('partitions say nothing about each other', () => {
    given(kept())
      .when('ReceiveItem', arriving(other, { partition: 2, offset: '1' }), byPolicy())
      .thenEvents({ type: 'ItemRevised', data: expect.anything() })
  })
  test('a revision moves the place on', () => {
    const event = revised(2, {}, other)
    const moved = { ...event, data: { ...event.data, arrival: { ...place, offset: '120' } } } as ItemEvent
    given(kept(), moved)
      .when('ReceiveItem', arriving({}, { offset: '110' }), byPolicy())
      .thenNothing()
  })
  test('only a policy can say that it came so', () => {
    given().when('ReceiveItem', arriving({}), byChannel()).thenRefused('ROLE_NOT_ALLOWED')
  })
})
