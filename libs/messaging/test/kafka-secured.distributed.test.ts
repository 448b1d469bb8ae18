import { execFile } from 'node:child_process'
import { cp, chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { MessagingError, openMessaging } from '#messaging'
import type { Messaging } from '#messaging'
import { outgoing, Seen } from '../../../test/contracts/messaging.contract.ts'
import { canOwnKafka, freePorts, OwnKafka, SERVER_SCRIPTS } from '../../../test/support/own-kafka.ts'

const run = promisify(execFile)
const STARTING_MS = 180_000
const PASSWORD = 's3cret-of-the-test'

describe.skipIf(!canOwnKafka)('a broker that wants TLS, certificates of its clients, and a user', () => {
  let folder: string
  let kafka: OwnKafka
  let brokers: string
  const opened: Messaging[] = []
  const said: unknown[] = []

  const open = (parameters: Record<string, string>, password = PASSWORD) => {
    const tls = {
      tls: 'true',
      ca: join(folder, 'authority.pem'),
      cert: join(folder, 'client.pem'),
      key: join(folder, 'client.key'),
    }
    const query = new URLSearchParams({ ...tls, ...parameters })
    const messaging = openMessaging(`kafka://${brokers}?${query.toString()}`, {
      environment: { KAFKA_PASSWORD: password },
      pauses: { firstMs: 10, longestMs: 100 },
      log: (...words) => said.push(words),
    })
    opened.push(messaging)
    return messaging
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secured-kafka-'))
    await makeCertificates(folder)
    kafka = await OwnKafka.start(await securedScripts(folder))
    brokers = kafka.brokers.replace('127.0.0.1', 'localhost')
  }, STARTING_MS)
  afterAll(async () => {
    await kafka?.remove()
    await rm(folder, { recursive: true, force: true })
  }, STARTING_MS)
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((messaging) => messaging.close()))
    // Whatever happened, nobody was told the password.
    expect(JSON.stringify(said)).not.toContain('s3cret')
  })

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('lets in who signs in by %s', async (sasl) => {
    const messaging = open({ sasl, user: 'huiying', 'password-env': 'KAFKA_PASSWORD' })
    const topic = `secured-${sasl}`
    await messaging.ensureTopics([{ name: topic, partitions: 1, replicas: 1, retentionMs: null }])
    await messaging.publish(topic, [outgoing('one', 'sealed')])
    const seen = new Seen()
    const refused: unknown[] = []
    // A broker that has just begun may not be ready yet.
    const onFailure = (error: unknown) => void (isAway(error) || refused.push(error))
    const consumption = await messaging.consume({ topic, group: `group-${sasl}`, handle: seen.handle, onFailure })
    await seen.count(1)
    await vi.waitFor(async () => expect(await consumption.lag()).toBe(0))
    expect(refused).toEqual([])
  })

  test('reads the password from a file', async () => {
    const file = join(folder, 'password')
    await writeFile(file, `${PASSWORD}\n`)
    const messaging = open({ sasl: 'plain', user: 'huiying', 'password-file': file })
    await messaging.ensureTopics([{ name: 'secured-file', partitions: 1, replicas: 1, retentionMs: null }])
  })

  test.each(['plain', 'scram-sha-512'])('a wrong password is told of, and not repeated: %s', async (sasl) => {
    const messaging = open({ sasl, user: 'huiying', 'password-env': 'KAFKA_PASSWORD' }, 's3cret-but-wrong')
    const publishing = messaging.publish('secured', [outgoing('one', 'x')])
    const refused = await publishing.catch((error: unknown) => error)
    expect(refused).toMatchObject({ name: 'MessagingError', code: 'NOT_AUTHORISED' })
    expect(String(refused)).not.toContain('s3cret')
  })

  test('who does not trust its certificate publishes nothing', async () => {
    const messaging = open({
      ca: join(folder, 'other.pem'),
      sasl: 'plain',
      user: 'huiying',
      'password-env': 'KAFKA_PASSWORD',
    })
    const consumed = vi.fn()
    await messaging.consume({ topic: 'secured', group: 'g', handle: () => Promise.resolve(), onFailure: consumed })
    await vi.waitFor(() => expect(consumed).toHaveBeenCalled(), { timeout: 30_000 })
    expect(consumed.mock.calls[0]![0]).toMatchObject({
      code: 'BROKER_AWAY',
      message: expect.stringContaining('certificate'),
    })
  })
})

function isAway(error: unknown): boolean {
  return error instanceof MessagingError && error.code === 'BROKER_AWAY'
}

/** An authority, one certificate for the broker and one for its clients, and an authority of somebody else. */
async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...given: string[]) => run('openssl', given, { cwd: folder })
  const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`]
  for (const authority of ['authority', 'other']) {
    await openssl(
      'req',
      '-x509',
      ...key(authority),
      '-out',
      `${authority}.pem`,
      '-subj',
      `/CN=${authority}`,
      '-days',
      '2',
    )
  }
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  for (const name of ['broker', 'client']) {
    await openssl('req', ...key(name), '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    const signed = [
      '-CA',
      'authority.pem',
      '-CAkey',
      'authority.key',
      '-CAcreateserial',
      '-extfile',
      'names',
      '-days',
      '2',
    ]
    await openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signed)
  }
  const pem = async (name: string) => await readFile(join(folder, name), 'utf8')
  await writeFile(join(folder, 'broker-keystore.pem'), `${await pem('broker.key')}${await pem('broker.pem')}`)
}

/** The scripts of the servers, changed so that the broker wants what is tried here. */
async function securedScripts(folder: string): Promise<string> {
  const scripts = join(folder, 'servers')
  await cp(SERVER_SCRIPTS, scripts, { recursive: true })
  for (const path of await readdir(scripts, { recursive: true, withFileTypes: true })) {
    await chmod(join(path.parentPath, path.name), 0o755)
  }
  const [internalPort] = await freePorts(1)
  const properties = join(scripts, 'kafka', 'server.properties')
  const lines = (await readFile(properties, 'utf8'))
    .replaceAll('=PLAINTEXT://127.0.0.1:@PORT@', `=SECURED://localhost:@PORT@,PLAINTEXT://127.0.0.1:${internalPort}`)
    .replace(/^listener.security.protocol.map=.*$/m, (line) => `${line},SECURED:SASL_SSL`)
  const secured = [
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.secured.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_huiying="${PASSWORD}";`,
    'listener.name.secured.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'listener.name.secured.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'listener.name.secured.ssl.client.auth=required',
    'listener.name.secured.ssl.keystore.type=PEM',
    `listener.name.secured.ssl.keystore.location=${join(folder, 'broker-keystore.pem')}`,
    'listener.name.secured.ssl.truststore.type=PEM',
    `listener.name.secured.ssl.truststore.location=${join(folder, 'authority.pem')}`,
  ]
  await writeFile(properties, `${lines}\n${secured.join('\n')}\n`)
  const common = join(scripts, 'common')
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
    (name) => `--add-scram '${name}=[name=huiying,password=${PASSWORD}]'`,
  )
  const text = (await readFile(common, 'utf8')).replace(
    'kafka.tools.StorageTool format ',
    `kafka.tools.StorageTool format ${users.join(' ')} `,
  )
  await writeFile(common, text)
  return scripts
}
