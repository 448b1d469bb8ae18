import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import stringWidth from 'string-width'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Narrator } from '../src/demo/narrator.ts'
import { people } from '../src/demo/story/county.ts'
import { StoryStage } from '../src/demo/story/story-stage.ts'
import { commandsIn, DEMO_MS_MAX, DemoProcess, runDemo, runHuiying } from './demo-process.ts'

let temporary: string
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'huiying-demo-test-'))
})
afterEach(() => rmSync(temporary, { recursive: true, force: true }))

test(
  'the story tells how a promise is made, kept, seen to be kept and proven, within 80 columns, and leaves nothing behind',
  { timeout: DEMO_MS_MAX },
  async () => {
    const { exitCode, output, problems } = await runDemo(['--story'], temporary)
    expect(problems).toBe('')
    expect(exitCode).toBe(0)
    const told = output.split('\n')
    const inOrder = [
      '共 303 行：新收 299，未变 0，更新 0，拒收 4',
      'ID_MISSING',
      'TIME_INVALID',
      'JSON_INVALID',
      'REPLY_BEFORE_QUESTION',
      '共 303 行：新收 0，未变 298，更新 1，拒收 4',
      '10-01 至 10-08  不计     节假日（国庆节、中秋节）',
      '10-11           第 4 日  调休补班',
      '统计：收到 299 件',
      '退回',
      'NOT_APPROVED',
      '在县政府网站公开答复',
      '承诺入账：“确保9月底前完成修复”',
      'VERIFIER_NOT_INDEPENDENT',
      'PUBLICATION_NOT_VERIFIED',
      '销号；12-29 回头看',
      '承诺  还没有                   1 项，已销号',
      '完好无改动',
      'DIGEST_MISMATCH',
      '接下来可以试试',
    ]
    const places = inOrder.map((words) => told.findIndex((line) => line.includes(words)))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(told.filter((line) => stringWidth(line) > 80)).toEqual([])
    expect(output, 'no colours where there is no terminal').not.toContain('\u001B')
    expect(readdirSync(temporary)).toEqual([])
  },
)

test('with --keep the stores stay, and the commands that it names work on them', { timeout: DEMO_MS_MAX }, async () => {
  const { exitCode, output } = await runDemo(['--story', '--keep'], temporary)
  expect(exitCode).toBe(0)
  const named = commandsIn(output)
  expect(named).toHaveLength(4)
  for (const given of named) {
    expect(await runHuiying(given, temporary, '')).toMatchObject({ exitCode: 0, problems: '' })
  }
})

test('interrupted, the story leaves nothing behind', { timeout: DEMO_MS_MAX }, async () => {
  const story = new DemoProcess(['--story'], temporary)
  await story.says(/准备/)
  expect(readdirSync(temporary)).toHaveLength(1)
  story.interrupt()
  expect(await story.end()).toMatchObject({ exitCode: 1, problems: '' })
  expect(readdirSync(temporary)).toEqual([])
})

test('a step that goes otherwise than the story says ends it', { timeout: DEMO_MS_MAX }, async () => {
  const told: string[] = []
  const stage = await StoryStage.open(temporary, '2025-06-30 17:00', new Narrator((text) => told.push(text)))
  try {
    const { administrator: by, officer } = people
    const department = { id: 'transport', name: '交通运输局', active: true }
    const step = {
      by,
      at: '2025-07-01 09:00',
      command: 'DefineDepartment',
      payload: { department, reason: null },
      told: '',
    }
    await expect(stage.act({ ...step, by: officer })).rejects.toThrow('ROLE_NOT_ALLOWED')
    await expect(stage.refused('ROLE_NOT_ALLOWED', step)).rejects.toThrow('实为 accepted')
    await expect(stage.act({ ...step, at: '2025-06-30 09:00' })).rejects.toThrow('时钟不能往回拨')
    expect(told).toEqual([])
  } finally {
    await stage.huiying.close()
  }
})
