import type { FastifyReply, FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { callOf } from '../src/http/read-call.ts'
import { routes } from '../src/routes/index.ts'

const row = routes.find(({ name }) => name === 'ListCases')!

function tokenOf(token: string): string | null {
  const request = { headers: { 'huiying-token': token }, params: {}, query: {} } as unknown as FastifyRequest
  return callOf(row, request, { raw: { once: () => {} } } as unknown as FastifyReply).token
}

test.each(['42', '0000000000000004243-0000000000000004243'])('takes %s, which a store gave, for a token', (token) => {
  expect(tokenOf(token)).toBe(token)
})

test.each(['4 2', '4/2', '"42"', '4'.repeat(65)])('refuses %s, which no store gives', (token) => {
  expect(() => tokenOf(token)).toThrow('HEADER_INVALID')
})
