import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ComposeService } from './compose-file.ts'

/** Where the servers are that the compose file calls by their services' names. */
export interface LocalServers {
  /** `host:port` of the event store. */
  events: string
  /** `host:port,host:port` */
  broker: string
  /** `mongodb://…/database` */
  views: string
  /** `http://host:port` */
  files: string
  bucket: string
  accessKeyId: string
}

/** What a service of the compose file is on this machine: the same, but for addresses. */
export interface LocalService {
  command: string[]
  environment: Record<string, string>
  /** Of its health check. */
  healthCheck: string[]
  /** Where its folder is that only it has; null where it has none. */
  data: string | null
  /** Where it answers HTTP. */
  port: number
}

const PORTS: readonly string[] = ['HUIYING_PORT', 'HUIYING_OPERATIONS_PORT']

/** Stands in for the host that runs the containers: its volumes are folders of one folder, its names are local addresses. */
export class LocalHost {
  readonly folder: string
  readonly #servers: LocalServers

  constructor(folder: string, servers: LocalServers) {
    this.folder = folder
    this.#servers = servers
  }

  /** Where the secret lies, as the compose file names it. */
  get masterKey(): string {
    return join(this.folder, 'secrets', 'master-key')
  }

  async localise(service: ComposeService): Promise<LocalService> {
    const mounts = await this.#mount(service)
    const port = await freePort()
    const environment: Record<string, string> = { TMPDIR: join(this.folder, 'tmp') }
    let asWritten = ''
    for (const [name, value] of Object.entries(service.environment)) {
      if (PORTS.includes(name)) {
        asWritten = value
        environment[name] = String(port)
      } else {
        environment[name] = this.#localValue(name, value, mounts)
      }
    }
    return {
      command: service.command!,
      environment,
      healthCheck: service.healthcheck.test.slice(1).map((word) => word.replace(`:${asWritten}/`, `:${port}/`)),
      data: mounts.get('/data') ?? null,
      port,
    }
  }

  /** Paths in the container and where they are here. */
  async #mount({ volumes }: ComposeService): Promise<Map<string, string>> {
    const mounts = new Map([
      ['/tmp', join(this.folder, 'tmp')],
      ['/run/secrets', join(this.folder, 'secrets')],
    ])
    for (const volume of volumes) {
      const [name, target] = volume.split(':')
      mounts.set(target!, join(this.folder, 'volumes', name!))
    }
    for (const path of mounts.values()) await mkdir(path, { recursive: true })
    return mounts
  }

  #localValue(name: string, value: string, mounts: ReadonlyMap<string, string>): string {
    const { events, broker, views, files, bucket, accessKeyId } = this.#servers
    switch (name) {
      case 'HUIYING_EVENTS':
        return value.replace('events:2113', events)
      case 'HUIYING_MESSAGING':
        return value.replace('broker:9092', broker)
      case 'HUIYING_VIEWS':
        return views
      case 'HUIYING_BLOBS':
        return value.replace('s3://huiying/', `s3://${bucket}/`).replace('http://files:7070', files)
      case 'S3_ACCESS_KEY_ID':
        return accessKeyId
      default: {
        for (const [target, path] of mounts) {
          const found = new RegExp(`^((?:sqlite|file):)?${target}(/.*)?$`).exec(value)
          if (found) return `${found[1] ?? ''}${path}${found[2] ?? ''}`
        }
        return value
      }
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A name of its own for what lies on servers that others use. */
export function ownName(): string {
  return `huiying-compose-${randomBytes(6).toString('hex')}`
}
