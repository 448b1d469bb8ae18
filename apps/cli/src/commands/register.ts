import { Command } from 'commander'
import { GetCase } from '#application'
import { z } from 'zod'
import { exitCodes } from '#processes'
import { givenBy, readRequest } from '../given-json.ts'
import { onStore, Refusal, refusalText } from '../session.ts'

interface Options {
  channel: string
  json: string
}

/** What need not be said, and what it then is. The command itself checks the rest. */
const unsaid = {
  content: '',
  author: { name: null, contact: null },
  wish: null,
  place: null,
  type: null,
  caller: null,
  consent: null,
  recording: null,
  answer: null,
}

export function registerCommand(): Command {
  return new Command('register')
    .description('register by hand what was brought by phone, at the window or on a visit')
    .requiredOption('--channel <id>', 'the channel that it came by, such as window or phone')
    .requiredOption('--json <file>', 'what was heard, as JSON; - reads standard input')
    .addHelpText(
      'after',
      `
What was heard: { "title": "…", "content": "…", "author": { "name": "…", "contact": "…" }, "place": "…",
  "type": "consultation", "wish": "private", "caller": "…", "consent": true,
  "answer": { "subject": "户政", "text": "…", "means": "in-person" },
  "actor": { "person": "…", "department": "…", "role": "monitor" },
  "idempotencyKey": "…", "occurredAt": "2026-11-23T01:30:00.000Z" }
Only a title or content and the actor must be said. With an answer 即时办结, a simple question is answered and completed
at once. Repeating it with the same idempotencyKey finishes what was begun and registers nothing twice.`,
    )
    .action(
      onStore<[], Options>(async ({ huiying, output }, { channel, json: file }) => {
        const { actor, idempotencyKey, occurredAt, ...heard } = await readRequest(file, z.looseObject(givenBy))
        const outcome = await huiying.command({
          command: 'RegisterItem',
          target: null,
          payload: { ...unsaid, ...heard, channelId: channel },
          actor,
          idempotencyKey,
          occurredAt,
        })
        if (outcome.outcome === 'refused') throw new Refusal(outcome.code, refusalText(outcome.code, outcome.detail))
        await huiying.settled()
        const caseId = outcome.events[0]!.metadata.caseId!
        const { case: of, detail } = await huiying.query(new GetCase({ number: caseId, asker: 'operator' }))
        output.data({
          item: outcome.id,
          case: caseId,
          number: of.number,
          queryCode: detail.queryCode,
          status: of.status,
          due: of.final?.due ?? null,
          token: outcome.token,
        })
        return exitCodes.done
      }),
    )
}
