import { z } from 'zod'
import { errorCode } from '#domain'
import { allErrors } from '../http/http-errors.ts'
import { Problem } from '../http/problem.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'

const explained = z
  .strictObject({ code: errorCode, status: z.number().int(), zh: z.string(), en: z.string() })
  .meta({ id: 'ExplainedError' })

export const documentationRoutes: readonly Route[] = [
  route({
    name: 'OpenApi',
    method: 'GET',
    path: '/api/openapi.json',
    tag: 'documentation',
    summary: 'This document',
    access: 'public',
    answers: [{ status: 200, description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) }],
    handle: (_call, { document }) => Promise.resolve({ json: document() }),
  }),
  route({
    name: 'ExplainError',
    method: 'GET',
    path: '/api/errors/{code}',
    tag: 'documentation',
    summary: 'What an error code means 错误代码说明',
    access: 'public',
    parameters: { path: z.strictObject({ code: errorCode }) },
    answers: [{ status: 200, description: 'Its status and sentences.', schema: explained }],
    errors: ['NOT_FOUND'],
    handle: ({ parameters: { code } }) => {
      const known = Object.hasOwn(allErrors, code) ? allErrors[code] : undefined
      if (!known) throw new Problem('NOT_FOUND', code)
      return Promise.resolve({ json: { code, ...known } })
    },
  }),
]
