import { afterAll, beforeAll, test } from 'vitest'
import { defaultLimits } from '../../apps/gateway/src/http/limits.ts'
import { HttpCounty } from '../support/http.ts'
import { liveOverHttp } from './life.ts'

let http: HttpCounty
beforeAll(async () => {
  const limits = { ...defaultLimits, live: { ...defaultLimits.live, heartbeatMs: 50 } }
  http = await HttpCounty.open({ local: '2026-03-06 20:00', limits })
})
afterAll(() => http.close())

test(
  'over HTTP alone a message lives from receipt to a promise kept, seen and rechecked, watched by everybody concerned',
  () => liveOverHttp(http),
  60_000,
)
