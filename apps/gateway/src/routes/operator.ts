import { setTimeout } from 'node:timers/promises'
import { actor } from '#domain'
import { z } from 'zod'
import { commandAnswer } from '../answers/command.ts'
import { comparisonAnswer, rebuiltAnswer, retryAnswer, settledAnswer, verificationAnswer } from '../answers/operator.ts'
import type { Maintenance } from '../served.ts'
import { answerOf, nameInPath } from './commands.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'

/** How long one request waits for everything to have settled. */
const SETTLE_MS_MAX = 20_000
const FINDINGS_MAX = 1_000

const act = z.strictObject({
  command: z.string().min(1).max(64),
  target: z.string().max(128).nullable(),
  payload: z.unknown(),
  actor,
  idempotencyKey: z.string().min(1).max(200).nullable(),
  occurredAt: z.string().max(64).nullable(),
  basedOn: z.number().int().nullable(),
})

/** What `huiying` asks of a server that holds the stores: the same that it does with the files itself. */
export const operatorRoutes: readonly Route[] = [
  route({
    name: 'Act',
    method: 'POST',
    path: '/api/operator/act',
    tag: 'operator',
    summary: 'Give any command as any actor',
    access: ['operator'],
    body: { kind: 'json', schema: act, limit: 'bodyBytesMax' },
    answers: [{ status: 200, description: 'What became of it.', schema: commandAnswer }],
    errors: ['UNKNOWN_COMMAND', 'INVALID_COMMAND', 'NOT_FOUND', 'VERSION_CONFLICT', 'IDEMPOTENCY_KEY_REUSED'],
    handle: async ({ body }, { served }) => answerOf(await served.command(body)),
  }),
  maintenance(
    'Settle',
    'Wait until everything that follows has happened and is shown',
    settledAnswer,
    async (served) => ({
      settled: await Promise.race([
        served.settled().then(() => true),
        setTimeout(SETTLE_MS_MAX, false, { ref: false }),
      ]),
    }),
  ),
  maintenance('RetryRefusedRows', 'Try every open refused row once more', retryAnswer, (served) =>
    served.retryRefusedRows(),
  ),
  maintenance('Rebuild', 'Make every read model and the search index anew', rebuiltAnswer, async (served) => {
    await served.rebuild()
    return { rebuilt: true }
  }),
  maintenance('Compare', 'Hold the read models against what a rebuild gives', comparisonAnswer, (served) =>
    served.compare(),
  ),
  maintenance('Verify', 'Walk every chain and schema', verificationAnswer, verification),
]

function maintenance(
  name: string,
  summary: string,
  schema: z.ZodType,
  work: (served: Maintenance) => Promise<unknown>,
): Route {
  return route({
    name,
    method: 'POST',
    path: `/api/operator/${nameInPath(name)}`,
    tag: 'operator',
    summary,
    access: ['operator'],
    answers: [{ status: 200, description: summary, schema }],
    timeLimit: 'maintenanceMsMax',
    handle: async (_call, { served }) => ({ json: await work(served.maintenance) }),
  })
}

async function verification(served: Maintenance): Promise<z.input<typeof verificationAnswer>> {
  const found: z.input<typeof verificationAnswer>['found'] = []
  let total = { events: 0, streams: 0, findings: 0 }
  for await (const message of served.verify()) {
    if (message.kind === 'finding' && found.length < FINDINGS_MAX) found.push(message.finding)
    if (message.kind === 'done')
      total = { events: message.events, streams: message.streams, findings: message.findings }
  }
  return { ...total, found }
}
