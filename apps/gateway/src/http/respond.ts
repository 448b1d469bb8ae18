import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Parts } from '../routes/parts.ts'
import type { Route } from '../routes/route.ts'
import { callOf } from './read-call.ts'

/** Answers a request that its row let in. */
export async function respond(row: Route, parts: Parts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const answer = await row.handle(callOf(row, request, reply), parts)
  if (reply.sent) return // its time was up, and that was said
  reply.headers({ ...answer.headers })
  if ('stream' in answer) {
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value as string)
    reply.raw.statusCode = answer.status ?? 200
    await answer.stream(reply.raw)
    return
  }
  reply.code(answer.status ?? row.answers[0]!.status)
  if ('json' in answer) {
    await reply.type('application/json; charset=utf-8').send(JSON.stringify(answer.json))
    return
  }
  await reply.type(answer.mediaType).send(answer.content)
}
