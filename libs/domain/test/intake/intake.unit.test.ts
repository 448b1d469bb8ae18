import {
  dayOfRun,
  evolveIntake,
  feedRun,
  initialIntake,
  initialSettings,
  intakeCommands,
  intakeEventFormats,
  REFUSED_ROWS_CHARACTERS_MAX,
  refusedRowOf,
  webhookRun,
} from '#domain'
import type { IntakeEvent, RefusedRow } from '#domain'
import { describe, expect, test } from 'vitest'
import { contextOf, NOW, person, policy } from '../support/context.ts'
import { specification } from '../support/spec.ts'

const { given, stateAfter } = specification({
  initial: initialIntake,
  evolve: evolveIntake,
  formats: intakeEventFormats,
  commands: intakeCommands,
})
const mailbox = { id: 'leaders-mailbox', name: '领导信箱', kind: 'message' as const, active: true }
const settings = { ...initialSettings, channels: new Map([[mailbox.id, mailbox]]) }
const byPolicy = contextOf({ actor: policy, settings })
const monitor = contextOf({ actor: person('monitor', 'monitoring-centre'), settings })

const start = {
  channelId: 'leaders-mailbox',
  source: 'file' as const,
  origin: 'live' as const,
  fileName: '留言.csv',
  fileDigest: null,
  mapping: [{ field: 'externalId', column: '留言编号' }],
}
const started: IntakeEvent = { type: 'ImportStarted', data: start }
const row = (number: number, original: string | null = '8801,王女士'): RefusedRow => ({
  row: number,
  code: 'TIME_INVALID',
  message: '留言时间不是有效时间',
  excerpt: '8801',
  original,
})
const refused = (...rows: RefusedRow[]): IntakeEvent => ({ type: 'RowsRefused', data: { rows } })
const counts = { rows: 10, taken: 7, unchanged: 1, revised: 0, refused: 2, problem: null }
const finished: IntakeEvent = { type: 'ImportFinished', data: counts }
const retried = (outcome: 'taken' | 'refused', attempt = 1): IntakeEvent => ({
  type: 'RefusedRowRetried',
  data: { row: 3, outcome, code: outcome === 'refused' ? 'ID_MISSING' : null, attempt },
})
const dismissed: IntakeEvent = { type: 'RefusedRowDismissed', data: { row: 3, reason: '测试数据' } }
const run = [started, refused(row(3), row(5)), finished]

describe('starting an import run', () => {
  test('keeps which file it was and how its columns were read', () => {
    given().when('StartImport', start, byPolicy).thenEvents(started)
  })
  test('happens once', () => {
    given(started).when('StartImport', start, byPolicy).thenNothing()
  })
  test('the channel must be known', () => {
    given()
      .when('StartImport', { ...start, channelId: 'nowhere' }, byPolicy)
      .thenRefused('UNKNOWN_CHANNEL')
  })
})

describe('recording refused rows', () => {
  test('keeps each with why and as it came, in the order of the file', () => {
    given(started)
      .when('RecordRefusedRows', { rows: [row(5), row(3)] }, byPolicy)
      .thenEvents(refused(row(3), row(5)))
  })
  test('rows recorded already are passed over', () => {
    const before = [started, refused(row(3), row(5))]
    given(...before)
      .when('RecordRefusedRows', { rows: [row(3), row(5)] }, byPolicy)
      .thenNothing()
    given(...before)
      .when('RecordRefusedRows', { rows: [row(5), row(8)] }, byPolicy)
      .thenEvents(refused(row(8)))
  })
  test('the run must have started, and not finished', () => {
    given()
      .when('RecordRefusedRows', { rows: [row(3)] }, byPolicy)
      .thenRefused('IMPORT_NOT_STARTED')
    given(started, finished)
      .when('RecordRefusedRows', { rows: [row(3)] }, byPolicy)
      .thenRefused('IMPORT_FINISHED')
  })
  test('what does not fit one append is refused; one row always fits', () => {
    const long = '长'.repeat(20_000)
    given(started)
      .when('RecordRefusedRows', { rows: [row(1, long), row(2, long), row(3, long)] }, byPolicy)
      .thenRefused('REFUSED_ROWS_TOO_LARGE')
    const longest = { row: 1, code: 'X', message: 'm'.repeat(500), excerpt: 'e'.repeat(300), original: long }
    given(started)
      .when('RecordRefusedRows', { rows: [longest] }, byPolicy)
      .thenEvents(refused(longest))
  })
  test('the largest batch stays below an append’s 512 KiB, sealed and at six bytes a character', () => {
    expect((REFUSED_ROWS_CHARACTERS_MAX * 6 * 4) / 3).toBeLessThan(512 * 1024 - 100 * 200)
  })
  test('a run keeps 200,000 rows and no more', () => {
    const full = Array.from({ length: 2_000 }, (_, at) => refused(row(at + 1)))
    given(started, ...full)
      .when('RecordRefusedRows', { rows: [row(9_999)] }, byPolicy)
      .thenRefused('REFUSED_ROWS_FULL')
  })
})

