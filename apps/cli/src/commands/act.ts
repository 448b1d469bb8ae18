import { Command } from 'commander'
import { commandTable } from '#application'
import { z } from 'zod'
import { exitCodes } from '#processes'
import { givenBy, readRequest } from '../given-json.ts'
import { onStore, Refusal, refusalText } from '../session.ts'

const act = z.strictObject({
  target: z.string().nullable().default(null),
  payload: z.unknown(),
  ...givenBy,
  basedOn: z.number().int().nullable().default(null),
})

export function actCommand(): Command {
  return new Command('act')
    .description('give a command of the domain as an actor')
    .argument('<command>', 'its name, such as RouteCase')
    .requiredOption('--json <file>', 'its request as JSON; - reads standard input')
    .addHelpText(
      'after',
      `
The request: { "target": "<case, item or commitment id>", "payload": { … },
  "actor": { "person": "…", "department": "…", "role": "coordinator" },
  "idempotencyKey": "…", "occurredAt": "2026-11-23T01:30:00.000Z", "basedOn": 4 }
Repeating it with the same idempotencyKey changes nothing and answers as the first time.

Commands: ${[...commandTable.keys()].join(', ')}`,
    )
    .action(
      onStore<[string], { json: string }>(async ({ huiying, output }, command, { json: file }) => {
        const request = await readRequest(file, act)
        const outcome = await huiying.command({ command, ...request })
        if (outcome.outcome === 'refused') {
          throw new Refusal(outcome.code, refusalText(outcome.code, outcome.detail))
        }
        await huiying.settled()
        const events = outcome.events.map(({ id, type, revision, data }) => ({ id, type, revision, data }))
        output.data({
          outcome: outcome.outcome,
          id: outcome.id,
          revision: outcome.revision,
          token: outcome.token,
          events,
          ...(outcome.disclosed && { disclosed: outcome.disclosed }),
        })
        return exitCodes.done
      }),
    )
}
