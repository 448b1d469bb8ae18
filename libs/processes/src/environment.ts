import { z } from 'zod'

/** The environment says something that cannot be. Names each variable and what it takes. */
export class ConfigurationError extends Error {
  readonly code = 'CONFIGURATION_INVALID'

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigurationError'
  }
}

export type Variables = Readonly<Record<string, string | undefined>>

/** Reads what a schema names and checks it; a variable that is there and empty says as little as one that is not. Throws `ConfigurationError`. */
export function readEnvironment<Schema extends z.ZodType>(schema: Schema, variables: Variables): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  throw new ConfigurationError(result.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`))
}

const hostName = z
  .string()
  .regex(/^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/i, 'names of hosts without port, parted by commas')

/** An address to listen on. */
export const listenHost = z.string().regex(/^[0-9a-z.:-]+$/i, 'an address to listen on, such as 127.0.0.1 or 0.0.0.0')

/** A port; 0: any that is free. */
export const listenPort = z
  .string()
  .regex(/^\d{1,5}$/, 'a port, 0 to 65535')
  .transform(Number)
  .refine((port) => port <= 65_535, 'a port, 0 to 65535')

/** Names of hosts, parted by commas. */
export const hostNames = z
  .string()
  .default('')
  .transform((names) => names.split(',').flatMap((name) => name.trim() || []))
  .pipe(z.array(hostName).max(50))