describe('finishing an import run', () => {
  test('keeps its counts', () => {
    given(started).when('FinishImport', counts, byPolicy).thenEvents(finished)
  })
  test('or the problem that stopped it', () => {
    const stopped = { ...counts, problem: { code: 'ENCODING_UNKNOWN', message: '无法识别编码' } }
    given(started).when('FinishImport', stopped, byPolicy).thenEvents({ type: 'ImportFinished', data: stopped })
  })
  test('happens once', () => {
    given(started, finished).when('FinishImport', counts, byPolicy).thenNothing()
  })
  test('the run must have started', () => {
    given().when('FinishImport', counts, byPolicy).thenRefused('IMPORT_NOT_STARTED')
  })
})

describe('retrying a refused row', () => {
  const retry = { row: 3, attempt: 1, outcome: 'taken' as const, code: null }

  test('taken now, it is settled', () => {
    given(...run)
      .when('RecordRetry', retry, monitor)
      .thenEvents(retried('taken'))
    expect(refusedRowOf(stateAfter([...run, retried('taken')]), 3)).toEqual({ status: 'settled', attempts: 1 })
  })
  test('refused again, it stays open with the new reason', () => {
    given(...run)
      .when('RecordRetry', { ...retry, outcome: 'refused', code: 'ID_MISSING' }, monitor)
      .thenEvents(retried('refused'))
    const state = stateAfter([...run, retried('refused')])
    expect(refusedRowOf(state, 3)).toEqual({ status: 'open', code: 'ID_MISSING', attempts: 1 })
    expect(refusedRowOf(state, 5)).toEqual({ status: 'open', code: 'TIME_INVALID', attempts: 0 })
  })
  test('the same attempt again changes nothing', () => {
    given(...run, retried('taken'))
      .when('RecordRetry', retry, monitor)
      .thenNothing()
  })
  test('the row must have been refused', () => {
    given(...run)
      .when('RecordRetry', { ...retry, row: 4 }, monitor)
      .thenRefused('UNKNOWN_REFUSED_ROW')
  })
  test('and not be taken or dismissed already', () => {
    given(...run, dismissed)
      .when('RecordRetry', retry, monitor)
      .thenRefused('REFUSED_ROW_CLOSED')
  })
  test('at most twenty times', () => {
    const attempts = Array.from({ length: 20 }, (_, at) => retried('refused', at + 1))
    given(...run, ...attempts)
      .when('RecordRetry', { ...retry, attempt: 21 }, monitor)
      .thenRefused('REFUSED_ROW_RETRIED_TOO_OFTEN')
  })
})

describe('dismissing a refused row', () => {
  const dismiss = { row: 3, reason: '测试数据' }

  test('keeps the reason', () => {
    given(...run)
      .when('DismissRefusedRow', dismiss, monitor)
      .thenEvents(dismissed)
  })
  test('happens once', () => {
    given(...run, dismissed)
      .when('DismissRefusedRow', dismiss, monitor)
      .thenNothing()
  })
  test('what was taken meanwhile is not dismissed', () => {
    given(...run, retried('taken'))
      .when('DismissRefusedRow', dismiss, monitor)
      .thenRefused('REFUSED_ROW_CLOSED')
  })
  test('the row must have been refused', () => {
    given(...run)
      .when('DismissRefusedRow', { ...dismiss, row: 4 }, monitor)
      .thenRefused('UNKNOWN_REFUSED_ROW')
  })
})

