import { afterEach, expect, test } from 'vitest'
import { VitalsWatch } from '../src/vitals.ts'

const at = (count: number) => String(count).padStart(16, '0')
const names = ['casework', 'intake', 'watch', 'search']

/** A system whose parts are where a test says they are. */
function setUp() {
  const state = {
    nowMs: 0,
    head: at(1),
    checkpoints: new Map<string, string>(names.map((name) => [name, at(1)])),
    handled: at(1),
    stopped: null as Error | null,
    failing: null as { error: unknown; failures: number } | null,
  }
  const watch = new VitalsWatch(
    {
      application: {
        ports: { store: { head: () => Promise.resolve(state.head) } },
        policies: {
          get handled() {
            return state.handled
          },
          get failure() {
            return state.failing
          },
        },
      },
      projector: {
        checkpoint: (name) => state.checkpoints.get(name) ?? null,
        get failure() {
          return state.stopped
        },
      },
      written: { events: 7 },
    },
    () => {},
    () => state.nowMs,
  )
  stops.push(() => watch.stop())
  return { state, watch }
}

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

test('who has seen everything is behind nothing', async () => {
  const { watch, state } = setUp()
  state.nowMs = 3_600_000
  expect(await watch.read()).toEqual({
    behindSeconds: { casework: 0, intake: 0, watch: 0, search: 0 },
    policies: { behindSeconds: 0, failures: 0 },
    projecting: true,
    eventsWritten: 7,
    hindrances: [],
  })
})

test('lists may be ten seconds behind and search a minute; beyond that it is not ready, and says which', async () => {
  const { watch, state } = setUp()
  await watch.read()
  state.head = at(2)
  await watch.read()
  state.nowMs = 10_000
  expect((await watch.read()).hindrances).toEqual([])
  state.nowMs = 11_000
  for (const name of ['intake', 'watch']) state.checkpoints.set(name, at(2))
  expect(await watch.read()).toMatchObject({
    behindSeconds: { casework: 11, intake: 0, search: 11 },
    hindrances: [{ code: 'PROJECTIONS_BEHIND', detail: 'casework: 11 s behind' }],
  })
  state.checkpoints.set('casework', at(2))
  state.nowMs = 61_000
  expect((await watch.read()).hindrances).toEqual([{ code: 'PROJECTIONS_BEHIND', detail: 'search: 61 s behind' }])
  state.checkpoints.set('search', at(2))
  expect((await watch.read()).hindrances).toEqual([])
})

test('what is built for the first time, or anew in another version, is not there yet', async () => {
  const { watch, state } = setUp()
  state.checkpoints.delete('casework')
  expect((await watch.read()).hindrances).toEqual([{ code: 'PROJECTIONS_BEHIND', detail: 'casework is being built' }])
})

test('what keeps the read models has stopped: one reason, and not one for each of them', async () => {
  const { watch, state } = setUp()
  state.stopped = new Error('the projector has stopped')
  state.checkpoints.clear()
  expect(await watch.read()).toMatchObject({
    projecting: false,
    hindrances: [{ code: 'PROJECTIONS_STOPPED', detail: 'the projector has stopped' }],
  })
})

test('policies that fail, and for how long events wait for them', async () => {
  const { watch, state } = setUp()
  await watch.read()
  state.head = at(2)
  state.checkpoints = new Map(names.map((name) => [name, at(2)]))
  await watch.read()
  state.nowMs = 5_000
  state.failing = { error: new Error('no room'), failures: 3 }
  expect(await watch.read()).toMatchObject({
    policies: { behindSeconds: 5, failures: 3 },
    hindrances: [{ code: 'POLICIES_FAILING', detail: '3 times in a row: no room' }],
  })
})
