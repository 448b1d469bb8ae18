import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { liveOverHttp } from '../http/life.ts'
import { staff } from '../support/county.ts'
import { serveDistributed } from '../support/distributed-county.ts'
import type { DistributedCounty } from '../support/distributed-county.ts'
import type { HttpCounty } from '../support/http.ts'
import { servers } from '../support/servers.ts'

const TEST_MS = 120_000

describe.skipIf(servers.mongodb === null)('a county on KurrentDB and MongoDB', () => {
  let http: HttpCounty<DistributedCounty>
  beforeAll(async () => {
    http = await serveDistributed('2026-03-06 20:00')
  }, TEST_MS)
  afterAll(() => http.close(), TEST_MS)
  const operator = (what: string) => http.post(`/api/operator/${what}`, undefined, { as: 'operator' })

  test(
    'over HTTP alone a message lives from receipt to a promise kept, seen and rechecked, watched by everybody concerned',
    () => liveOverHttp(http),
    TEST_MS,
  )

  test(
    'a rebuild beside running projectors gives what they wrote, takes over, and they go on with it',
    async () => {
      await http.county.settled()
      expect((await operator('compare')).body).toMatchObject({ differing: 0 })
      expect(await operator('rebuild')).toMatchObject({ status: 200, body: { rebuilt: true } })
      const before = await http.get<{ total: number }>('/api/cases', { as: staff.auditor })
      expect(before.body.total).toBe(2)
      const department = { id: 'schools', name: '教育局', active: true }
      await http.give('DefineDepartment', null, { department, reason: null }, staff.administrator)
      await http.county.settled()
      expect((await operator('compare')).body).toMatchObject({ differing: 0 })
    },
    TEST_MS,
  )
})
