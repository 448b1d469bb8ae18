import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEventLog } from '#event-store'
import { openMessaging } from '#messaging'
import type { Messaging } from '#messaging'
import { addressesIn, Closing, openStores, topicsIn } from '#processes'
import type { Addresses, Stores, Topics } from '#processes'
import kafkajs from 'kafkajs'
import { MongoClient } from 'mongodb'
import { CutOff } from './cut-off.ts'
import { ServiceProcess } from './processes.ts'
import type { Service } from './processes.ts'
import { servers } from './servers.ts'

/** Short, so that what is left behind is taken over soon. */
export const LEASE_SECONDS = 3
const PARTITIONS = 6
export const SOURCE = 'urn:huiying:test'

export interface InstallationOptions {
  /** `host:port` of a broker that goes with the test; that of `KAFKA_BROKERS`, tidied up, where none is given. */
  brokers?: string
  /** Lets the processes reach the stores without anything in between, which takes its time. */
  direct?: boolean
  environment?: Record<string, string>
}

/**
 * The distributed profile as an operator would have it: servers, and any number of our processes. The processes reach event
 * store and read store by way of `eventsLine` and `viewsLine`, which a test may cut; the test itself reaches them directly.
 */
export class Installation {
  readonly folder: string
  readonly addresses: Addresses
  readonly topics: Topics
  readonly eventsLine: CutOff
  readonly viewsLine: CutOff
  /** `a stand-in` or the server's address. */
  readonly eventStore: string
  readonly processes: ServiceProcess[] = []
  readonly #environment: Record<string, string>
  readonly #closing: Closing
  #readStores = 1
  #stores: Promise<Stores> | null = null
  #messaging: Messaging | null = null

  private constructor(parts: {
    folder: string
    environment: Record<string, string>
    direct: Record<string, string>
    eventsLine: CutOff
    viewsLine: CutOff
    eventStore: string
    closing: Closing
  }) {
    this.folder = parts.folder
    this.#environment = parts.environment
    this.addresses = addressesIn({ ...parts.environment, ...parts.direct })
    this.topics = topicsIn(parts.environment)
    this.eventsLine = parts.eventsLine
    this.viewsLine = parts.viewsLine
    this.eventStore = parts.eventStore
    this.#closing = parts.closing
  }

  static async open(options: InstallationOptions = {}): Promise<Installation> {
    const { brokers: own, direct = false, environment = {} } = options
    const closing = new Closing()
    try {
      const id = randomBytes(6).toString('hex')
      const folder = closing.add(await mkdtemp(join(tmpdir(), 'huiying-processes-')), (path) =>
        rm(path, { recursive: true, force: true }),
      )
      const views = new URL(servers.mongodb!)
      views.pathname = `/huiying-test-${id}`
      closing.add(views.href, dropDatabase)
      const emptyServer = await emptyEventStore()
      const events = emptyServer ?? (await startStandIn(closing))
      const prefix = `huiying-test-${id}`
      const brokers = own ?? servers.kafka ?? ''
      if (own === undefined && brokers !== '') closing.add(prefix, (name) => removeTopics(brokers, name))
      const eventsLine = closing.add(await CutOff.before(hostOf(events, 2_113)), (line) => line.close())
      const viewsLine = closing.add(await CutOff.before(hostOf(views.href, 27_017)), (line) => line.close())
      return new Installation({
        folder,
        direct: { HUIYING_EVENTS: events, HUIYING_VIEWS: views.href },
        environment: {
          HUIYING_EVENTS: direct ? events : through(events, eventsLine),
          HUIYING_VIEWS: direct ? views.href : through(views.href, viewsLine),
          ...(brokers !== '' && { HUIYING_MESSAGING: `kafka://${brokers}` }),
          HUIYING_BLOBS: `file:${join(folder, 'blobs')}`,
          HUIYING_KEYS: `sqlite:${join(folder, 'keys.db')}`,
          HUIYING_MASTER_KEY: randomBytes(32).toString('hex'),
          HUIYING_TOPIC_PREFIX: prefix,
          HUIYING_TOPIC_PARTITIONS: String(PARTITIONS),
          HUIYING_LEASE_SECONDS: String(LEASE_SECONDS),
          HUIYING_OPERATIONS_PORT: '0',
          HUIYING_PORT: '0',
          HUIYING_SOURCE: SOURCE,
          ...environment,
        },
        eventsLine,
        viewsLine,
        eventStore: emptyServer ?? 'a stand-in for KurrentDB',
        closing,
      })
    } catch (error) {
      await closing.close()
      throw error
    }
  }

