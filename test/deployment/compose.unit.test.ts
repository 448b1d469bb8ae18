import { readdir, readFile } from 'node:fs/promises'
import { addressesIn, operationsIn, topicsIn } from '#processes'
import { describe, expect, test } from 'vitest'
import { s3PlaceOf } from '../../libs/blob-store/src/s3/address.ts'
import { configurationIn } from '../../apps/gateway/src/configuration.ts'
import {
  millisecondsOf,
  readComposeFile,
  readEnvironmentFile,
  readRoot,
  servicesOfOurs,
  variablesRead,
} from './compose-file.ts'

const filledIn = {
  HUIYING_HOST_NAMES: 'huiying.county.example',
  HUIYING_SOURCE: 'urn:huiying:qingshan',
  HUIYING_MASTER_KEY_FILE: '/etc/huiying/master.key',
  VIEWS_PASSWORD: '00ff',
  S3_SECRET_ACCESS_KEY: 'ff00',
}
const compose = await readComposeFile(filledIn)
const { services } = compose
const ours = servicesOfOurs(compose)
const root = new URL('../../', import.meta.url)
/** How long requests in hand are waited for, at most (docs/operations.md). */
const REQUESTS_MS_MAX = 10_000

describe('what a county sets', () => {
  test('a value that is needed and missing is named, with what to do about it', async () => {
    const { needed } = await variablesRead()
    expect([...needed].toSorted()).toEqual(Object.keys(filledIn).toSorted())
    for (const name of needed) {
      await expect(readComposeFile({ ...filledIn, [name]: '' })).rejects.toThrow(
        new RegExp(`required variable ${name} is missing a value: (give|name) .+ in \\.env`),
      )
    }
  })

  test('.env.example names every variable that is read and no other; what may be left out with the value it then has', async () => {
    const { all, needed } = await variablesRead()
    const { given, suggested } = readEnvironmentFile(await readRoot('.env.example'))
    expect([...given.keys()].toSorted()).toEqual([...needed].toSorted())
    expect([...suggested.keys()].toSorted()).toEqual([...all.difference(needed)].toSorted())
    const { OTEL_EXPORTER_OTLP_ENDPOINT: _, ...defaults } = Object.fromEntries(suggested)
    expect(await readComposeFile({ ...filledIn, ...defaults })).toEqual(compose)
  })

  test('what holds its values is never committed and never gets into an image', async () => {
    expect((await readRoot('.gitignore')).split('\n')).toContain('.env')
    expect(await readRoot('.dockerignore')).not.toContain('.env')
  })
})

describe('services of ours', () => {
  test('there is every process of the distributed profile, each run by its own command from one image', async () => {
    expect(ours.map(([name]) => name)).toEqual(['gateway', 'gateway-2', 'ingest', 'projector', 'sentinel', 'relay'])
    const { version } = JSON.parse(await readRoot('package.json')) as { version: string }
    for (const [name, { command, image }] of ours) {
      expect(command).toEqual(['node', `dist/apps/${name.replace(/-2$/, '')}/src/main.js`])
      expect(image).toBe(`huiying:${version}`)
    }
  })

  test.each(ours)('%s is told what the code takes', (name, { environment }) => {
    const addresses = addressesIn(environment)
    expect(s3PlaceOf(addresses.blobs)).toMatchObject({ bucket: 'huiying', prefix: 'evidence/', isPathStyle: true })
    expect(addresses.messaging).toBe(name === 'ingest' || name === 'relay' ? 'kafka://broker:9092' : null)
    expect(topicsIn(environment)).toMatchObject({ inbound: { name: 'huiying.inbound' } })
    if (!name.startsWith('gateway')) {
      expect(operationsIn(environment)).toEqual({ host: '0.0.0.0', port: 9_464 })
      return
    }
    expect(configurationIn(environment)).toEqual({
      folder: '/data',
      host: '0.0.0.0',
      port: 3_000,
      hostNames: ['127.0.0.1', 'localhost', 'gateway', 'gateway-2', 'huiying.county.example'],
    })
  })

  test('no variable is set that nothing reads', async () => {
    const read = new Set(
      (await sources()).flatMap((source) => source.match(/\b(?:HUIYING|S3|OTEL)_[A-Z0-9_]+\b/g) ?? []),
    )
    const byNode = ['TMPDIR']
    for (const [name, { environment }] of ours) {
      for (const variable of Object.keys(environment)) {
        expect(read.has(variable) || byNode.includes(variable), `${variable} of ${name}`).toBe(true)
      }
    }
  })

  test.each(ours)('%s may write nowhere but in its volumes and /tmp, and may do nothing else', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    expect(service.tmpfs).toEqual([expect.stringMatching(/^\/tmp:size=\d+m/)])
    expect(service.user).toBeUndefined() // the image says it
  })

  test.each(ours)(
    '%s is stopped as it wants to be: asked first, and given longer than its requests take',
    (_name, service) => {
      expect(service.init).toBe(true)
      expect(millisecondsOf(service.stop_grace_period)).toBeGreaterThan(2 * REQUESTS_MS_MAX)
    },
  )

  test('each gateway has a folder of its own; the keys are one file for all', () => {
    const folders = ours.flatMap(([, { volumes }]) => volumes.filter((volume) => volume.endsWith(':/data')))
    expect(folders).toEqual(['gateway:/data', 'gateway-2:/data'])
    for (const [, { volumes, secrets }] of ours) {
      expect(volumes).toContain('keys:/keys')
      expect(secrets).toEqual(['master-key'])
    }
    expect(compose.secrets).toEqual({ 'master-key': { file: '/etc/huiying/master.key' } })
  })
})

