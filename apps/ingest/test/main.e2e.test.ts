import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodes } from '#processes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEmbedded } from '../../standalone/src/embedded.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huiying-ingest-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function ingest() {
  const child = spawn('node_modules/.bin/node', ['dist/apps/ingest/src/main.js'], {
    env: { ...process.env, HUIYING_DATA: folder, HUIYING_EVENTS: '', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  }
  return { child, said: () => said, exited: once(child, 'exit') as Promise<[number | null]> }
}

test('holds the stores while it looks at feeds, and lets go of them when it is told to stop', async () => {
  const first = ingest()
  await expect.poll(first.said, { timeout: 30_000 }).toContain('looking at feeds')
  const second = ingest()
  expect((await second.exited)[0]).toBe(exitCodes.storeInUse)
  expect(second.said()).toMatch(/^huiying: .*\(STORE_IN_USE\)$/m)
  first.child.kill('SIGTERM')
  expect((await first.exited)[0]).toBe(0)
  await (await openEmbedded({ folder })).close()
}, 60_000)