describe('deliveries by webhook', () => {
  const DIGEST = 'a'.repeat(64)
  const record = {
    channelId: 'leaders-mailbox',
    delivery: 'msg_1',
    digest: DIGEST,
    outcomes: ['taken' as const, 'TIME_INVALID', 'unchanged' as const],
  }
  const recorded = (delivery: string, firstRow: number, outcomes: string[] = record.outcomes): IntakeEvent => ({
    type: 'DeliveryRecorded',
    data: { delivery, digest: DIGEST, firstRow, outcomes },
  })
  const begun: IntakeEvent = {
    type: 'ImportStarted',
    data: { ...start, source: 'webhook', fileName: null, mapping: [] },
  }

  test('the first of an hour begins its run; each takes up as many rows as it has items', () => {
    given().when('RecordDelivery', record, byPolicy).thenEvents(begun, recorded('msg_1', 1))
    given(begun, recorded('msg_1', 1))
      .when('RecordDelivery', { ...record, delivery: 'msg_2' }, byPolicy)
      .thenEvents(recorded('msg_2', 4))
  })
  test('one recorded is not recorded again; another under its name is an error', () => {
    given(begun, recorded('msg_1', 1)).when('RecordDelivery', record, byPolicy).thenNothing()
    given(begun, recorded('msg_1', 1))
      .when('RecordDelivery', { ...record, digest: 'b'.repeat(64) }, byPolicy)
      .thenRefused('DELIVERY_ID_REUSED')
  })
  test('a file’s run takes none', () => {
    given(...run)
      .when('RecordDelivery', record, byPolicy)
      .thenRefused('IMPORT_FINISHED')
  })
  test('an hour takes 2,400 and leaves room for what was refused', () => {
    const full = Array.from({ length: 2_400 }, (_, at) => recorded(`msg_${at}`, at + 1, ['taken']))
    given(begun, ...full)
      .when('RecordDelivery', { ...record, delivery: 'one-more' }, byPolicy)
      .thenRefused('DELIVERIES_FULL')
    given(begun, ...full)
      .when('RecordRefusedRows', { rows: [row(3)] }, byPolicy)
      .thenEvents(refused(row(3)))
  })
  test('whoever is later with refused rows of an earlier delivery still gets them recorded', () => {
    given(begun, recorded('msg_1', 1), recorded('msg_2', 4), refused(row(5)))
      .when('RecordRefusedRows', { rows: [row(2), row(5)] }, byPolicy)
      .thenEvents(refused(row(2)))
  })
  test('the name of a delivery has no dots, spaces or controls, and no end', () => {
    const { schema } = intakeCommands.RecordDelivery
    for (const delivery of ['', 'a.b', 'a b', 'a\n', '编号', 'x'.repeat(129)]) {
      expect(schema.safeParse({ ...record, delivery }).success, delivery).toBe(false)
    }
    expect(schema.safeParse({ ...record, delivery: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W' }).success).toBe(true)
  })
})

describe('runs are named', () => {
  test('after the hour in Shanghai for a webhook, which belongs to its day', () => {
    const name = webhookRun('leaders-mailbox', '2026-03-01T16:30:00.000Z')
    expect(name).toBe('leaders-mailbox-webhook-2026-03-02-00')
    expect(dayOfRun(name)).toBe('leaders-mailbox-webhook-2026-03-02')
    expect(dayOfRun('leaders-mailbox-0199a0b2-1111-7222-8333-444455556666')).toBe(
      'leaders-mailbox-0199a0b2-1111-7222-8333-444455556666',
    )
  })
  test('after the feed', () => {
    expect(feedRun('monitoring', 'county-forum')).toBe('monitoring-feed-county-forum')
  })
})

describe('a feed that cannot be read', () => {
  const failure = { feedId: 'county-forum', since: NOW, attempts: 9, fault: 'status-502' }
  const failed: IntakeEvent = { type: 'FeedFailed', data: failure }
  const recovered: IntakeEvent = { type: 'FeedRecovered', data: { feedId: 'county-forum', failedSince: NOW, at: NOW } }

  test('is said to fail once, and once to be well again', () => {
    given().when('RecordFeedFailure', failure, byPolicy).thenEvents(failed)
    given(failed)
      .when('RecordFeedFailure', { ...failure, attempts: 10 }, byPolicy)
      .thenNothing()
    given(failed).when('RecordFeedRecovery', { feedId: 'county-forum' }, byPolicy).thenEvents(recovered)
    given(failed, recovered).when('RecordFeedRecovery', { feedId: 'county-forum' }, byPolicy).thenNothing()
  })
  test('may fail again', () => {
    given(failed, recovered).when('RecordFeedFailure', failure, byPolicy).thenEvents(failed)
  })
})
