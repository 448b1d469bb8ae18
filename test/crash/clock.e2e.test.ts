import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { chainFaults, faultsWhenSettled, readEvents } from './folder.ts'
import { leaveBehind, workOn } from './left-behind.ts'

const HOUR = 3_600_000
const offsets = [5 * HOUR, -30 * HOUR, 400 * 24 * HOUR]

test('a clock that jumps between runs breaks nothing: identity, order and replay do not hang on it', async () => {
  const left = await leaveBehind(150)
  const { parent, folder, told } = left
  for (const offset of offsets) {
    await workOn(left, 200, offset)
    expect(told.faults, `clock moved by ${offset / HOUR} hours`).toEqual([])
    expect((await faultsWhenSettled(folder, told, () => 0)).faults, `clock moved by ${offset / HOUR} hours`).toEqual([])
  }
  const recorded = (await readEvents(folder)).map(({ metadata }) => metadata.recordedAt)
  expect(recorded).not.toEqual(recorded.toSorted())
  expect(await chainFaults(folder)).toEqual([])
  // Nobody publishes before it was approved; where the clock says so, that is refused until it is right again.
  const expected = new Set(['PUBLISHED_BEFORE_APPROVAL'])
  expect([...told.refusals.keys()].filter((code) => !expected.has(code))).toEqual([])
  await rm(parent, { recursive: true })
}, 120_000)
