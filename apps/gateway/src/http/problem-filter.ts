import { Catch } from '@nestjs/common'
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { errorFields } from '#observability'
import type { Log } from '#observability'
import { Problem, PROBLEM_MEDIA_TYPE } from './problem.ts'
import { problemOf } from './problem-of.ts'

/** The one way in which anything that went wrong is answered: problem details (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>()
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    const problem = problemIn(error, request)
    if (problem.status >= 500 && problem.cause !== undefined) {
      this.#log('error', problem.code, { requestId: request.id, ...errorFields(problem.cause) })
    }
    if (reply.sent) return
    // Whoever still sends what nobody reads would be taken for the next request.
    if (!request.raw.complete) reply.header('Connection', 'close')
    await reply
      .code(problem.status)
      .headers({ ...problem.headers })
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(problem.details(request.id)))
  }
}

/** A request whose body has not come in time is the sender's to hurry, any other delay is ours. */
function problemIn(error: unknown, request: FastifyRequest): Problem {
  const problem = problemOf(error)
  return problem.code === 'TOOK_TOO_LONG' && !request.raw.complete ? new Problem('REQUEST_TIMEOUT') : problem
}
