import { MessagingError } from '../errors.ts'
import type { OutgoingMessage, TopicDefinition } from '../port.ts'
import { Group } from './group.ts'
import type { Member } from './group.ts'
import { Topic } from './topic.ts'

/** Of one topic. What every group has handled is forgotten when there is no room; where nothing may go, who publishes waits. */
const TOPIC_BYTES_MAX = 64 * 1024 * 1024

/** The broker of one name in this process. Nothing of it outlives the process. */
export class Broker {
  readonly #topics = new Map<string, Topic>()
  readonly #groups = new Map<string, Map<string, Group>>()
  /** Who consumes a topic that is not there yet. */
  readonly #early = new Map<string, Set<{ group: string; member: Member }>>()
  #roomMade = Promise.withResolvers<void>()

  ensure(definition: TopicDefinition): void {
    if (definition.replicas > 1) {
      const words = `Topic ${definition.name} is to have ${definition.replicas} replicas, and inproc: is one broker. Ask for one.`
      throw new MessagingError('BAD_TOPIC', words)
    }
    if (this.#topics.has(definition.name)) return
    this.#topics.set(definition.name, new Topic(definition))
    this.#groups.set(definition.name, new Map())
    for (const { group, member } of this.#early.get(definition.name) ?? [])
      this.groupOf(definition.name, group)!.join(member)
    this.#early.delete(definition.name)
  }

  has(topic: string): boolean {
    return this.#topics.has(topic)
  }

  /** Null where the topic is not there. */
  groupOf(topicName: string, name: string): Group | null {
    const topic = this.#topics.get(topicName)
    const groups = this.#groups.get(topicName)
    if (topic === undefined || groups === undefined) return null
    let group = groups.get(name)
    if (group === undefined) {
      group = new Group(topic, () => this.#makeKnownRoom())
      groups.set(name, group)
    }
    return group
  }

  join(topic: string, name: string, member: Member): void {
    const group = this.groupOf(topic, name)
    if (group !== null) return group.join(member)
    const early = this.#early.get(topic) ?? new Set()
    early.add({ group: name, member })
    this.#early.set(topic, early)
  }

  async leave(topic: string, name: string, member: Member): Promise<void> {
    for (const each of this.#early.get(topic) ?? []) if (each.member === member) this.#early.get(topic)!.delete(each)
    await this.groupOf(topic, name)?.leave(member)
  }

  /** Whether it was taken: all of it or, where there is no room, nothing. Throws `TOPIC_UNKNOWN`. */
  append(topicName: string, messages: readonly OutgoingMessage[], bytes: number, nowMs: number): boolean {
    const topic = this.#topics.get(topicName)
    if (topic === undefined)
      throw new MessagingError('TOPIC_UNKNOWN', `Publishing into ${topicName}: the topic is not there. Make it first.`)
    const { retentionMs } = topic.definition
    if (retentionMs !== null) topic.drop((message) => message.sentAtMs < nowMs - retentionMs)
    if (topic.bytes > 0 && topic.bytes + bytes > TOPIC_BYTES_MAX) this.#dropHandled(topicName, topic, bytes)
    if (topic.bytes > 0 && topic.bytes + bytes > TOPIC_BYTES_MAX) return false
    const partitions = new Set(messages.map((message) => topic.append(message, nowMs)))
    for (const group of this.#groups.get(topicName)!.values()) for (const partition of partitions) group.wake(partition)
    return true
  }

  /** Resolves when a group has handled something. */
  roomMade(): Promise<void> {
    return this.#roomMade.promise
  }

  #makeKnownRoom(): void {
    this.#roomMade.resolve()
    this.#roomMade = Promise.withResolvers<void>()
  }

  /** Where no group is known, all that is there was for nobody. */
  #dropHandled(name: string, topic: Topic, bytes: number): void {
    const groups = [...this.#groups.get(name)!.values()]
    topic.drop((message, partition) => {
      if (topic.bytes + bytes <= TOPIC_BYTES_MAX) return false
      return groups.every((group) => group.next(partition) > Number(message.offset))
    })
  }
}

const brokers = new Map<string, Broker>()

/** The same broker for the same name. */
export function brokerOf(name: string): Broker {
  let broker = brokers.get(name)
  if (broker === undefined) {
    broker = new Broker()
    brokers.set(name, broker)
  }
  return broker
}
