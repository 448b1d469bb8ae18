import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetCase, ListCases } from '#application'
import { ERASED } from '#event-store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { County, staff } from '../support/county.ts'

let county: County
beforeEach(async () => {
  county = await County.open()
})
afterEach(() => county.close())

const SECRET = '黄桷垭玄武井边'

test('what an erased message said is in no file, while its case stays provable', async () => {
  const kept = await county.message('1', '路灯', '路灯坏了。')
  const erased = await county.message('2', `${SECRET}的事`, `住在${SECRET}的人问。`)
  expect(await found(SECRET)).toBe(1)
  expect((await filesHolding(SECRET)).length).toBeGreaterThan(1)

  await county.give(
    'EraseItem',
    erased.item,
    { ground: 'asked-by-author', basis: '个人信息保护法 47' },
    staff.coordinator,
  )

  expect(await found(SECRET)).toBe(0)
  expect(await filesHolding(SECRET)).toEqual([])
  const { case: shown, items } = await county.huiying.query(new GetCase({ number: erased.case, asker: 'operator' }))
  expect(shown).toMatchObject({ title: '', status: 'new' })
  expect(items).toMatchObject([{ place: 'erased', content: '' }])
  const [received] = await county.events(`item-${erased.item}`)
  expect(received).toMatchObject({ type: 'ItemReceived', data: { title: ERASED, content: ERASED } })
  expect((await county.huiying.projector.compare()).differing).toBe(0)
  expect((await county.huiying.query(new GetCase({ number: kept.case, asker: 'operator' }))).case.title).toBe('路灯')
})

test('an erased item refuses every further delivery, also after the store was opened again', async () => {
  const { item } = await county.message('3', `${SECRET}的事`, '请回复。')
  await county.give('EraseItem', item, { ground: 'asked-by-author', basis: '第 47 条' }, staff.coordinator)
  await county.reopen()
  await expect(county.message('3', `${SECRET}的事`, '请回复。')).rejects.toThrow('ITEM_ERASED')
  expect(await filesHolding(SECRET)).toEqual([])
})

async function found(search: string): Promise<number> {
  return (await county.huiying.query(new ListCases({ asker: 'operator', search }))).total
}

/** The files of the folder in whose bytes a text stands, also cut into single characters or pairs of them as search keeps it. */
async function filesHolding(text: string): Promise<string[]> {
  const pairs = Array.from(text, (character, index) => character + (text[index + 1] ?? '')).slice(0, -1)
  const holding: string[] = []
  for (const name of await readdir(county.folder)) {
    const bytes = await readFile(join(county.folder, name))
    if ([text, ...pairs].some((words) => bytes.includes(words))) holding.push(name)
  }
  return holding
}
