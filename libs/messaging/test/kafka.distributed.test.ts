import kafkajs from 'kafkajs'
import { describe } from 'vitest'
import { openMessaging } from '#messaging'
import { messagingContract } from '../../../test/contracts/messaging.contract.ts'
import { servers } from '../../../test/support/servers.ts'

const { Kafka, logLevel } = kafkajs
const brokers = servers.kafka

describe.skipIf(brokers === null)('against KAFKA_BROKERS', () => {
  messagingContract('Kafka', () => ({
    open: (options) => openMessaging(`kafka://${brokers}`, options),
    remove: (topics) => removeTopics(brokers!, topics),
  }))
})

/** Groups without members and offsets of topics that are gone expire by themselves. */
async function removeTopics(addresses: string, topics: readonly string[]): Promise<void> {
  const admin = new Kafka({ brokers: addresses.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const there = new Set(await admin.listTopics())
  const made = topics.filter((topic) => there.has(topic))
  if (made.length > 0) await admin.deleteTopics({ topics: made })
  await admin.disconnect()
}
