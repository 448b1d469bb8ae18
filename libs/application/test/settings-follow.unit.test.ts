import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEmbedded } from '../../../apps/standalone/src/embedded.ts'
import type { Embedded } from '../../../apps/standalone/src/embedded.ts'
import { staff } from '../../../test/support/county.ts'
import { SettingsService } from '../src/settings/settings-service.ts'

let folder: string
let huiying: Embedded
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huiying-settings-'))
  huiying = await openEmbedded({ folder })
})
afterEach(async () => {
  await huiying.close()
  await rm(folder, { recursive: true })
})

const define = (id: string) =>
  huiying.command({
    command: 'DefineDepartment',
    target: null,
    payload: { department: { id, name: id, active: true }, reason: null },
    actor: staff.administrator,
  })

test('another process’s settings follow what is changed elsewhere, from before it began to follow and after', async () => {
  const elsewhere = new SettingsService(huiying.application.ports.store)
  await elsewhere.load()
  await define('transport')
  expect(elsewhere.current.departments.has('transport')).toBe(false)
  const stopping = new AbortController()
  const following = elsewhere.follow(stopping.signal)
  await expect.poll(() => elsewhere.current.departments.has('transport')).toBe(true)
  await define('housing')
  await expect.poll(() => elsewhere.current.departments.has('housing')).toBe(true)
  stopping.abort()
  await following
})
