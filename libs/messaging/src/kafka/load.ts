import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

/** The client, loaded by whoever has a broker: nobody else waits for it. */
export function loadKafkajs(): typeof import('kafkajs') {
  return load('kafkajs') as typeof import('kafkajs')
}
