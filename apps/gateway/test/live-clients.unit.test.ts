import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { ChangeFeed, ShownChanges } from '#application'
import { defaultLimits } from '../src/http/limits.ts'
import { LiveClients } from '../src/live/live-clients.ts'
import type { Call } from '../src/routes/call.ts'
import { RawConnection } from '../../../test/support/raw-http.ts'

const identity = { kind: 'person', actor: { person: 'li', department: 'office', role: 'auditor' } } as const

/** A page of changes as large as they come. */
function pageAt(page: number): ShownChanges {
  const position = String(page).padStart(16, '0')
  const change = {
    kind: 'case',
    id: crypto.randomUUID(),
    number: '2026-000001',
    type: 'CaseReminded',
    revision: 1,
  } as const
  return { changes: Array.from({ length: 500 }, () => ({ ...change, position })), position }
}

/** A feed without end that counts what was taken of it, served on a port of its own. */
async function serveFeed(stallMsMax: number) {
  const state = { pages: 0, ended: 0 }
  const feed = {
    async *follow(): AsyncGenerator<ShownChanges> {
      try {
        yield { changes: [], position: pageAt(0).position }
        for (;;) {
          state.pages += 1
          yield pageAt(state.pages)
          await new Promise((resolve) => setImmediate(resolve))
        }
      } finally {
        state.ended += 1
      }
    },
  } as unknown as ChangeFeed
  const clients = new LiveClients(feed, { ...defaultLimits.live, stallMsMax })
  const server = createServer((_request, response) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    void clients
      .follow({ identity, lastEventId: null, signal: gone.signal } as unknown as Call)
      .then(async (answer) => {
        if ('stream' in answer) await answer.stream(response)
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { state, clients, address: `http://127.0.0.1:${port}`, close: () => server.close() }
}

test('a slow client is cut off: nothing more is taken for it, and nothing is left of it', async () => {
  const { state, clients, address, close } = await serveFeed(200)
  const connection = new RawConnection(address)
  connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await connection.until('event: change')
  connection.pause()
  await expect.poll(() => clients.count, { timeout: 10_000 }).toBe(0)
  // What fits into the connection's own buffers was sent, and one page at most waited for it.
  const taken = state.pages
  expect(state.ended).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(state.pages).toBe(taken)
  connection.resume()
  const received = await connection.toTheEnd()
  // It knows how far it came, and would resume there.
  expect(received).toMatch(/id: \d{16}\nevent: change\ndata: /)
  close()
})

test('whoever takes what is sent is not cut off, however much it is', async () => {
  const { state, clients, address, close } = await serveFeed(200)
  const connection = new RawConnection(address)
  connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await expect.poll(() => state.pages, { timeout: 10_000 }).toBeGreaterThan(100)
  expect(clients.count).toBe(1)
  connection.close()
  await expect.poll(() => clients.count).toBe(0)
  await expect.poll(() => state.ended).toBe(1)
  close()
})
