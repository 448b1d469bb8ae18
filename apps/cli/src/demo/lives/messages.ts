import { someoneWith, staffOf } from '../county/people.ts'
import { dataOf } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import { levelsIn, savedIn } from './casework.ts'
import type { Affair } from './affair.ts'
import { answered, closed, lookInto, taken } from './answering.ts'
import { promising, questions, siteMistakes } from './cast.ts'
import type { Cast } from './cast.ts'

/** Lives of messages that nobody else's life depends on. */

export function* plain(cast: Cast): Life {
  const affair = cast.affair()
  const { responseId, digest } = yield* answered(affair)
  yield* closed(affair)
  if (!cast.random.chance(30)) return
  cast.pace.days(1, 3)
  yield* affair.act(someoneWith('coordinator'), 'FeatureReply', { responseId, digest })
}

/** 简单常见问题: a day. */
export function* simple(cast: Cast): Life {
  const affair = cast.affair({ of: questions, channel: 'interaction-platform' })
  yield* taken(affair, { simple: true })
  cast.pace.minutes(15, 40)
  yield* affair.respond(affair.content(affair.happening.answer))
  yield* closed(affair)
}

/** 即时办结: a simple question, answered by whoever was asked. */
export function* onTheSpot(cast: Cast): Life {
  const channel = cast.random.pick(['window', 'phone'] as const)
  const affair = cast.affair({ of: questions, channel })
  cast.pace.minutes(1, 60)
  yield* affair.answeredAtOnce(channel === 'window' ? 'in-person' : 'phone')
  cast.pace.minutes(1, 20)
  yield* affair.rate({ scale: 'stars', stars: cast.random.between(4, 5) })
}

/** Answered at once by its department, and approved afterwards: more than a simple question. */
export function* answeredAtCounter(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'window' })
  cast.pace.minutes(1, 60)
  yield* affair.arrive()
  cast.pace.minutes(4, 15)
  const { kind, ...content } = affair.content(affair.happening.answer, { means: 'in-person' })
  const { type, subject } = affair.happening.matter
  const said = yield* affair.act(affair.officer, 'AnswerOnTheSpot', {
    type,
    subject,
    content: { kind, attachments: [], ...content },
  })
  const saved = savedIn(said)
  yield* affair.approve(saved, levelsIn(said))
  cast.pace.minutes(3, 20)
  yield* affair.publish(saved, content.means)
  yield* closed(affair)
}

/** The day passes, somebody urges, and the answer comes late. */
export function* late(cast: Cast): Life {
  const affair = cast.affair()
  yield* taken(affair)
  cast.pace.days(10, 12)
  yield* affair.act(someoneWith('coordinator'), 'RemindCase', {
    cause: 'person',
    deadlineId: null,
    note: '已超过答复时限，请今日内报送答复意见。',
  })
  cast.pace.minutes(60, 400)
  yield* affair.respond(affair.content(`${affair.happening.answer}答复迟了，向您致歉。`))
  yield* closed(affair)
}

/** 延期: asked for by its department, granted by the coordinator. */
export function* extended(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'hotline-12345' })
  yield* taken(affair)
  cast.pace.days(3)
  yield* affair.act(affair.officer, 'SaveDraft', {
    responseId: null,
    content: {
      attachments: [],
      ...affair.content('情况较复杂，需现场勘查并征求有关单位意见，进展先告知您。', { kind: 'interim' }),
    },
  })
  cast.pace.minutes(30, 90)
  yield* affair.act(someoneWith('coordinator'), 'ExtendDeadline', {
    deadlineId: yield* finalDeadline(affair),
    requestedBy: affair.officer.actor.person,
    reason: '需委托检测机构取样，七个工作日内无法得出结论。',
  })
  cast.pace.days(6, 8)
  yield* affair.respond(affair.content(affair.happening.answer))
  yield* closed(affair)
}

/** 暂停: the clock stands still until an expert's opinion is there. */
export function* suspended(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'hotline-12345' })
  yield* taken(affair)
  cast.pace.days(2, 3)
  const deadlineId = yield* suspend(affair)
  cast.pace.days(4, 8)
  yield* affair.act(someoneWith('coordinator'), 'ResumeDeadline', { deadlineId })
  cast.pace.days(1, 2)
  yield* affair.respond(affair.content(affair.happening.answer))
  yield* closed(affair)
}

