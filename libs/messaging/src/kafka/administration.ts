import kafkajs from 'kafkajs'
import type { Admin, KafkaConfig } from 'kafkajs'
import { MessagingError } from '../errors.ts'
import type { Pauses } from '../options.ts'
import { pause, pauseAfter, settledWithin } from '../pause.ts'
import type { TopicDefinition } from '../port.ts'
import { judge, translate } from './failures.ts'

const { Kafka } = kafkajs

/** A process that starts before its broker waits for it so long, then says so. */
const TOPICS_PATIENCE_MS = 60_000
const LAG_MS = 5_000
const DISCONNECT_MS = 5_000

/** Topics and offsets; one connection, made when it is first needed, thrown away when something failed on it. */
export class Administration {
  readonly #config: KafkaConfig
  readonly #pauses: Pauses
  readonly #closed = new AbortController()
  #admin: Promise<Admin> | null = null

  constructor(config: KafkaConfig, pauses: Pauses) {
    this.#config = config
    this.#pauses = pauses
  }

  /** Makes what is missing; whoever makes the same at the same time does no harm. Throws `BROKER_AWAY`, `BAD_TOPIC`, `NOT_AUTHORISED`, `BROKER_REFUSED`, `CLOSED`. */
  async ensureTopics(topics: readonly TopicDefinition[]): Promise<void> {
    const until = performance.now() + TOPICS_PATIENCE_MS
    for (let tries = 1; ; tries += 1) {
      this.#refuseWhenClosed()
      try {
        return await this.#with((admin) => makeMissing(admin, topics))
      } catch (error) {
        if (error instanceof MessagingError) throw error
        const verdict = judge(error)
        const again = verdict === 'again' || verdict === 'anew' || verdict === 'topic unknown'
        if (!again || performance.now() > until) throw translate(error, 'Making topics')
        await pause(pauseAfter(tries, this.#pauses), this.#closed.signal)
      }
    }
  }

  /** What a group has not handled of a topic; null where the broker does not say so in time. */
  async lag(topic: string, group: string): Promise<number | null> {
    if (this.#closed.signal.aborted) return null
    const asked = this.#with((admin) => waiting(admin, topic, group))
    if (!(await settledWithin(LAG_MS, asked))) return null
    return asked.catch(() => null)
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await this.#discard(this.#admin)
  }

  async #with<Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> {
    const connecting = (this.#admin ??= this.#connected())
    try {
      return await work(await connecting)
    } catch (error) {
      await this.#discard(connecting)
      throw error
    }
  }

  async #connected(): Promise<Admin> {
    const admin = new Kafka(this.#config).admin()
    try {
      await admin.connect()
      return admin
    } catch (error) {
      await settledWithin(DISCONNECT_MS, admin.disconnect())
      throw error
    }
  }

  async #discard(connecting: Promise<Admin> | null): Promise<void> {
    if (connecting === null || this.#admin !== connecting) return
    this.#admin = null
    // It may be connecting yet; whenever it is done with that, it takes its leave.
    await settledWithin(
      DISCONNECT_MS,
      connecting.then((admin) => admin.disconnect()),
    )
  }

  #refuseWhenClosed(): void {
    if (this.#closed.signal.aborted) throw new MessagingError('CLOSED', 'Messaging is closed; open it again.')
  }
}

async function makeMissing(admin: Admin, topics: readonly TopicDefinition[]): Promise<void> {
  const there = new Set(await admin.listTopics())
  for (const { name, partitions, replicas, retentionMs } of topics.filter((topic) => !there.has(topic.name))) {
    const configEntries = [{ name: 'retention.ms', value: String(retentionMs ?? -1) }]
    try {
      // False where another process was quicker.
      await admin.createTopics({
        topics: [{ topic: name, numPartitions: partitions, replicationFactor: replicas, configEntries }],
        waitForLeaders: true,
      })
    } catch (error) {
      throw refusedTopic(name, replicas, error)
    }
  }
}

function refusedTopic(name: string, replicas: number, error: unknown): unknown {
  // The library gathers what was refused of all topics that it was asked for, and it was asked for one.
  const gathered: unknown =
    error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : error
  if (!(gathered instanceof Error) || !('type' in gathered)) return error
  if (gathered.type === 'INVALID_REPLICATION_FACTOR') {
    const words = `Topic ${name} is to have ${replicas} replicas, and there are not so many brokers. Ask for as many as there are at most.`
    return new MessagingError('BAD_TOPIC', words, error)
  }
  return gathered
}

async function waiting(admin: Admin, topic: string, group: string): Promise<number> {
  const ends = await admin.fetchTopicOffsets(topic)
  const committed = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  const handled = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]))
  let sum = 0n
  for (const { partition, low, high } of ends) {
    const oldest = BigInt(low)
    const next = handled.get(partition) ?? -1n
    // What is not kept any longer does not wait any longer.
    sum += BigInt(high) - (next > oldest ? next : oldest)
  }
  return Number(sum > 0n ? sum : 0n)
}
