import { commandTable, sentSchemaOf } from '#application'
import type { CommandOutcome, CommandRow } from '#application'
import {
  caseRefusals,
  commitmentRefusals,
  instant,
  intakeRefusals,
  itemRefusals,
  role,
  settingsRefusals,
} from '#domain'
import type { ErrorCode, Role } from '#domain'
import { z } from 'zod'
import { commandAnswer } from '../answers/command.ts'
import { Problem } from '../http/problem.ts'
import { refusal } from '../http/problem-of.ts'
import { route } from './route.ts'
import type { Answer } from './call.ts'
import type { Route } from './route.ts'

/** Where events name files. */
const ofFiles: readonly ErrorCode[] = ['FILE_UNKNOWN', 'FILE_DAMAGED']

/** What stands under `/api` for each kind of stream, and why something asked of one may be refused. */
const collections: Readonly<Record<string, { path: string; refusals: readonly ErrorCode[] }>> = {
  case: { path: 'cases', refusals: [...Object.keys(caseRefusals), ...ofFiles] },
  item: { path: 'items', refusals: [...Object.keys(itemRefusals), 'NOT_AN_OPINION_CASE', ...ofFiles] },
  commitment: { path: 'commitments', refusals: [...Object.keys(commitmentRefusals), ...ofFiles] },
  settings: { path: 'settings', refusals: Object.keys(settingsRefusals) },
  intake: { path: 'imports', refusals: Object.keys(intakeRefusals) },
}

const commonRefusals: readonly ErrorCode[] = [
  'INVALID_COMMAND',
  'NOT_FOUND',
  'VERSION_CONFLICT',
  'IDEMPOTENCY_KEY_REUSED',
  'UNKNOWN_DEPARTMENT',
  'UNKNOWN_CHANNEL',
  'STREAM_NEARLY_FULL',
]

/** The commands that people give, in the order of the table. What only policies give has no route. */
export const peoplesCommands: readonly CommandRow[] = [...commandTable.values()].filter(
  (row) => rolesOf(row).length > 0,
)

export function rolesOf({ by }: Pick<CommandRow, 'by'>): Role[] {
  return by.filter((each): each is Role => role.options.includes(each as Role))
}

/**
 * The path of a command: its collection, whom it is for, its name in lower case with hyphens. One that makes something new
 * has no id before its name, a settings command its area: `/api/cases/{id}/route-case`, `/api/cases/open-opinion-case`,
 * `/api/settings/limits/set-limits`.
 */
export function commandPath({ name, aggregate, area, creates }: CommandRow): string {
  const place = area ?? (creates ? null : '{id}')
  return ['/api', collections[aggregate.name]!.path, ...(place === null ? [] : [place]), nameInPath(name)].join('/')
}

/** `RouteCase` as `route-case`. */
export function nameInPath(name: string): string {
  return name.replaceAll(/(?!^)([A-Z])/g, '-$1').toLowerCase()
}

/** One route for each command that people give. */
export const commandRoutes: readonly Route[] = peoplesCommands.map(commandRoute)

function commandRoute(row: CommandRow): Route {
  const path = commandPath(row)
  const { path: collection, refusals } = collections[row.aggregate.name]!
  return route({
    name: row.name,
    method: 'POST',
    path,
    tag: collection,
    summary: inWords(row.name),
    access: rolesOf(row),
    parameters: {
      path: z.strictObject(path.includes('{id}') ? { id: z.string().regex(row.aggregate.idShape) } : {}),
      query: z.strictObject({
        occurredAt: instant.optional().describe('When what it tells of happened; now, where nothing is said.'),
      }),
    },
    headers: ['Idempotency-Key', 'If-Match'],
    body: { kind: 'json', schema: sentSchemaOf(row), limit: 'bodyBytesMax' },
    answers: [
      {
        status: 200,
        description: 'What was written, or had been when the request was first sent; nothing where it was already so.',
        schema: commandAnswer,
        headers: {
          ETag: 'The revision, for If-Match.',
          'Huiying-Token': 'Reads that are given it show at least what this command did.',
        },
      },
    ],
    errors: [...commonRefusals, ...refusals],
    handle: async ({ parameters, body, identity, idempotencyKey, basedOn }, { served }) => {
      if (identity?.kind !== 'person') throw new Problem('ROLE_NOT_ALLOWED', 'operator')
      const { id = null, occurredAt = null } = parameters as { id?: string; occurredAt?: string }
      const outcome = await served.command({
        command: row.name,
        target: id,
        payload: body,
        actor: identity.actor,
        idempotencyKey,
        occurredAt,
        basedOn,
      })
      return answerOf(outcome)
    },
  })
}

/** `ledger` as `Ledger`. */
export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** `RouteCase` as `Route case`. */
function inWords(name: string): string {
  const [first = '', ...rest] = nameInPath(name).split('-')
  return [capitalised(first), ...rest].join(' ')
}

/** Throws the refusal of a command that was refused. */
export function answerOf(outcome: CommandOutcome): Answer {
  if (outcome.outcome === 'refused') throw refusal(outcome.code, outcome.detail)
  const { id, revision, token, disclosed } = outcome
  return {
    headers: { ETag: `"${revision}"`, ...(token !== null && { 'Huiying-Token': token }) },
    json: {
      outcome: outcome.outcome,
      id,
      revision,
      token,
      ...(disclosed && { disclosed }),
      events: outcome.events.map(({ id, type, revision, data }) => ({ id, type, revision, data })),
    } satisfies z.input<typeof commandAnswer>,
  }
}
