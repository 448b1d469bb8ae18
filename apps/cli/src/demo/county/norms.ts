import type { NormPack } from '#calendar'

/** 云溪县's own norms: stricter than what the system ships with, or for what it leaves open. */

const source = (clause: string, quotation: string) => ({
  document: '云府办发〔2026〕8号《云溪县政民互动办理规范》（虚构）',
  clause,
  quotation,
})
const base = {
  version: 1,
  endsAt: 'midnight',
  extension: null,
  validFrom: '2026-01-01',
  validTo: null,
  layer: 'county',
} as const

export const yunxiNorms: NormPack = {
  id: 'yunxi',
  version: 1,
  title: '云溪县时限规则',
  norms: [
    {
      ...base,
      id: 'yunxi-acknowledge',
      title: '领导信箱来信2个工作日内告知受理',
      appliesTo: { kinds: ['message'], channels: ['leaders-mailbox'], origins: ['live'] },
      purpose: 'acknowledge',
      within: { amount: 2, unit: 'working-days' },
      startsAt: 'received',
      source: source('第六条', '领导信箱来信应当在2个工作日内告知受理情况。'),
    },
    {
      ...base,
      id: 'yunxi-answer-again',
      title: '退回重办的5个工作日内再次答复',
      appliesTo: { kinds: ['message'] },
      purpose: 'answer-again',
      within: { amount: 5, unit: 'working-days' },
      startsAt: 'reopened',
      source: source('第十一条', '评价不满意、经核实应当重办的，5个工作日内再次答复。'),
    },
    {
      ...base,
      id: 'yunxi-supplement',
      title: '补充材料期限5个工作日',
      appliesTo: { kinds: ['message'] },
      purpose: 'supplement',
      within: { amount: 5, unit: 'working-days' },
      startsAt: 'published',
      source: source('第八条', '需要补充材料的，一次告知，期限5个工作日。'),
    },
  ],
}
