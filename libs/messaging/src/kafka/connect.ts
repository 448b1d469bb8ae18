import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { KafkaConfig, RetryOptions, SASLOptions } from 'kafkajs'
import { MessagingError } from '../errors.ts'
import type { MessagingOptions } from '../options.ts'
import type { KafkaAddress, PasswordPlace } from './address.ts'
import { kafkaLog } from './log.ts'

const CONNECTION_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 30_000

/**
 * What the client library does by itself before it gives up and we decide; some seconds in all. Each value is given, since
 * its defaults differ with NODE_ENV.
 */
export const LIBRARY_RETRY: RetryOptions = {
  retries: 6,
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 2,
}

/** Reads certificates and the password. Throws `BAD_ADDRESS` where one of them cannot be read. */
export function kafkaConfig(address: KafkaAddress, options: MessagingOptions): KafkaConfig {
  return {
    brokers: address.brokers,
    clientId: options.clientId ?? 'huiying',
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: LIBRARY_RETRY,
    ...kafkaLog(options.log),
    ...(address.tls === null ? {} : { ssl: readTls(address.tls) }),
    ...(address.sasl === null ? {} : { sasl: readSasl(address.sasl, options.environment ?? process.env) }),
  }
}

function readTls({ ca, cert, key }: NonNullable<KafkaAddress['tls']>): ConnectionOptions {
  return {
    rejectUnauthorized: true,
    ...(ca === null ? {} : { ca: [readText('ca', ca)] }),
    ...(cert === null ? {} : { cert: readText('cert', cert) }),
    ...(key === null ? {} : { key: readText('key', key) }),
  }
}

function readSasl(
  sasl: NonNullable<KafkaAddress['sasl']>,
  environment: Readonly<Record<string, string | undefined>>,
): SASLOptions {
  return { mechanism: sasl.mechanism, username: sasl.user, password: readPassword(sasl.password, environment) }
}

function readPassword(place: PasswordPlace, environment: Readonly<Record<string, string | undefined>>): string {
  if ('file' in place) {
    const password = readText('password-file', place.file).replace(/\r?\n$/, '')
    if (password !== '') return password
    throw new MessagingError(
      'BAD_ADDRESS',
      `The file of "password-file", ${place.file}, is empty; put the password into it.`,
    )
  }
  const password = environment[place.environment]
  if (password !== undefined && password !== '') return password
  throw new MessagingError(
    'BAD_ADDRESS',
    `The variable of "password-env", ${place.environment}, is not set; put the password into it.`,
  )
}

function readText(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new MessagingError(
      'BAD_ADDRESS',
      `The file of "${parameter}", ${path}, cannot be read; check that it is there and may be read.`,
      error,
    )
  }
}
