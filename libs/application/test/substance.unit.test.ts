import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { emptyAnswers } from '../../../test/support/empty-answers.ts'
import { isSubstantive } from '../src/projections/casework/substance.ts'

const final = (text: string) => isSubstantive({ kind: 'final', text })

describe('an answer says nothing about the matter', () => {
  test.each([
    '您好！您的留言已收悉。',
    '尊敬的网友：您好！您反映的问题已转交县住建局调查处理，处理情况会及时回复给您。感谢您的留言！2026年3月4日',
    '关于您反映的问题，我们已转交相关单位。',
    '您所反映的问题已收悉，已将有关问题交相关部门核实，请耐心等待。',
    '感谢您对我县工作的关心、监督与支持，祝您生活愉快！',
    '网友：您好！现将有关情况回复如下：',
    '2026年3月4日',
    '',
  ])('%s', (text) => {
    expect(final(text)).toBe(false)
  })
})

describe('an answer says something', () => {
  test.each([
    '您好！您的留言已收悉。经查，该路段因管线施工破损，已于3月2日修复。',
    '您反映的问题已转交县住建局。经该局核实，电梯已恢复运行。',
    '请到户籍所在地派出所办理。',
    '目前没有这方面的补贴政策。',
    '您反映的情况已有好转，水压恢复正常。',
    '您的留言已收悉。'.repeat(60),
  ])('%s', (text) => {
    expect(final(text)).toBe(true)
  })
})

test('only final and supplementary answers are asked', () => {
  const text = '经查，该路段已于3月2日修复。'
  const kinds = ['acknowledgement', 'forwarded', 'interim', 'final', 'supplementary']
  expect(kinds.filter((kind) => isSubstantive({ kind, text }))).toEqual(['final', 'supplementary'])
})

const file = new URL('../../../../shared/data/replies.jsonl', import.meta.url)
test.skipIf(!existsSync(file))('of 1,786 real answers, exactly those that reading found say nothing', () => {
  const answers = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; reply: string })
  const empty = answers.filter(({ reply }) => !final(reply)).map(({ id }) => id)
  expect(new Set(empty)).toEqual(emptyAnswers)
  expect(empty).toHaveLength(169)
})
