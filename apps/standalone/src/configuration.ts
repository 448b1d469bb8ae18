import { resolve } from 'node:path'
import { z } from 'zod'

/** What a server is told by its environment. */
export interface Configuration {
  /** The folder of the stores. */
  folder: string
  host: string
  port: number
  /** Further names that it is reached under, as in the Host header. */
  hostNames: string[]
}

/** The environment says something that cannot be. Names each variable and what it takes. */
export class ConfigurationError extends Error {
  readonly code = 'CONFIGURATION_INVALID'

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigurationError'
  }
}

const hostName = z
  .string()
  .regex(/^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/i, 'names of hosts without port, parted by commas')

const environment = z.object({
  HUIYING_DATA: z.string().default('./data'),
  HUIYING_HOST: z
    .string()
    .regex(/^[0-9a-z.:-]+$/i, 'an address to listen on, such as 127.0.0.1 or 0.0.0.0')
    .default('127.0.0.1'),
  HUIYING_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'a port, 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'a port, 0 to 65535')
    .default(3000),
  HUIYING_HOST_NAMES: z
    .string()
    .default('')
    .transform((names) => names.split(',').flatMap((name) => name.trim() || []))
    .pipe(z.array(hostName).max(50)),
})

/** Reads and checks it. Throws `ConfigurationError`. */
export function configurationIn(variables: Readonly<Record<string, string | undefined>>): Configuration {
  // A variable that is there and empty says as little as one that is not.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const result = environment.safeParse(given)
  if (!result.success) {
    throw new ConfigurationError(result.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`))
  }
  const { HUIYING_DATA, HUIYING_HOST, HUIYING_PORT, HUIYING_HOST_NAMES } = result.data
  return { folder: resolve(HUIYING_DATA), host: HUIYING_HOST, port: HUIYING_PORT, hostNames: HUIYING_HOST_NAMES }
}
