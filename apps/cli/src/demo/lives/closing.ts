import { someoneWith, staffOf } from '../county/people.ts'
import type { Life } from '../play/step.ts'
import { savedIn } from './casework.ts'
import { answered, closed } from './answering.ts'
import { promising } from './cast.ts'
import type { Cast } from './cast.ts'

/** Lives that are not over with the first answer. */

/** A low rating, and the case is opened again and answered better. */
export function* reopened(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'hotline-12345' })
  yield* answered(affair, '您反映的情况我们已了解，将加强管理。')
  cast.pace.days(1, 2)
  yield* affair.complete()
  cast.pace.minutes(60, 400)
  yield* affair.rate({ scale: 'words', words: 'dissatisfied' }, '答非所问，问题一点没动。')
  cast.pace.days(1)
  const [by] = staffOf('open-government', 'monitor')
  yield* affair.act(by, 'ReopenCase', { cause: 'dissatisfied', reason: '留言人评价不满意，经核实诉求未解决，退回重办' })
  cast.pace.days(2, 3)
  yield* affair.respond(affair.content(`此前答复过于笼统，向您致歉。${affair.happening.answer}`))
  cast.pace.days(1, 2)
  yield* affair.complete()
  cast.pace.days(1)
  yield* affair.callBack('yes')
  cast.pace.minutes(10, 60)
  yield* affair.rate({ scale: 'stars', stars: 5 }, '这回说到点子上了。')
}

/** 退回重办: the coordinator does not take it for done. */
export function* reworked(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'hotline-12345' })
  yield* answered(affair)
  cast.pace.days(1)
  const completionId = yield* affair.askToComplete('partly-substantiated', '已答复')
  cast.pace.minutes(60, 200)
  yield* affair.callBack('no', '留言人说现场没有变化')
  cast.pace.minutes(10, 60)
  yield* affair.act(someoneWith('coordinator'), 'ReturnForRework', {
    completionId,
    why: '回访反映问题未解决，请补充处理情况后再报',
  })
  cast.pace.days(2, 4)
  yield* affair.respond(affair.content('现场已再次处理，照片附后。', { kind: 'supplementary' }))
  yield* closed(affair)
}

/** 更正: what was published held a mistake. */
export function* corrected(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'yunxi-app' })
  const { responseId } = yield* answered(affair, `${affair.happening.answer}联系电话0000-5550000。`)
  cast.pace.days(1, 2)
  const content = affair.content(`${affair.happening.answer}联系电话0000-5550123。`)
  const draft = yield* affair.act(affair.officer, 'CorrectResponse', {
    responseId,
    content: { attachments: [], ...content },
    reason: '联系电话有误',
  })
  const saved = savedIn(draft)
  cast.pace.minutes(10, 40)
  const levels = yield* affair.submit(saved)
  yield* affair.approve(saved, levels)
  cast.pace.minutes(10, 40)
  const payload = { ...saved, address: affair.address, publishedAt: null }
  yield* affair.act(affair.officer, 'PublishResponse', { ...payload })
  yield* closed(affair)
}

/** The reviewer reads more than the officer hoped. */
export function* returnedDraft(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'hotline-12345' })
  yield* affair.arrive()
  yield* affair.takeInHand()
  cast.pace.days(1)
  const poor = yield* affair.draft(affair.content('您反映的问题已转有关股室处理。'))
  cast.pace.minutes(10, 30)
  yield* affair.submit(poor)
  cast.pace.minutes(30, 120)
  yield* affair.act(affair.reviewer, 'ReturnResponse', { ...poor, why: '没有回答“什么时候修、谁来修”，请重写' })
  cast.pace.minutes(60, 200)
  const good = yield* affair.draft(affair.content(affair.happening.answer), affair.officer, poor.responseId)
  cast.pace.minutes(5, 20)
  const levels = yield* affair.submit(good)
  yield* affair.approve(good, levels)
  cast.pace.minutes(10, 60)
  yield* affair.publish(good)
  yield* closed(affair)
}
