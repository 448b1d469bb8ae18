import { Command } from 'commander'
import { commandTable } from '#application'
import { actor } from '#domain'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { onStore, readGiven, Refusal, refusalText } from '../session.ts'

const act = z.strictObject({
  target: z.string().nullable().default(null),
  payload: z.unknown(),
  actor,
  idempotencyKey: z.string().min(1).max(200).nullable().default(null),
  occurredAt: z.string().nullable().default(null),
  basedOn: z.number().int().nullable().default(null),
})

const ACTOR_SHAPE = '应为 { "person": "…", "department": "…", "role": "…" }'

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
        const request = parse(file === '-' ? await standardInput() : await readGiven(file))
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
        })
        return exitCodes.done
      }),
    )
}

function parse(text: string): z.infer<typeof act> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Refusal(
      'INVALID_COMMAND',
      `请求不是合法的 JSON：${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const result = act.safeParse(value)
  if (result.success) return result.data
  const places = result.error.issues.map(
    ({ path, message, code }) =>
      `${path.map(String).join('.') || 'request'}: ${code === 'invalid_union' ? ACTOR_SHAPE : message}`,
  )
  throw new Refusal('INVALID_COMMAND', places.join('; '))
}

/** At most a megabyte: a command is smaller. */
async function standardInput(): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > 1024 * 1024) throw new Refusal('INVALID_COMMAND', '请求超过 1 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