  /** Starts one more process; resolves when it answers. */
  async start(service: Service, environment: Record<string, string> = {}): Promise<ServiceProcess> {
    return await this.begin(service, environment).serving()
  }

  /** Likewise, without waiting for anything. */
  begin(service: Service, environment: Record<string, string> = {}): ServiceProcess {
    const name = `${service}-${this.processes.filter((one) => one.service === service).length + 1}`
    const begun = new ServiceProcess(service, name, {
      ...this.#environment,
      HUIYING_DATA: this.folderOf(name),
      ...environment,
    })
    this.processes.push(begun)
    return begun
  }

  /** The address of an empty read store beside the installation's own; it goes when that goes. */
  anotherReadStore(): string {
    const views = new URL(this.addresses.views)
    views.pathname += `-${(this.#readStores += 1)}`
    return this.#closing.add(views.href, dropDatabase)
  }

  /** What a process alone keeps. */
  folderOf(name: string): string {
    return join(this.folder, name)
  }

  /** As each process has it, for what is started beside them. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment
  }

  running(service?: Service): ServiceProcess[] {
    return this.processes.filter((one) => one.isRunning && (service === undefined || one.service === service))
  }

  /** The stores as the test itself has them open. */
  stores(): Promise<Stores> {
    this.#stores ??= openStores(this.addresses)
    return this.#stores
  }

  get messaging(): Messaging {
    this.#messaging ??= openMessaging(this.addresses.messaging!)
    return this.#messaging
  }

  /** Stops every process as an operator would. What ended otherwise than well is in what it gives back. */
  async stop(): Promise<string[]> {
    const stopped = await Promise.all(
      this.running().map(async (one) => {
        const { code, signal } = await one.stop()
        return code === 0 ? [] : [`${one.name} ended with ${code ?? signal} when it was told to stop`]
      }),
    )
    return stopped.flat()
  }

  /** What all of them said last. */
  lastWords(): string {
    return this.processes.map((one) => one.lastWords()).join('\n')
  }

  /** Ends everything, whatever state it is in, and leaves nothing behind. */
  async close(): Promise<void> {
    await Promise.all(this.running().map((one) => one.kill()))
    const own = new Closing()
    if (this.#stores) own.add(await this.#stores.catch(() => null), async (stores) => await stores?.close())
    if (this.#messaging) own.add(this.#messaging, (messaging) => messaging.close())
    try {
      await own.close()
    } finally {
      await this.#closing.close()
    }
  }
}

/** The server of `KURRENTDB_URL`, where it holds nothing of ours: other keys than a test's could not read what is there. */
async function emptyEventStore(): Promise<string | null> {
  if (servers.kurrentdb === null) return null
  const log = await openEventLog(servers.kurrentdb)
  try {
    return (await log.head()) === 'start' ? servers.kurrentdb : null
  } finally {
    await log.close()
  }
}

async function startStandIn(closing: Closing): Promise<string> {
  const child = spawn('node_modules/.bin/node', ['--conditions=source', 'test/stand-ins/kurrentdb/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  closing.add(child, async () => {
    child.kill('SIGKILL')
    await ended
  })
  const [said] = (await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    ended.then(() => Promise.reject(new Error('the stand-in for KurrentDB did not start'))),
  ])) as [string]
  return said.trim()
}

/** Drivers that look for the other members of a cluster would find their way around the line. */
function through(address: string, line: CutOff): string {
  const url = new URL(line.through(address))
  if (url.protocol === 'mongodb:') url.searchParams.set('directConnection', 'true')
  return url.href
}

function hostOf(address: string, port: number): { host: string; port: number } {
  const url = new URL(address)
  return { host: url.hostname, port: url.port === '' ? port : Number(url.port) }
}

async function dropDatabase(views: string): Promise<void> {
  const client = await MongoClient.connect(views)
  await client.db().dropDatabase()
  await client.close()
}

async function removeTopics(brokers: string, prefix: string): Promise<void> {
  const { Kafka, logLevel } = kafkajs
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING, retry: { retries: 1 } }).admin()
  try {
    await admin.connect()
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`))
    if (topics.length > 0) await admin.deleteTopics({ topics })
  } finally {
    await admin.disconnect()
  }
}
