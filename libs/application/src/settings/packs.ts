import { readFile } from 'node:fs/promises'
import { checkNormPack, holidayNoticesFrom } from '#calendar'
import { approvalPolicy, channel, limits, settingsStream } from '#domain'
import type { EventStore } from '#event-store'
import { parse } from 'yaml'
import { z } from 'zod'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'

/** What ships with the system, as YAML; it becomes settings events once, in a store that has none. */

const channelsFile = z.strictObject({ channels: z.array(channel).min(1) })
const policiesFile = z.strictObject({ approvalPolicies: z.array(approvalPolicy).min(1), limits })

/** A pack that says something else than it may: the file, and every place in it. */
export class PackError extends Error {
  readonly code = 'PACK_INVALID'

  constructor(file: string, problems: readonly string[]) {
    super(`${file} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'PackError'
  }
}

type SettingsCommand = Pick<CommandRequest, 'command' | 'target' | 'payload'>

/** The commands that bring a new store the default settings. Throws `PackError`. */
export async function defaultSettings(): Promise<SettingsCommand[]> {
  const { channels } = checked('channels.yaml', channelsFile, await read('channels.yaml'))
  const policies = checked('policies.yaml', policiesFile, await read('policies.yaml'))
  const norms = checkNormPack(await read('norms.yaml'))
  if (norms.outcome === 'refused')
    throw new PackError(
      'norms.yaml',
      norms.problems.map(({ place, message }) => `${place}: ${message}`),
    )
  const holidays = holidayNoticesFrom(await read('holidays.yaml'))
  if (holidays.outcome === 'refused')
    throw new PackError(
      'holidays.yaml',
      holidays.problems.map(({ place, message }) => `${place}: ${message}`),
    )

  return [
    ...channels.map((channel) => ({
      command: 'DefineChannel',
      target: 'channels',
      payload: { channel, reason: null },
    })),
    ...holidays.notices.map((notice) => ({
      command: 'AnnounceHolidays',
      target: 'calendars',
      payload: { notice, reason: null },
    })),
    { command: 'AdoptNormPack', target: 'norms', payload: { pack: norms.pack, reason: null } },
    ...policies.approvalPolicies.map((policy) => ({
      command: 'DefineApprovalPolicy',
      target: 'approvals',
      payload: { policy, reason: null },
    })),
    { command: 'SetLimits', target: 'limits', payload: { limits: policies.limits, reason: null } },
  ]
}

/**
 * Gives them to a store that has not had them all, each once whatever dies in between; what a county has changed since
 * stays as it is.
 */
export async function installDefaults(
  store: EventStore,
  execute: (request: CommandRequest) => Promise<CommandOutcome>,
): Promise<void> {
  // The limits come last: where they are, the rest is.
  const { version } = await store.readStream(settingsStream('limits'))
  if (version !== 'no-stream') return
  for (const [ordinal, command] of (await defaultSettings()).entries()) {
    const outcome = await execute({
      ...command,
      actor: { policy: 'default-settings' },
      cause: { eventId: 'default-settings-1', correlationId: 'default-settings-1', about: String(ordinal) },
    })
    if (outcome.outcome === 'refused') {
      throw new PackError(command.command, [`${outcome.code} ${outcome.detail ?? ''}`])
    }
  }
}

function checked<Schema extends z.ZodType>(file: string, schema: Schema, content: unknown): z.infer<Schema> {
  const result = schema.safeParse(content)
  if (result.success) return result.data
  throw new PackError(
    file,
    result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
  )
}

async function read(file: string): Promise<unknown> {
  // From libs/application/src/settings as from dist/libs/application/src/settings; the packs lie beside the sources only.
  const here = new URL('.', import.meta.url)
  const root = here.pathname.includes('/dist/') ? new URL('../../../../../', here) : new URL('../../../../', here)
  return parse(await readFile(new URL(`libs/application/packs/${file}`, root), 'utf8'))
}
