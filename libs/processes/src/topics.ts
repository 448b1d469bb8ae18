import type { TopicDefinition } from '#messaging'
import { z } from 'zod'
import { ConfigurationError, readEnvironment } from './environment.ts'
import type { Variables } from './environment.ts'
import type { Addresses } from './addresses.ts'

const DAY_MS = 86_400_000

/** The topics of a county, as they are made where there are none. */
export interface Topics {
  /** What platforms send: as they sent it, in clear, so for as long only as it may take to be taken in. */
  inbound: TopicDefinition
  /** What could not be taken in, sealed. */
  deadLetters: TopicDefinition
  /** What other systems are told. */
  events: TopicDefinition
  /** The group in which ingesters share what is inbound: those of one county, since a broker may serve several. */
  ingesters: string
}

const whole = (most: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, `a whole number, 1 to ${most}`)
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, `a whole number, 1 to ${most}`)

const environment = z.object({
  HUIYING_TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,100}$/, 'letters, digits, dots, hyphens and underscores')
    .default('huiying'),
  HUIYING_TOPIC_PARTITIONS: whole(1_000).default(12),
  HUIYING_TOPIC_REPLICAS: whole(9).default(1),
  HUIYING_INBOUND_DAYS: whole(365).default(7),
  HUIYING_DEAD_LETTER_DAYS: whole(3_650).default(90),
  HUIYING_INTEGRATION_DAYS: whole(3_650).default(30),
})

/** Reads and checks what the environment says of them. Throws `ConfigurationError`. */
export function topicsIn(variables: Variables): Topics {
  const given = readEnvironment(environment, variables)
  const topic = (name: string, days: number): TopicDefinition => ({
    name: `${given.HUIYING_TOPIC_PREFIX}.${name}`,
    partitions: given.HUIYING_TOPIC_PARTITIONS,
    replicas: given.HUIYING_TOPIC_REPLICAS,
    retentionMs: days * DAY_MS,
  })
  return {
    inbound: topic('inbound', given.HUIYING_INBOUND_DAYS),
    // Whoever looks through them reads all of them, in their order.
    deadLetters: { ...topic('inbound.dead', given.HUIYING_DEAD_LETTER_DAYS), partitions: 1 },
    events: topic('events', given.HUIYING_INTEGRATION_DAYS),
    ingesters: `${given.HUIYING_TOPIC_PREFIX}.ingest`,
  }
}

/** The address of the broker. Throws `ConfigurationError` where there is none. */
export function brokerOf({ messaging }: Pick<Addresses, 'messaging'>): string {
  if (messaging !== null) return messaging
  throw new ConfigurationError(['HUIYING_MESSAGING: an address such as kafka://broker.county.example:9092'])
}
