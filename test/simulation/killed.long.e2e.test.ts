import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '#application'
import type { RecordedEvent } from '#event-store'
import { expect, test } from 'vitest'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { Chance } from '../crash/chance.ts'
import { chainFaults } from '../crash/folder.ts'
import { staff } from '../support/county.ts'
import { fileIn, jsonLines, row } from '../support/files.ts'

const MAIN = 'dist/apps/sentinel/src/main.js'
const SEED = Number(process.env['HUIYING_SIMULATION_SEED'] ?? Date.now() % 1_000_000)
const CASES = 400
const ROUNDS = 5
const DAY_MS = 86_400_000

test(
  `killed ${ROUNDS} times while it does what time has brought, the sentinel writes each of it once (seed ${SEED})`,
  { timeout: 180_000 },
  async () => {
    const chance = new Chance(SEED)
    const folder = await mkdtemp(join(tmpdir(), 'huiying-killed-'))
    await takeIn(folder)
    // Each deadline brings one event at least: the last of them dies in the middle of it, too.
    for (let round = 0; round < ROUNDS; round += 1) await runAndKill(folder, chance.between(1, CASES / ROUNDS / 2))
    await runAndEnd(folder)

    const huiying = await openEmbedded({ folder })
    await huiying.settled()
    while ((await huiying.application.sentinel.tick()).more) await huiying.settled()
    const events: RecordedEvent[] = []
    for await (const page of huiying.application.ports.store.readAll('start')) events.push(...page)
    await huiying.close()

    const idsIn = (type: string) =>
      events.filter((event) => event.type === type).map(({ data }) => JSON.stringify(data['deadlineId']))
    expect(idsIn('DeadlineSet')).toHaveLength(CASES)
    expect(idsIn('DeadlineMissed').toSorted()).toEqual(idsIn('DeadlineSet').toSorted())
    const rest = events.filter(({ type }) => /CaseReminded|WatchListDrawn|WeeklyReminderGiven/.test(type))
    const matters = rest.map(({ type, data }) =>
      JSON.stringify([type, data['deadlineId'], data['day'], data['department'], data['date'], data['from']]),
    )
    expect(matters).toEqual([...new Set(matters)])
    expect(await chainFaults(folder)).toEqual([])
    await rm(folder, { recursive: true })
  },
)

/** Messages of two months ago, which nobody has answered. */
async function takeIn(folder: string): Promise<void> {
  const nowMs = systemClock.now() - 60 * DAY_MS
  const huiying = await openEmbedded({ folder, clock: { now: () => nowMs } })
  for (const id of ['transport', 'housing']) {
    const payload = { department: { id, name: id, active: true }, reason: null }
    await huiying.command({ command: 'DefineDepartment', target: null, payload, actor: staff.administrator })
  }
  const time = new Date(nowMs - DAY_MS).toISOString()
  const rows = Array.from({ length: CASES }, (_, at) => row(`row-${at}`, { time }))
  const path = await fileIn(folder, 'rows.jsonl', jsonLines(rows))
  await huiying.application.importFile({ path, channelId: 'leaders-mailbox', kind: 'message', dryRun: false })
  await huiying.settled()
  await huiying.close()
}

function run(folder: string) {
  const child = spawn('node_modules/.bin/node', [MAIN], {
    env: { ...process.env, HUIYING_DATA: folder, HUIYING_EVENTS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, exited: once(child, 'exit'), begun: once(child.stdout, 'data') }
}

/** Kills it once it has written so many events more. */
async function runAndKill(folder: string, afterEvents: number): Promise<void> {
  const database = new DatabaseSync(join(folder, 'events.db'), { readOnly: true })
  const counted = database.prepare('SELECT count(*) AS events FROM events')
  const events = () => Number(counted.get()!['events'])
  const before = events()
  const { child, exited } = run(folder)
  while (events() < before + afterEvents) {
    // One that ends by itself would never write them.
    if (child.exitCode !== null) throw new Error(`the sentinel ended by itself: ${child.exitCode}`)
    await pause(1)
  }
  child.kill('SIGKILL')
  await exited
  database.close()
}

/** Told to end, it ends by itself and well. */
async function runAndEnd(folder: string): Promise<void> {
  const { child, exited, begun } = run(folder)
  await begun
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
}
