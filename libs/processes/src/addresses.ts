import { z } from 'zod'
import { listenHost, listenPort, readEnvironment } from './environment.ts'
import type { Variables } from './environment.ts'

/** What the processes of the distributed profile are told by their environment, the same for all of them. */
export interface Addresses {
  /** `kurrentdb://…` */
  events: string
  /** `mongodb://…` */
  views: string
  /** `kafka://…`; null where a process is told of none. */
  messaging: string | null
  /** `s3://…` or `file:…` */
  blobs: string
  /** `sqlite:PATH`, one file for all processes. */
  keys: string
  /** The master key itself, or the file that holds it. */
  masterKey: { fromEnvironment: string | undefined; path: string }
  /** How long a lease lasts that nobody renews. */
  leaseMs: number
}

const scheme = (schemes: readonly string[], example: string) =>
  z.string().regex(new RegExp(`^(${schemes.join('|')}):.+`), `an address such as ${example}`)

const environment = z
  .object({
    HUIYING_EVENTS: scheme(
      ['kurrentdb', 'kurrentdb\\+discover', 'esdb', 'esdb\\+discover'],
      'kurrentdb://events.county.example:2113',
    ),
    HUIYING_VIEWS: scheme(['mongodb', 'mongodb\\+srv'], 'mongodb://views.county.example/huiying'),
    HUIYING_MESSAGING: scheme(['kafka'], 'kafka://broker.county.example:9092').optional(),
    HUIYING_BLOBS: scheme(['s3', 'file'], 's3://huiying/evidence'),
    HUIYING_KEYS: scheme(['sqlite'], 'sqlite:/keys/keys.db'),
    HUIYING_MASTER_KEY: z.string().optional(),
    HUIYING_MASTER_KEY_FILE: z.string().optional(),
    HUIYING_LEASE_SECONDS: z
      .string()
      .regex(/^\d{1,3}$/, 'whole seconds, 2 to 300')
      .transform(Number)
      .refine((seconds) => seconds >= 2 && seconds <= 300, 'whole seconds, 2 to 300')
      .default(15),
  })
  .refine(({ HUIYING_MASTER_KEY: key, HUIYING_MASTER_KEY_FILE: file }) => key !== undefined || file !== undefined, {
    path: ['HUIYING_MASTER_KEY_FILE'],
    message: 'the file that holds the master key, or give the key itself as HUIYING_MASTER_KEY',
  })

/** Whether the environment asks for the distributed profile. */
export function isDistributed(variables: Variables): boolean {
  return Boolean(variables['HUIYING_EVENTS'])
}

/** Reads and checks them. Throws `ConfigurationError`. */
export function addressesIn(variables: Variables): Addresses {
  const given = readEnvironment(environment, variables)
  return {
    events: given.HUIYING_EVENTS,
    views: given.HUIYING_VIEWS,
    messaging: given.HUIYING_MESSAGING ?? null,
    blobs: given.HUIYING_BLOBS,
    keys: given.HUIYING_KEYS,
    masterKey: { fromEnvironment: given.HUIYING_MASTER_KEY, path: given.HUIYING_MASTER_KEY_FILE ?? '' },
    leaseMs: given.HUIYING_LEASE_SECONDS * 1_000,
  }
}

const operationsEnvironment = z.object({
  HUIYING_OPERATIONS_HOST: listenHost.default('127.0.0.1'),
  HUIYING_OPERATIONS_PORT: listenPort.default(9_464),
})

/** Where a process without a gateway answers health and metrics. Throws `ConfigurationError`. */
export function operationsIn(variables: Variables): { host: string; port: number } {
  const given = readEnvironment(operationsEnvironment, variables)
  return { host: given.HUIYING_OPERATIONS_HOST, port: given.HUIYING_OPERATIONS_PORT }
}
