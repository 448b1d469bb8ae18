import { describe, test } from 'vitest'
import { liveOverHttp } from '../http/life.ts'
import { serveDistributed } from '../support/distributed-county.ts'
import { servers } from '../support/servers.ts'

describe.skipIf(servers.mongodb === null)('a county on KurrentDB and MongoDB', () => {
  test('over HTTP alone a message lives from receipt to a promise kept, seen and rechecked, watched by everybody concerned', async () => {
    const http = await serveDistributed('2026-03-06 20:00')
    try {
      await liveOverHttp(http)
    } finally {
      await http.close()
    }
  }, 120_000)
})
