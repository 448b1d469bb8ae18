import { personNamed, someoneWith, staffOf } from '../county/people.ts'
import { marketPosts, strayPosts } from '../matters/posts.ts'
import { give } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import type { Cast } from './cast.ts'
import { Opinion, post } from './opinion.ts'

/** Opinion items beside the event that spreads. */

/** 夜市争执: taken for an incident first, answered too late, and opened twice. */
export function* marketEvent(cast: Cast): Life {
  const { pace, random, name } = cast
  const opinion = (suffix: string, title: string) =>
    new Opinion({ name: name + suffix, pace, random, title, subject: '城市管理', lead: 'urban-management' })
  const event = opinion('', '夜市执法争执视频引发关注')
  pace.at('2026-09-08 20:40')
  const first = yield* event.post(marketPosts[0]!, 5_200)
  pace.pass(20)
  yield* event.open()
  pace.pass(2)
  yield* event.attach(first)
  const incident = { grade: 'major', setBy: '值班室', document: null }
  yield* event.triage('larger', { incident, note: '值班室先按突发事件报' })
  pace.pass(40)
  yield* event.triage('larger', { note: '经核实无人受伤，不属突发事件' })
  pace.pass(5)
  yield* event.route()
  pace.at('2026-09-09 08:50')
  yield* event.sign()

  const again = opinion('b', '网传城管掀摊')
  pace.pass(10)
  const second = yield* again.post(marketPosts[1]!, 800)
  pace.pass(5)
  yield* again.open()
  pace.pass(2)
  yield* again.attach(second)
  yield* again.triage('general')
  pace.pass(6)
  yield* again.act(personNamed('xia-zhi'), 'JoinCase', {
    lead: event.caseId,
    relation: 'similar',
    reason: '同一事件，并入先立的舆情',
  })
  for (const text of marketPosts.slice(2)) {
    pace.pass(random.between(40, 200))
    const item = yield* event.post(text, random.between(300, 4_000))
    pace.pass(5)
    yield* event.attach(item)
  }
  pace.at('2026-09-11 15:10')
  yield* event.say(
    'final',
    '关于夜市执法争执的情况说明：执法人员劝离占道摊位时与摊主发生推搡，双方均有过激言行。涉事协管员已停职，现场执法记录完整公开；夜市临时疏导点本周设立。回应迟缓，我们一并检讨。',
    'new-media',
  )
  pace.at('2026-09-15 10:00')
  yield* event.complete('substantiated', '已多轮回应，承诺事项挂账跟踪')
}

/** Found this morning: hours are left. */
export function* thisMorning(cast: Cast): Life {
  const { pace, random, name } = cast
  const event = new Opinion({
    name,
    pace,
    random,
    title: '和顺家园业主反映外墙脱落',
    subject: '房屋安全',
    lead: 'housing',
  })
  pace.at('2026-11-20 07:30')
  const item = yield* event.post('和顺家园外墙掉砖，差点砸到人，物业拉了根绳就完事？', 6_800)
  pace.pass(15)
  yield* event.open()
  pace.pass(2)
  yield* event.attach(item)
  yield* event.triage('larger')
  pace.pass(5)
  yield* event.route()
}

/** Seen, and about nothing that the county must answer, or not yet judged. */
export function* stray(cast: Cast): Life {
  const { pace, random, name } = cast
  yield* post(pace, random, name, random.pick(strayPosts), random.between(20, 600))
}

/** 涉密: its content is destroyed at once. */
export function* quarantined(cast: Cast): Life {
  const { pace, random, name } = cast
  const item = yield* post(pace, random, name, '（内容经甄别涉密，已移交）', 12)
  pace.minutes(5, 20)
  yield* give(pace.nowMs, {
    by: someoneWith('secrecy-reviewer'),
    command: 'QuarantineItem',
    target: item,
    payload: { receipt: '云保收〔2026〕3号' },
  })
}

/** Its author asked for it to be erased. */
export function* erased(cast: Cast): Life {
  const { pace, random, name } = cast
  const item = yield* post(pace, random, name, '发错群了，里面有我的手机号，请帮忙删掉。', 30)
  pace.days(1)
  yield* give(pace.nowMs, {
    by: staffOf('open-government', 'coordinator')[0],
    command: 'EraseItem',
    target: item,
    payload: { ground: 'asked-by-author', basis: '本人申请，登记号删-2026-04' },
  })
}
