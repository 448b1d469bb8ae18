import type { Counter, Histogram, Registry } from 'prom-client'
import type { SubscriptionLag } from '../lag/subscription-lag.ts'
import { loadPrometheus } from '../load.ts'
import { remembered } from '../within.ts'
import { ReadGauges } from './read-gauges.ts'
import type { Reading } from './read-gauges.ts'

const APPEND_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const READ_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5]

/** It takes some queries, and changes slowly. */
const OVERDUE_MS = 30_000

export type AppendOutcome = 'appended' | 'conflict' | 'failed'
export type MessageOutcome = 'published' | 'publish-failed' | 'handled' | 'handle-failed'
export type ReadCall = 'get' | 'getMany' | 'query' | 'count' | 'progress'

/**
 * What a process measures of itself, for Prometheus. Labels have values of our own and few: names of subscriptions, topics,
 * queues and leases, codes; never an address, a person or anything that was sent. What is read when somebody asks
 * (`subscriptions`, `queues` and the like) is told of once each; what does not answer is left out of that answer.
 */
export class ProcessMetrics {
  readonly registry: Registry
  readonly gauges: ReadGauges
  readonly #appends: Histogram<'outcome'>
  readonly #reads: Histogram<'call' | 'outcome'>
  readonly #messages: Counter<'topic' | 'outcome'>
  readonly #deadLetters: Counter<'reason'>
  /** What waits where, as it is told. */
  readonly #waiting = new Map<string, number>()
  readonly #queues: (() => Readonly<Record<string, number>>)[] = []
  #ofProcess = false

  constructor() {
    const { Counter, Histogram, Registry } = loadPrometheus()
    this.registry = new Registry()
    const registers = [this.registry]
    this.gauges = new ReadGauges(this.registry)
    this.#appends = new Histogram({
      name: 'huiying_append_duration_seconds',
      help: 'From giving events to the event store until they are durable, or are not, by outcome',
      labelNames: ['outcome'] as const,
      buckets: APPEND_SECONDS,
      registers,
    })
    this.#reads = new Histogram({
      name: 'huiying_read_duration_seconds',
      help: 'How long the read store took to answer, by call and outcome',
      labelNames: ['call', 'outcome'] as const,
      buckets: READ_SECONDS,
      registers,
    })
    this.#messages = new Counter({
      name: 'huiying_messages_total',
      help: 'Messages of the broker, by topic and by what came of them',
      labelNames: ['topic', 'outcome'] as const,
      registers,
    })
    this.#deadLetters = new Counter({
      name: 'huiying_dead_letters_total',
      help: 'Messages put aside because they can never be handled, by the code that says why',
      labelNames: ['reason'] as const,
      registers,
    })
    this.#read('huiying_queue_depth', 'What waits in a queue of the process, by queue', 'queue', () =>
      Object.assign(Object.fromEntries(this.#waiting), ...this.#queues.map((read) => read())),
    )
  }

  get mediaType(): string {
    return this.registry.contentType
  }

  text(): Promise<string> {
    return this.registry.metrics()
  }

  /** Memory, processor, event loop, garbage collection. Once; told again it does nothing. */
  collectProcess(): void {
    if (this.#ofProcess) return
    this.#ofProcess = true
    loadPrometheus().collectDefaultMetrics({ register: this.registry })
  }

  appended(outcome: AppendOutcome, seconds: number): void {
    this.#appends.observe({ outcome }, seconds)
  }

  read(call: ReadCall, outcome: 'answered' | 'failed', seconds: number): void {
    this.#reads.observe({ call, outcome }, seconds)
  }

  messages(topic: string, outcome: MessageOutcome, count: number): void {
    this.#messages.inc({ topic, outcome }, count)
  }

  /** `reason`: a code of ours. */
  deadLetter(reason: string, count = 1): void {
    this.#deadLetters.inc({ reason }, count)
  }

  /** Everybody who follows the store in this process. */
  subscriptions(lag: Pick<SubscriptionLag, 'standings'>): void {
    this.#read(
      'huiying_subscription_behind_seconds',
      'For how long the oldest event that a subscription has not handled has been stored',
      'subscription',
      () => Object.fromEntries(lag.standings().map(({ name, behindSeconds }) => [name, behindSeconds])),
    )
    this.#read(
      'huiying_subscription_moving',
      '1 while a subscription is up to date or gets on, 0 when it has stood still for half a minute',
      'subscription',
      () => Object.fromEntries(lag.standings().map(({ name, moving }) => [name, moving ? 1 : 0])),
    )
  }

  /** Something came into a queue of the process, or left it. */
  waiting(queue: string, change: number): void {
    this.#waiting.set(queue, (this.#waiting.get(queue) ?? 0) + change)
  }

  /** By name: what waits in further queues of the process; of as many owners as there are. */
  queues(read: () => Readonly<Record<string, number>>): void {
    this.#queues.push(read)
  }

  /** By topic: messages that its consumer group has not handled. */
  consumerLag(read: () => Promise<Readonly<Record<string, number>>>): void {
    this.#read(
      'huiying_consumer_lag_messages',
      'Messages of a topic that wait for the consumer group of this process, over all partitions',
      'topic',
      read,
    )
  }

  /** By lease: 1 while this process holds it. */
  leading(read: () => Readonly<Record<string, boolean>>): void {
    this.#read('huiying_leading', '1 while this process holds a lease, by lease', 'lease', () =>
      Object.fromEntries(Object.entries(read()).map(([lease, holds]) => [lease, holds ? 1 : 0])),
    )
  }

  /** By what is due: deadlines that have passed and are still owed. */
  overdue(read: () => Promise<Readonly<Record<string, number>>>): void {
    this.#read(
      'huiying_deadlines_overdue',
      'Deadlines of cases and promises that have passed and are still owed, by what is due',
      'due',
      remembered(OVERDUE_MS, read),
    )
  }

  #read(name: string, help: string, label: string, read: () => Reading | Promise<Reading>): void {
    this.gauges.add({ name, help, label, read })
  }
}
