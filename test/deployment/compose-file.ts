import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'

/** What tests read of a service in docker-compose.yml, as the Compose specification has it. */
const service = z.object({
  image: z.string(),
  build: z.object({ context: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.object({
    test: z.array(z.string()).min(2),
    interval: z.string(),
    timeout: z.string(),
    retries: z.number(),
    start_period: z.string(),
    start_interval: z.string(),
  }),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  user: z.string().optional(),
  init: z.boolean().default(false),
  restart: z.string(),
  read_only: z.boolean().default(false),
  stop_grace_period: z.string(),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  pids_limit: z.number(),
  logging: z.object({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  deploy: z.object({
    replicas: z.number().default(1),
    resources: z.object({ limits: z.object({ memory: z.string() }) }),
  }),
})
export type ComposeService = z.infer<typeof service>

const composeFile = z.object({
  name: z.string(),
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) })),
  volumes: z.record(z.string(), z.object({})),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
})
export type ComposeFile = z.infer<typeof composeFile>

export type Variables = Readonly<Record<string, string>>

const root = new URL('../../', import.meta.url)

export function readRoot(name: string): Promise<string> {
  return readFile(new URL(name, root), 'utf8')
}

/** Reads docker-compose.yml as Compose would with such an `.env`. Throws where a variable that it needs is not given. */
export async function readComposeFile(variables: Variables): Promise<ComposeFile> {
  const content: unknown = parse(await readRoot('docker-compose.yml'), { merge: true })
  return composeFile.parse(interpolated(content, variables))
}

const VARIABLE = /\$(?:\$|\{([A-Z][A-Z0-9_]*)(?:(:[-?])([^}]*))?\})/g

/** The variables that it takes from outside. */
export async function variablesRead(): Promise<{ all: Set<string>; needed: Set<string> }> {
  const found = [...(await readRoot('docker-compose.yml')).matchAll(VARIABLE)].filter(([, name]) => name !== undefined)
  return {
    all: new Set(found.map(([, name]) => name!)),
    needed: new Set(found.filter(([, , operator]) => operator === ':?').map(([, name]) => name!)),
  }
}

function interpolated(content: unknown, variables: Variables): unknown {
  if (typeof content === 'string') return content.replaceAll(VARIABLE, (...match) => valueOf(match, variables))
  if (Array.isArray(content)) return content.map((each) => interpolated(each, variables))
  if (content === null || typeof content !== 'object') return content
  return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, interpolated(value, variables)]))
}

function valueOf([whole, name, operator, word]: string[], variables: Variables): string {
  if (whole === '$$') return '$'
  const value = variables[name!]
  if (value) return value
  if (operator === ':-') return word!
  throw new Error(`required variable ${name} is missing a value: ${word}`)
}

/** `1m30s`, `45s` */
export function millisecondsOf(duration: string): number {
  const { minutes = '0', seconds = '0' } = /^(?:(?<minutes>\d+)m)?(?:(?<seconds>\d+)s)?$/.exec(duration)!.groups!
  return (Number(minutes) * 60 + Number(seconds)) * 1_000
}

/** Of `NAME=value` lines, also those that are commented out. */
export function readEnvironmentFile(text: string): { given: Map<string, string>; suggested: Map<string, string> } {
  const lines = [...text.matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)]
  const of = (mark: string) =>
    new Map(lines.filter(([, each]) => each === mark).map(([, , name, value]) => [name!, value!]))
  return { given: of(''), suggested: of('#') }
}

/** Every service that runs the image of this repository. */
export function servicesOfOurs({ services }: ComposeFile): [name: string, service: ComposeService][] {
  return Object.entries(services).filter(([, { build }]) => build !== undefined)
}
