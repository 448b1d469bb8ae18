import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MessagingError, openMessaging, parseKafkaAddress } from '#messaging'

describe('an address of Kafka', () => {
  test('names brokers', () => {
    expect(parseKafkaAddress('kafka://one:9092')).toEqual({ brokers: ['one:9092'], tls: null, sasl: null })
    expect(parseKafkaAddress('kafka://a.county.gov.cn:9092,10.0.0.7:9093,[::1]:9094?tls=false').brokers).toEqual([
      'a.county.gov.cn:9092',
      '10.0.0.7:9093',
      '[::1]:9094',
    ])
  })

  test('says how the connection is encrypted', () => {
    expect(parseKafkaAddress('kafka://one:9092?tls=true').tls).toEqual({ ca: null, cert: null, key: null })
    expect(parseKafkaAddress('kafka://one:9092?tls=true&ca=/etc/ca.pem&cert=/etc/c.pem&key=/etc/k%20.pem').tls).toEqual(
      {
        ca: '/etc/ca.pem',
        cert: '/etc/c.pem',
        key: '/etc/k .pem',
      },
    )
  })

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('says who signs in, by %s', (mechanism) => {
    const address = `kafka://one:9092?tls=true&sasl=${mechanism}&user=huiying`
    const place = { mechanism, user: 'huiying' }
    expect(parseKafkaAddress(`${address}&password-env=KAFKA_PASSWORD`).sasl).toEqual({
      ...place,
      password: { environment: 'KAFKA_PASSWORD' },
    })
    expect(parseKafkaAddress(`${address}&password-file=/run/secrets/kafka`).sasl).toEqual({
      ...place,
      password: { file: '/run/secrets/kafka' },
    })
  })

  test.each([
    ['kafka:one:9092', 'kafka://host:port'],
    ['kafka://', 'host:port'],
    ['kafka://one', '"one"'],
    ['kafka://one:9092,', 'host:port'],
    ['kafka://one:0', '"one:0"'],
    ['kafka://one:65536', '"one:65536"'],
    ['kafka://one:9092/topic', 'host:port'],
    ['kafka://one:9092,one:9092', 'twice'],
    ['kafka://one:9092#x', 'kafka://host:port'],
    ['kafka://one:9092?acks=1', '"acks"'],
    ['kafka://one:9092?tls=yes', '"tls"'],
    ['kafka://one:9092?tls=true&tls=true', '"tls" is given twice'],
    ['kafka://one:9092?tls=', '"tls" has no value'],
    ['kafka://one:9092?ca=/etc/ca.pem', '"ca" is given without "tls=true"'],
    ['kafka://one:9092?tls=false&key=/etc/k.pem', '"key" is given without "tls=true"'],
    ['kafka://one:9092?tls=true&cert=/etc/c.pem', '"cert" and "key"'],
    ['kafka://one:9092?user=huiying', '"user" is given without "sasl"'],
    ['kafka://one:9092?password-env=P', '"password-env" is given without "sasl"'],
    ['kafka://one:9092?sasl=gssapi&user=h&password-env=P', '"sasl" is one of'],
    ['kafka://one:9092?sasl=plain&password-env=P', 'without "user"'],
    ['kafka://one:9092?sasl=plain&user=h', 'without "password-env" or "password-file"'],
    ['kafka://one:9092?sasl=plain&user=h&password-env=P&password-file=/p', 'contradict'],
  ])('%s is refused, and what is wrong is named', (address, named) => {
    expect(refusal(() => parseKafkaAddress(address))).toMatchObject({
      code: 'BAD_ADDRESS',
      message: expect.stringContaining(named),
    })
  })

  test.each([
    'kafka://huiying:s3cret@one:9092',
    'kafka://one:9092,huiying:s3cret@two:9092',
    'kafka://one:9092?sasl=plain&user=h&password=s3cret',
    'kafka://huiying:s3cret@one:9092?password=s3cret',
    'amqp://huiying:s3cret@one:5672',
  ])('a password in it is refused and never repeated: %s', (address) => {
    const { code, message } = refusal(() => openMessaging(address))
    expect(code).toBe('BAD_ADDRESS')
    expect(message).not.toContain('s3cret')
  })
})

describe('what an address refers to', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'address-'))
    writeFileSync(join(folder, 'password'), 's3cret\n')
    writeFileSync(join(folder, 'empty'), '\n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const signedIn = 'kafka://one:9092?sasl=plain&user=h'

  test('is read when it is opened; nothing is connected to', () => {
    openMessaging(`${signedIn}&password-file=${join(folder, 'password')}`)
    openMessaging(`${signedIn}&password-env=P`, { environment: { P: 's3cret' } })
  })

  test.each([
    [
      'a file that is not there',
      () => openMessaging(`${signedIn}&password-file=${join(folder, 'none')}`),
      '"password-file"',
    ],
    [
      'a file with nothing in it',
      () => openMessaging(`${signedIn}&password-file=${join(folder, 'empty')}`),
      'is empty',
    ],
    [
      'a variable that is not set',
      () => openMessaging(`${signedIn}&password-env=P`, { environment: {} }),
      '"password-env", P',
    ],
    [
      'certificates that are not there',
      () => openMessaging(`kafka://one:9092?tls=true&ca=${join(folder, 'none')}`),
      '"ca"',
    ],
  ])('%s is named', (_, open, named) => {
    expect(refusal(open)).toMatchObject({ code: 'BAD_ADDRESS', message: expect.stringContaining(named) })
  })
})

function refusal(attempt: () => unknown): MessagingError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof MessagingError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
