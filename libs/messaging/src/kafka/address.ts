import { MessagingError } from '../errors.ts'

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512'
const MECHANISMS: readonly string[] = ['plain', 'scram-sha-256', 'scram-sha-512'] satisfies SaslMechanism[]

/** What an address of Kafka says. Secrets are never in it, only where they are. */
export interface KafkaAddress {
  /** `host:port` */
  brokers: string[]
  /** Paths of PEM files; null: the connection is not encrypted. */
  tls: { ca: string | null; cert: string | null; key: string | null } | null
  sasl: { mechanism: SaslMechanism; user: string; password: PasswordPlace } | null
}

/** A password is in a variable of the environment or in a file, without the line's end. */
export type PasswordPlace = { environment: string } | { file: string }

const PARAMETERS = ['tls', 'ca', 'cert', 'key', 'sasl', 'user', 'password-env', 'password-file']

/**
 * Reads `kafka://host:port,host:port` with, after a `?`: `tls=true`, with it `ca`, `cert` and `key` (paths of PEM files);
 * `sasl=plain|scram-sha-256|scram-sha-512`, with it `user` and one of `password-env` (the variable's name) and
 * `password-file`. Throws `BAD_ADDRESS`, which names what is wrong and repeats nothing that could be a secret.
 */
export function parseKafkaAddress(address: string): KafkaAddress {
  const parts = /^kafka:\/\/([^?#]*)(?:\?([^#]*))?$/.exec(address)
  if (parts === null) throw bad('An address of Kafka is kafka://host:port,host:port?…')
  const parameters = readParameters(parts[2] ?? '')
  return { brokers: readBrokers(parts[1]!), tls: readTls(parameters), sasl: readSasl(parameters) }
}

function readBrokers(text: string): string[] {
  // Never repeated: what stands before an @ is a password more often than not.
  if (text.includes('@'))
    throw bad('The user goes into "user", the password into "password-env" or "password-file", not before the host.')
  const brokers = text.replace(/\/$/, '').split(',')
  for (const broker of brokers) {
    const port = /^(?:[a-zA-Z0-9._-]+|\[[0-9a-fA-F:.]+\]):([0-9]{1,5})$/.exec(broker)?.[1]
    if (port === undefined || Number(port) < 1 || Number(port) > 65_535) {
      throw bad(`"${broker}" is no broker; give each as host:port, with commas between them.`)
    }
  }
  if (new Set(brokers).size < brokers.length) throw bad('A broker is named twice.')
  return brokers
}

function readParameters(query: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === 'password')
      throw bad('A password does not belong into an address; name where it is with "password-env" or "password-file".')
    if (!PARAMETERS.includes(name)) throw bad(`"${name}" is no parameter of Kafka; known are ${PARAMETERS.join(', ')}.`)
    if (parameters.has(name)) throw bad(`"${name}" is given twice.`)
    if (value === '') throw bad(`"${name}" has no value.`)
    parameters.set(name, value)
  }
  return parameters
}

function readTls(parameters: Map<string, string>): KafkaAddress['tls'] {
  const tls = parameters.get('tls') ?? 'false'
  if (tls !== 'true' && tls !== 'false') throw bad('"tls" is true or false.')
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => parameters.get(name) ?? null) as [
    string | null,
    string | null,
    string | null,
  ]
  if (tls === 'false') {
    const given = ['ca', 'cert', 'key'].find((name) => parameters.has(name))
    if (given !== undefined) throw bad(`"${given}" is given without "tls=true".`)
    return null
  }
  if ((cert === null) !== (key === null)) throw bad('"cert" and "key" are given together or not at all.')
  return { ca, cert, key }
}

function readSasl(parameters: Map<string, string>): KafkaAddress['sasl'] {
  const mechanism = parameters.get('sasl')
  const user = parameters.get('user')
  const environment = parameters.get('password-env')
  const file = parameters.get('password-file')
  if (mechanism === undefined) {
    const given = ['user', 'password-env', 'password-file'].find((name) => parameters.has(name))
    if (given !== undefined) throw bad(`"${given}" is given without "sasl".`)
    return null
  }
  if (!isMechanism(mechanism)) throw bad(`"sasl" is one of ${MECHANISMS.join(', ')}.`)
  if (user === undefined) throw bad('"sasl" is given without "user".')
  if (environment !== undefined && file !== undefined)
    throw bad('"password-env" and "password-file" contradict each other; give one.')
  if (environment !== undefined) return { mechanism, user, password: { environment } }
  if (file !== undefined) return { mechanism, user, password: { file } }
  throw bad('"sasl" is given without "password-env" or "password-file".')
}

function isMechanism(text: string): text is SaslMechanism {
  return MECHANISMS.includes(text)
}

function bad(message: string): MessagingError {
  return new MessagingError('BAD_ADDRESS', `The address of messaging cannot be used. ${message}`)
}
