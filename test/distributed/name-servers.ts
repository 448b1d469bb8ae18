import { servers } from '../support/servers.ts'

const variables = {
  kurrentdb:
    'KURRENTDB_URL: absent; the stand-in of test/stand-ins/kurrentdb takes its place, which proves nothing of a real one',
  kafka: 'KAFKA_BROKERS: absent; what needs Kafka is skipped',
  mongodb: 'MONGODB_URL: absent; what needs MongoDB is skipped',
  s3: 'S3_URL, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: absent; what needs S3 is skipped',
} as const

/** Says before the first test which servers there are. */
export default function nameServers(): void {
  for (const [name, absent] of Object.entries(variables)) {
    const server = servers[name as keyof typeof servers]
    const given = server === null ? absent : `${name}: ${typeof server === 'string' ? server : server.url}`
    process.stdout.write(`${given}\n`)
  }
}