export function* suspend(affair: Affair): Life<string> {
  const deadlineId = yield* finalDeadline(affair)
  affair.pace.minutes(5, 20)
  yield* affair.act(someoneWith('coordinator'), 'SuspendDeadline', {
    deadlineId,
    ground: '须等待鉴定机构出具鉴定意见',
    basis: '鉴定所需时间不计入办理时限，已书面告知留言人',
  })
  return deadlineId
}

/** The deadline of the answer that the public waits for. */
export function* finalDeadline(affair: Affair): Life<string> {
  const { case: of } = yield* affair.look()
  return of.final!.id
}

/** 补充材料: asked for and sent. */
export function* supplemented(cast: Cast): Life {
  const affair = cast.affair({ channel: 'yunxi-app' })
  yield* taken(affair)
  cast.pace.minutes(30, 120)
  const asked = yield* affair.act(affair.officer, 'RequestSupplement', {
    what: '请补充现场照片和具体位置',
    due: null,
  })
  const { supplementId } = dataOf<{ supplementId: string }>(asked, 'SupplementRequested')
  cast.pace.days(1)
  yield* affair.act(staffOf('open-government', 'channel')[0], 'RecordSupplement', {
    request: supplementId,
    text: '照片已拍，位置在路口往东二十米，电线杆旁边。',
    attachments: [],
    receivedAt: null,
  })
  cast.pace.days(1, 2)
  yield* affair.respond(affair.content(affair.happening.answer))
  yield* closed(affair)
}

/** The asker writes on before anybody has answered. */
export function* revised(cast: Cast): Life {
  const affair = cast.affair({ channel: 'yunxi-app' })
  yield* taken(affair)
  cast.pace.minutes(60, 200)
  yield* affair.revise('补充一句：昨天又发生了一次，邻居都可以作证。')
  lookInto(affair)
  yield* affair.respond(affair.content(affair.happening.answer))
  yield* closed(affair)
}

/** 受理 first, then what is known so far, then the answer, then what came after it. */
export function* inStages(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'leaders-mailbox' })
  yield* taken(affair)
  cast.pace.days(1)
  yield* affair.respond(affair.content('已完成现场勘查，检测结果出来后再向您答复。', { kind: 'interim' }))
  cast.pace.days(1)
  yield* affair.respond(affair.content(affair.happening.answer))
  yield* closed(affair)
  cast.pace.days(3, 6)
  yield* affair.respond(affair.content('检测报告已在县政府网站公布，结论与此前答复一致。', { kind: 'supplementary' }))
}

/** 转办告知, which answers nothing, before the department has it. */
export function* forwarded(cast: Cast): Life {
  const affair = cast.affair({ channel: 'superior' })
  yield* affair.arrive()
  cast.pace.minutes(10, 40)
  yield* affair.triage()
  cast.pace.minutes(3, 10)
  yield* affair.route()
  const [by] = staffOf('open-government', 'monitor')
  cast.pace.minutes(3, 10)
  const notice = affair.content('您的留言已由上级平台转来，现已转交主管单位办理。', {
    kind: 'forwarded',
    means: 'private-message',
  })
  yield* affair.respond(notice, by)
  cast.pace.minutes(10, 40)
  yield* affair.sign()
  cast.pace.days(1, 2)
  yield* affair.respond(affair.content(affair.happening.answer, { means: 'new-media' }))
  yield* closed(affair)
}

/** 找错: three working days. */
export function* siteCorrected(cast: Cast): Life {
  const affair = cast.affair({ of: siteMistakes, channel: 'site-corrections' })
  yield* answered(affair)
  yield* closed(affair)
}

export function* thanked(cast: Cast): Life {
  const affair = cast.affair({ channel: 'new-media' })
  yield* affair.arrive()
  cast.pace.minutes(10, 40)
  yield* affair.triage({ type: 'thanks', demands: [] })
  cast.pace.minutes(3, 10)
  yield* affair.route()
  cast.pace.minutes(10, 90)
  yield* affair.sign()
  cast.pace.days(1)
  yield* affair.respond(affair.content('谢谢您的肯定，我们会继续把事情办好。'))
  yield* closed(affair)
}

/** Whoever wishes to stay unnamed is answered alone. */
export function* inPrivate(cast: Cast): Life {
  const affair = cast.affair({ channel: 'leaders-mailbox', wish: 'private' })
  yield* answered(affair)
  yield* closed(affair)
}
