import kafkajs from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { MessagingError } from '#messaging'
import { isPlaceLost, judge, translate } from '../src/kafka/failures.ts'
import { kafkaLog } from '../src/kafka/log.ts'
import { fromKafka } from '../src/kafka/messages.ts'
import { pauseAfter } from '../src/pause.ts'

const {
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  logLevel,
} = kafkajs

const protocolError = (type: string, retriable: boolean) =>
  Object.assign(new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable })), {})

describe('a failure of the client library', () => {
  test.each([
    ['a connection that is refused', new KafkaJSConnectionError('connect ECONNREFUSED'), 'again'],
    ['a leader that moved', protocolError('NOT_LEADER_FOR_PARTITION', true), 'again'],
    ['numbers that the broker does not expect', protocolError('OUT_OF_ORDER_SEQUENCE_NUMBER', false), 'anew'],
    ['a producer that the broker has forgotten', protocolError('UNKNOWN_PRODUCER_ID', false), 'anew'],
    ['a producer that was fenced', protocolError('INVALID_PRODUCER_EPOCH', false), 'anew'],
    ['a fault of its own', new TypeError("Cannot read properties of undefined (reading 'connectionPool')"), 'anew'],
    ['a topic that is not there', protocolError('UNKNOWN_TOPIC_OR_PARTITION', true), 'topic unknown'],
    ['too much at once', protocolError('MESSAGE_TOO_LARGE', false), 'too large'],
    ['no right to write', protocolError('TOPIC_AUTHORIZATION_FAILED', false), 'not authorised'],
    ['anything else for good', protocolError('INVALID_TIMESTAMP', false), 'refused'],
  ])('%s', (_, error, verdict) => {
    expect(judge(error)).toBe(verdict)
    // It wraps what failed into what gave up, which it calls not retriable.
    expect(judge(Object.assign(new KafkaJSNonRetriableError(error.message), { cause: error }))).toBe(verdict)
    expect(judge(new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 5, retryTime: 1 }))).toBe(verdict)
    expect(translate(error, 'Trying')).toBeInstanceOf(MessagingError)
    expect(translate(error, 'Trying').message).toMatch(/^Trying: .+\.( \(.+\))?$/)
  })

  test.each(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS'])(
    '%s says that the place is lost',
    (type) => {
      expect(isPlaceLost(protocolError(type, false))).toBe(true)
    },
  )
})

describe('what the client library says', () => {
  const told = (level: number, message: string, extra: Record<string, unknown> = {}) => {
    const said: unknown[] = []
    const { logCreator } = kafkaLog((...words) => said.push(words))
    const log = { timestamp: 'now', logger: 'kafkajs', message, ...extra }
    logCreator!(logLevel.WARN)({ namespace: 'Connection', level, label: 'ERROR', log })
    return said
  }

  test('is passed on with its fields, without its stack', () => {
    expect(
      told(logLevel.ERROR, 'Connection error', { broker: 'one:9092', stack: 'at …', error: new Error('refused') }),
    ).toEqual([['error', 'Connection error', { part: 'Connection', broker: 'one:9092', error: 'refused' }]])
    expect(told(logLevel.WARN, 'odd')).toEqual([['warn', 'odd', { part: 'Connection' }]])
  })

  test.each([
    ['Response Heartbeat(key: 12, version: 3)', { error: 'The group is rebalancing, so a rejoin is needed' }],
    [
      'Response GroupCoordinator',
      { error: 'The coordinator is loading and hence can not process requests for this group' },
    ],
    ['The coordinator is not aware of this member, re-joining the group', {}],
  ])('what belongs to the course of things is no error: %s', (message, fields) => {
    expect(told(logLevel.ERROR, message, fields)).toEqual([['warn', message, { part: 'Connection', ...fields }]])
  })

  test('is warned of where the library tries again by itself', () => {
    expect(told(logLevel.ERROR, 'Connection error', { retryCount: 1 })).toEqual([
      ['warn', 'Connection error', { part: 'Connection', retryCount: 1 }],
    ])
  })

  test('is left out where it is nothing to us', () => {
    expect(told(logLevel.WARN, 'Limiting retries for the idempotent producer may invalidate EoS guarantees')).toEqual(
      [],
    )
  })

  test('is said twice a minute, however often it happens', () => {
    const said: unknown[] = []
    let nowMs = 0
    const { logCreator } = kafkaLog(
      (...words) => said.push(words),
      () => nowMs,
    )
    const say = (message: string) => {
      const log = { timestamp: 'now', message }
      logCreator!(logLevel.WARN)({ namespace: 'Connection', level: logLevel.ERROR, label: 'ERROR', log })
    }
    for (; nowMs < 60_000; nowMs += 100) say('Connection error')
    say('another')
    say('Connection error')
    expect(said).toEqual([
      ['error', 'Connection error', { part: 'Connection' }],
      ['error', 'Connection error', { part: 'Connection', repeated: 299 }],
      ['error', 'another', { part: 'Connection' }],
      ['error', 'Connection error', { part: 'Connection', repeated: 299 }],
    ])
  })

  test('is not asked for where nobody listens', () => {
    expect(kafkaLog(undefined).logLevel).toBe(logLevel.NOTHING)
  })
})

describe('a message of somebody else', () => {
  const base = { offset: '7', timestamp: '1795708800000', attributes: 0 }

  test('of a header that is given several times the last one counts; other bytes are replaced', () => {
    const headers = {
      twice: [Buffer.from('first'), Buffer.from('last')],
      bytes: Buffer.from([0xff, 0x41]),
      none: undefined,
    }
    const message = fromKafka('topic', 3, { ...base, key: Buffer.from('k'), value: Buffer.from('v'), headers })
    expect(message.headers).toEqual({ twice: 'last', bytes: '\uFFFDA', none: '' })
    expect(message).toMatchObject({ topic: 'topic', partition: 3, offset: '7', key: 'k', sentAtMs: 1795708800000 })
  })

  test('without key, value and headers it is empty', () => {
    const message = fromKafka('topic', 0, { ...base, key: null, value: null, headers: {} })
    expect(message).toMatchObject({ key: '', headers: {} })
    expect(message.value.byteLength).toBe(0)
  })
})

test('pauses double up to their bound, and never overflow', () => {
  const pauses = { firstMs: 200, longestMs: 30_000 }
  expect([1, 2, 3, 8, 9, 10_000].map((failures) => pauseAfter(failures, pauses))).toEqual([
    200, 400, 800, 25_600, 30_000, 30_000,
  ])
})
