import { z } from 'zod'
import { promiseMark } from '../commitment/terms.ts'
import { evidence as attachments } from '../kernel/file.ts'
import { departmentId, instant, line, personId, sensitive, text, uuid } from '../kernel/values.ts'

/** Words and shapes that the events and commands of a case share: storage formats. */

export const caseKind = z.enum(['message', 'opinion'])
export type CaseKind = z.infer<typeof caseKind>

export const caseType = z.enum([
  'consultation', // 咨询
  'help', // 求助
  'complaint', // 投诉
  'suggestion', // 建议
  'report', // 举报
  'correction', // 找错
  'thanks', // 感谢
  'opinion', // 舆情
])
export type CaseType = z.infer<typeof caseType>
/** What a message may be. */
export const messageType = caseType.exclude(['opinion'])
export type MessageType = z.infer<typeof messageType>

/** As sources call them. */
export const messageTypeWords: Readonly<Record<MessageType, string>> = {
  consultation: '咨询',
  help: '求助',
  complaint: '投诉',
  suggestion: '建议',
  report: '举报',
  correction: '找错',
  thanks: '感谢',
}

export const caseOrigin = z.enum(['live', 'history'])
export const askerWish = z.enum(['public', 'private'])

/** 一般 | 较大 | 重大 | 特别重大: of an opinion by the county's criteria, of an incident by the competent authority. */
export const grade = z.enum(['general', 'larger', 'major', 'especially-major'])
export type Grade = z.infer<typeof grade>

export const sensitivity = z.enum([
  'stability', // 涉稳
  'minors', // 涉未成年人
  'secrecy', // 涉密
  'privacy', // 涉个人隐私
  'ethnic-religious', // 涉民族宗教
  'foreign', // 涉外
  'litigation', // 涉法涉诉
  'discipline', // 涉纪检监察
  'safety', // 涉安全生产
  'life', // 涉生命安全
])

export const incident = z.strictObject({
  grade,
  /** The authority that set the grade, and where it says so. */
  setBy: line(200),
  document: sensitive(line(200)).nullable(),
})

export const demand = z.strictObject({ id: uuid, text: sensitive(line(500)) })

/** Whom a 举报 accuses, as far as they are of the county: never routed, shown or assigned to them. */
export const accused = z.strictObject({
  departments: z.array(departmentId).max(20),
  persons: z.array(personId).max(20),
})
export type Accused = z.infer<typeof accused>

export { attachments }

/** Who asked twice is a duplicate 重复件; what others ask of the same matter is similar 同类件. */
export const joinRelation = z.enum(['duplicate', 'similar'])

export const responseKind = z.enum([
  'acknowledgement', // 受理告知
  'forwarded', // 转办告知: answers nothing
  'interim', // 阶段性答复
  'final', // 正式答复
  'supplementary', // 补充答复
])
export type ResponseKind = z.infer<typeof responseKind>

export const responseMeans = z.enum([
  'website', // 网站
  'in-person', // 当面
  'phone', // 电话
  'press-conference', // 新闻发布会
  'new-media', // 新媒体
  'private-message', // 短信、站内信、信函: to the asker alone
])
export type ResponseMeans = z.infer<typeof responseMeans>

/** Word of mouth. */
export const spokenMeans = responseMeans.extract(['in-person', 'phone'])

/** The longest real answer seen has 7,883 characters. */
export const RESPONSE_TEXT_MAX = 20_000
export const answerText = text(RESPONSE_TEXT_MAX).min(1)
export const publicAddress = line(1000)

/** Characters of the whole as JSON: sealed it stays below the 512 KiB of one append. */
export const RESPONSE_CHARACTERS_MAX = 100_000

/** What a response says; its digest covers all of it. */
export const responseContent = z.strictObject({
  kind: responseKind,
  /** What the asker is told. */
  text: sensitive(answerText),
  /** What the public may read: redacted before submission. Null where nothing is public. */
  publicText: sensitive(answerText).nullable(),
  attachments,
  means: responseMeans,
  marks: z.array(promiseMark).max(30),
})
export type ResponseContent = z.infer<typeof responseContent>

export const finding = z.enum([
  'substantiated', // 属实
  'partly-substantiated', // 部分属实
  'unsubstantiated', // 不属实
  'unverifiable', // 无法核实
  'not-applicable', // nothing was claimed that could be true or not: 咨询, 建议
])

export const rating = z.discriminatedUnion('scale', [
  z.strictObject({ scale: z.literal('stars'), stars: z.number().int().min(1).max(5) }),
  z.strictObject({ scale: z.literal('words'), words: z.enum(['satisfied', 'basically-satisfied', 'dissatisfied']) }),
])
export type Rating = z.infer<typeof rating>

/** Grounds for not accepting a message. */
export const notAcceptedGround = z.enum([
  'litigation', // 已进入诉讼
  'arbitration', // 已进入仲裁
  'discipline', // 纪检监察
  'reconsideration', // 行政复议
  'petition-under-way', // 信访办理中
  'not-ours', // 不属本级职权
  'secret-or-private', // 涉密或涉隐私
  'already-answered', // 已答复
])

/** Reasons, notes and statements that staff write. */
export const reason = sensitive(line(2000))
export const note = sensitive(line(2000)).nullable()

/** Who or what decided where a case goes. */
export const routingBasis = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rule'), rule: line(200) }),
  z.strictObject({ kind: z.literal('person'), reason: note }),
  /** 裁定: binds, so that the lead may not hand it back. */
  z.strictObject({
    kind: z.literal('jurisdiction'),
    decidedBy: line(200),
    document: sensitive(line(200)).nullable(),
    reason,
  }),
])

/** What an answer says that was not drafted on the case itself: given by its lead, or before the system. */
export const answer = {
  kind: responseKind,
  text: sensitive(answerText),
  publicText: sensitive(answerText).nullable(),
  means: responseMeans,
  address: publicAddress.nullable(),
  publishedAt: instant,
}
