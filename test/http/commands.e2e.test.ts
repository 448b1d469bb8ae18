import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { peoplesCommands, rolesOf } from '../../apps/gateway/src/routes/commands.ts'
import { role } from '#domain'
import type { Actor } from '#domain'
import { HttpCounty } from '../support/http.ts'
import { Scenes, scenarios } from './scenarios.ts'
import type { Scenario } from './scenarios.ts'

let scenes: Scenes
beforeAll(async () => {
  scenes = new Scenes(await HttpCounty.open())
})
afterAll(async () => {
  await scenes.close()
  await scenes.http.close()
})

const nobody = '00000000-0000-7000-8000-000000000000'

test('every command that people give has a scenario, and nothing else has', () => {
  expect(Object.keys(scenarios).sort()).toEqual(peoplesCommands.map(({ name }) => name).sort())
})

describe.each(peoplesCommands)('$name', (row) => {
  let given: Scenario
  let http: HttpCounty
  beforeAll(async () => {
    given = await scenarios[row.name]!(scenes)
    http = given.on ?? scenes.http
  })
  const isForSomething = row.area === null && !row.creates

  test('is refused to other roles', async () => {
    const { target, payload } = given
    const other = role.options.find((each) => !rolesOf(row).includes(each))!
    const actor = { person: 'somebody', department: 'office', role: other } as Actor
    expect(await http.refused(row.name, target, payload, actor)).toMatchObject({
      status: 403,
      code: 'ROLE_NOT_ALLOWED',
    })
    const unknown = await http.ask(row.name, target, payload, {})
    expect(unknown).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('needs a key', async () => {
    const { target, payload, as } = given
    const refused = await http.refused(row.name, target, payload, as, { key: '' })
    expect(refused).toMatchObject({ status: 400, code: 'IDEMPOTENCY_KEY_MISSING' })
  })

  test('names the fields of a body that does not fit, and repeats nothing of it', async () => {
    const refused = await http.refused(row.name, given.target, { nonsense: '13800138000' }, given.as)
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_COMMAND' })
    expect(refused.errors).toContainEqual(expect.objectContaining({ place: 'body', field: '/nonsense' }))
    for (const { zh, en } of refused.errors) expect([zh, en].every((text) => text.length > 0)).toBe(true)
    expect(JSON.stringify(refused)).not.toContain('13800138000')
  })

  test.runIf(isForSomething)('finds nothing under an unknown id', async () => {
    const unknown = row.aggregate.name === 'intake' ? 'phone-none' : nobody
    const refused = await http.refused(row.name, unknown, given.payload, given.as)
    expect(refused).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await http.refused(row.name, 'No id!', given.payload, given.as)).toMatchObject({
      status: 400,
      code: 'PARAMETERS_INVALID',
      errors: [{ place: 'path', field: 'id' }],
    })
  })

  test('is refused where it is based on another revision than the present one', async () => {
    const { target, payload, as } = given
    const refused = await http.refused(row.name, target, payload, as, { basedOn: 4_000 })
    expect(refused).toMatchObject({ status: 409, code: 'VERSION_CONFLICT' })
  })

  test('is accepted; repeated with its key it answers the same, with another body it is refused', async () => {
    const { target, payload, as, otherwise, toldOnce, destroysKey = false } = given
    const key = `of-${row.name}`
    const first = await http.ask(row.name, target, payload, { as, key })
    expect(first).toMatchObject({ status: 200, body: { outcome: 'accepted' } })
    expect(first.body.events.length).toBeGreaterThan(0)
    expect(first.headers.get('etag')).toBe(`"${first.body.revision}"`)
    expect(first.headers.get('huiying-token')).toBe(first.body.token)

    if (destroysKey) await http.county.huiying.settled()
    const again = await http.ask(row.name, target, payload, { as, key, basedOn: 4_000 })
    const { [toldOnce ?? '']: told, ...body } = first.body as unknown as Record<string, unknown>
    expect(told === undefined).toBe(toldOnce === undefined)
    expect(again).toMatchObject({ status: 200, body })
    if (toldOnce !== undefined) expect(again.body).not.toHaveProperty(toldOnce)

    const asking = { as, key, ...(otherwise === undefined && { query: '?occurredAt=2026-01-01T00:00:00.000Z' }) }
    const another = await http.ask(row.name, target, { ...(payload as object), ...otherwise }, asking)
    expect(another).toMatchObject(
      destroysKey ? { status: 200, body: first.body } : { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } },
    )
  })
})
