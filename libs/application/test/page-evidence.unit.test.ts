import type { PromiseTerms } from '#domain'
import { describe, expect, test } from 'vitest'
import { evidenceOf, weigh, wordsOf } from '../src/sentinel/page-evidence.ts'

const terms: PromiseTerms = {
  quote: '确保9月底前修复青山路破损路面1200平方米',
  action: '修复青山路破损路面',
  class: 'act',
  strength: 'firm',
  promisor: { kind: 'department', name: '交通局' },
  responsible: 'transport',
  due: { kind: 'date', date: '2026-09-30', precision: 'month', words: null },
  milestones: [],
  target: { measure: '路面', unit: '平方米', amount: 1200 },
  publishAt: null,
}

/** What a checker finds of these words on a page with this text. */
function on(text: string, changes: Partial<PromiseTerms> = {}) {
  const evidence = evidenceOf({ ...terms, ...changes })
  return weigh(
    evidence,
    wordsOf(evidence).filter((word) => text.includes(word)),
  )
}

describe('a page proves that a promise was kept', () => {
  test('where it tells what was promised, how much, and that it is done', () => {
    expect(on('近日，我局修复青山路破损路面1200平方米，已完工并开放交通。')).toEqual({
      proof: 'whole',
      words: ['修复青山路破损路面', '1200平方米', '已完工'],
    })
  })

  test('in any spelling of the amount', () => {
    const done = (amount: number, text: string) =>
      on(`修复青山路破损路面${text}，已完工。`, { target: { measure: '路面', unit: '平方米', amount } }).proof
    expect(done(12_000, '12000平方米')).toBe('whole')
    expect(done(12_000, '12,000平方米')).toBe('whole')
    expect(done(12_000, '1.2万平方米')).toBe('whole')
    expect(done(1_234_567, '1,234,567平方米')).toBe('whole')
  })

  test('where no amount was promised, by what was done alone', () => {
    expect(on('修复青山路破损路面工程已竣工。', { target: null }).proof).toBe('whole')
  })
})

describe('it does not', () => {
  test('where it only promises', () => {
    expect(on('我局将于9月底前完成修复青山路破损路面1200平方米。').proof).toBe('partial')
    expect(on('修复青山路破损路面1200平方米尚未完成。').proof).toBe('partial')
  })

  test('where it quotes the promise, as the answer does and a board of promises on which another is done', () => {
    expect(on(`承诺：${terms.quote}。办理中。承诺：更换路灯。已完成。修复青山路破损路面1200平方米`).proof).toBe(
      'partial',
    )
  })

  test('where it tells of less, of more, or of another amount', () => {
    expect(on('修复青山路破损路面300平方米，已完工。').proof).toBe('partial')
    expect(on('修复青山路破损路面，已完工。').proof).toBe('partial')
    expect(on('修复青山路破损路面11200平方米，已完工。').proof).toBe('partial')
    const few = { target: { measure: '路面', unit: '平方米', amount: 200 } }
    expect(on('修复青山路破损路面1,200平方米，已完工。', few).proof).toBe('partial')
    expect(on('修复青山路破损路面3.200平方米，已完工。', few).proof).toBe('partial')
  })

  test('where it tells of something else that is done', () => {
    expect(on('绿水路已完工。')).toEqual({ proof: 'none', words: [] })
  })

  test('where what was promised is said of many things', () => {
    expect(on('整改已完成。', { action: '整改', target: null, quote: '尽快整改' }).proof).toBe('partial')
    expect(evidenceOf({ ...terms, action: '修路', target: null }).isProof).toBe(false)
    expect(evidenceOf({ ...terms, action: '修路灯杆' }).isProof).toBe(true)
    expect(evidenceOf({ ...terms, action: '。', target: null }).isProof).toBe(false)
  })

  test('where promise and result cannot be told apart by their words', () => {
    expect(on('修复青山路破损路面已完工', { quote: '修复青山路破损路面', target: null }).proof).toBe('partial')
  })

  test('of what is no work that can be seen: to publish something, or to answer again', () => {
    for (const kind of ['publish', 'answer-again'] as const) {
      expect(on('修复青山路破损路面1200平方米，已完工。', { class: kind }).proof).toBe('partial')
    }
  })
})

test('what is looked for has bounds, whatever was written into the terms', () => {
  const action = Array.from({ length: 100 }, (_, at) => `第${at}段道路`).join('、')
  const words = wordsOf(evidenceOf({ ...terms, action: action.slice(0, 300), quote: '长'.repeat(2_000) }))
  expect(words.length).toBeLessThan(100)
  expect(Math.max(...words.map((word) => word.length))).toBeLessThanOrEqual(100)
  expect(words.every((word) => word.length >= 2)).toBe(true)
})