describe('every service', () => {
  const all = Object.entries(services)

  test.each(all)('%s has an image that is one version for ever', (_name, { image }) => {
    expect(image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+\.\d+$/)
  })

  test.each(all)('%s tells whether it is healthy, and is started anew when it ends', (_name, service) => {
    expect(service.healthcheck.test[0]).toMatch(/^CMD(-SHELL)?$/)
    expect(service.restart).toBe('unless-stopped')
  })

  test.each(all)('%s takes so much and no more: memory, processes, room for its log', (_name, service) => {
    expect(service.deploy.resources.limits.memory).toMatch(/^\d+[mg]$/)
    expect(service.pids_limit).toBeGreaterThan(0)
    expect(service.logging).toMatchObject({ driver: 'json-file', options: { 'max-size': '20m', 'max-file': '5' } })
    expect(service.security_opt).toContain('no-new-privileges:true')
    expect(service.cap_drop).toEqual(['ALL'])
  })

  test.each(all)('%s waits for those that it needs until they are healthy', (_name, { depends_on: needed }) => {
    for (const [needs, { condition }] of Object.entries(needed)) {
      expect(condition).toBe('service_healthy')
      expect(services[needs]?.build, needs).toBeUndefined()
    }
  })

  test('only the gateways are published, and on this host alone unless a county says otherwise', () => {
    const published = all.flatMap(([name, { ports }]) => ports.map((port) => `${name} ${port}`))
    expect(published).toEqual(['gateway 127.0.0.1:3000:3000', 'gateway-2 127.0.0.1:3001:3000'])
  })

  test('what holds data is in a network without a way out; outside are those that must be', () => {
    expect(compose.networks).toEqual({ stores: { internal: true }, outside: { internal: false } })
    for (const [name, { networks }] of all) expect(networks, name).toContain('stores')
    expect(all.filter(([, { networks }]) => networks.includes('outside')).map(([name]) => name)).toEqual([
      'gateway',
      'gateway-2',
      'ingest',
      'sentinel',
    ])
  })

  test('every volume that is named is used, and the other way round', () => {
    const used = new Set(all.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0]!)))
    expect([...used].toSorted()).toEqual(Object.keys(compose.volumes).toSorted())
  })
})

test('what holds the truth writes it to the disk before it says so', () => {
  expect(services['events']!.environment).toMatchObject({
    KURRENTDB_MEM_DB: 'false',
    KURRENTDB_UNSAFE_DISABLE_FLUSH_TO_DISK: 'false',
  })
  expect(services['broker']!.environment).toMatchObject({
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    KAFKA_LOG_FLUSH_INTERVAL_MESSAGES: '1',
    KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE: 'false',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  })
})

async function sources(): Promise<string[]> {
  const found: string[] = []
  for (const group of ['apps', 'libs']) {
    const names = await readdir(new URL(group, root), { recursive: true })
    const code = names.filter((name) => /^[^/]+\/src\/.*\.ts$/.test(name))
    found.push(...(await Promise.all(code.map((name) => readFile(new URL(`${group}/${name}`, root), 'utf8')))))
  }
  return found
}
