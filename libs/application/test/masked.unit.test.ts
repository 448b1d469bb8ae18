import { describe, expect, test } from 'vitest'
import { masked } from '../src/queries/reports/masked.ts'

describe('what somebody could be found by', () => {
  test.each([
    ['手机13812345678反映', '手机〔电话〕反映'],
    ['138-1234-5678', '〔电话〕'],
    ['１３８１２３４５６７８', '〔电话〕'],
    ['固话0745-8822452。', '固话〔电话〕。'],
    ['身份证11010519491231002X补办', '身份证〔身份证号〕补办'],
    ['卡号6222020200112233445退款', '卡号〔证件或卡号〕退款'],
    ['湘A12345违停，鄂AD12345', '〔车牌〕违停，〔车牌〕'],
    ['发到zhang.san@example.com', '发到〔邮箱〕'],
    ['13812345678、13987654321', '〔电话〕、〔电话〕'],
  ])('%s', (text, expected) => {
    expect(masked(text)).toBe(expected)
  })
})

describe('other numbers stay', () => {
  test.each([
    '2026-000001号办件，2026年9月30日前',
    '投资1.2亿元，12345热线，K1路公交，107国道',
    '国办发〔2016〕61号',
    '滨河路128号3栋2单元',
    '13812345（8位）',
  ])('%s', (text) => {
    expect(masked(text)).toBe(text)
  })
})
