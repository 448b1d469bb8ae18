import { someoneWith } from '../county/people.ts'
import { happen } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import type { Affair } from './affair.ts'
import { closed, promised, promisingAffair } from './answering.ts'
import type { Promising } from './answering.ts'
import type { Cast } from './cast.ts'
import { promisedDay } from './due.ts'
import type { Pledge } from './pledge.ts'

/** 承诺: what becomes of what was promised. */

interface Made {
  affair: Affair
  pledge: Pledge
}

/** An answer that promises something within so many days; the case is closed, the promise goes on (挂账). */
function* made(cast: Cast, days: number, given: Partial<Promising> = {}): Life<Made> {
  const affair = promisingAffair(cast)
  const pledge = yield* promised(affair, { day: promisedDay(cast.pace.date, days + 7), ...given })
  yield* closed(affair)
  return { affair, pledge }
}

/** Kept, seen to be kept, and looked at again weeks later. */
export function* kept(cast: Cast): Life {
  const { pledge } = yield* made(cast, cast.random.between(18, 32))
  cast.pace.calendarDays(cast.random.between(5, 9))
  yield* pledge.progress()
  cast.pace.calendarDays(cast.random.between(4, 7))
  yield* pledge.keep()
  yield* pledge.inform('settled', '您反映的事项已经办好，结果在县政府网站公开，欢迎核对。')
  cast.pace.calendarDays(21)
  yield* pledge.act(pledge.verifier, 'PassRecheck', {
    recheck: 1,
    statement: '回头看：现场保持良好，网页仍可打开。',
    evidence: [],
  })
}

/** Kept, and the askers ask for nothing more than to be told. */
export function* keptForCitizen(cast: Cast): Life {
  const { pledge } = yield* made(cast, 25)
  cast.pace.calendarDays(10)
  yield* pledge.fulfil(cast.random.pick(['citizen-confirmation', 'documents']))
  cast.pace.days(1)
  yield* pledge.showAt()
  cast.pace.days(1, 2)
  yield* pledge.inform('settled', '事项已办结，您也到现场看过，谢谢配合。', 'in-person')
}

/** Promised until a month, quarter or year that is not over. */
export function waiting(precision: 'ten-days' | 'month' | 'quarter' | 'half-year' | 'year') {
  return function* (cast: Cast): Life {
    const day = promisedDay(cast.pace.date, 75, precision)
    const { pledge } = yield* made(cast, 0, { day })
    for (;;) {
      cast.pace.calendarDays(cast.random.between(8, 12))
      yield* pledge.progress(`${pledge.outcome.progress}（${cast.pace.date.slice(5)}）`)
    }
  }
}

/** The day passes; it is done all the same. */
export function* keptLate(cast: Cast): Life {
  const { pledge } = yield* made(cast, 9)
  cast.pace.calendarDays(14)
  yield* pledge.progress('材料供应延误，正在抢工。')
  cast.pace.days(1)
  yield* pledge.inform('slipped', '原定时间没有做到，向您致歉，预计再需十天。')
  cast.pace.calendarDays(8)
  yield* pledge.keep()
  yield* pledge.inform('settled', '迟到的事项已经办好，请您监督。')
}

/** The day has passed, and it is not done. */
export function* overdue(cast: Cast): Life {
  const { pledge } = yield* made(cast, 8)
  for (;;) {
    cast.pace.calendarDays(cast.random.between(6, 9))
    yield* pledge.progress(`仍在推进：${pledge.outcome.progress}（${cast.pace.date.slice(5)}）`)
  }
}

/** 停滞: nobody says anything for weeks. */
export function* stalled(cast: Cast): Life {
  const day = promisedDay(cast.pace.date, 90)
  yield* made(cast, 0, { day, quote: `力争${day.words}办好此事`, terms: { strength: 'striving' } })
}

/** 部分落实, 整改, then whole. */
export function* partlyKept(cast: Cast): Life {
  const { pledge } = yield* made(cast, 20)
  cast.pace.calendarDays(8)
  const first = yield* pledge.report('主体部分已完成，尾项一周内扫尾。')
  cast.pace.days(1, 2)
  yield* pledge.verify(first, 'partial', '现场核查：主体完成，尾项未做。')
  cast.pace.minutes(10, 40)
  yield* pledge.rectify('十日内完成尾项并报照片', 10)
  cast.pace.calendarDays(6)
  yield* pledge.keep()
}

/** 整改, not done in time. */
export function* rectificationOverdue(cast: Cast): Life {
  const { pledge } = yield* made(cast, 15)
  cast.pace.calendarDays(7)
  const report = yield* pledge.report('已完成大部分。')
  cast.pace.days(1)
  yield* pledge.verify(report, 'partial', '现场核查：完成约六成。')
  cast.pace.minutes(10, 40)
  yield* pledge.rectify('七日内全部完成', 7)
}

/** 未落实: nothing of what was reported is there; in the end the coordinator says that it will not be kept. */
export function* broken(cast: Cast): Life {
  const { pledge } = yield* made(cast, 15)
  cast.pace.calendarDays(8)
  const report = yield* pledge.report('已按承诺完成。')
  cast.pace.days(1, 2)
  yield* pledge.verify(report, 'none', '现场核查：没有动工。')
  cast.pace.minutes(10, 40)
  yield* pledge.rectify('五日内动工，逾期按未兑现公开', 5)
  cast.pace.calendarDays(9)
  yield* pledge.act(someoneWith('coordinator'), 'BreakCommitment', {
    reason: '责任单位整改期满仍未动工，经核实年内无资金安排，按未兑现公开',
  })
  cast.pace.minutes(30, 120)
  yield* pledge.inform('broken', '您关心的事项年内无法兑现，原因已在承诺公示栏公开，向您致歉。', 'website')
}

/** 不予认可: the first report does not hold. */
export function* rejected(cast: Cast): Life {
  const { pledge } = yield* made(cast, 25)
  cast.pace.calendarDays(9)
  const report = yield* pledge.report()
  cast.pace.days(1)
  yield* pledge.reject(report, '现场只完成一半，报告所附照片是另一处')
  cast.pace.calendarDays(5)
  const again = yield* pledge.report(`${pledge.outcome.done}缺漏处已补齐。`)
  cast.pace.days(1)
  yield* pledge.verify(again)
  cast.pace.days(1)
  yield* pledge.showAt()
}

/** Taken back in public: the reason for it has gone. */
export function* withdrawn(cast: Cast): Life {
  const { affair, pledge } = yield* made(cast, 40)
  cast.pace.calendarDays(10)
  yield* pledge.act(someoneWith('leader'), 'WithdrawCommitment', {
    reason: '该处已列入整体改造项目，原零星工程取消，避免重复投资',
    requestedBy: requester(affair),
  })
  cast.pace.days(1)
  yield* pledge.inform('withdrawn', '原承诺因整体改造取消，改造计划已在网站公开。')
}

/** Another day, asked for and approved; both days stand. */
export function* revisedDay(cast: Cast): Life {
  const { affair, pledge } = yield* made(cast, 15)
  cast.pace.calendarDays(8)
  yield* pledge.act(someoneWith('signer'), 'ReviseDueDate', {
    due: promisedDay(cast.pace.date, 25).due,
    reason: '连续降雨，沥青无法摊铺',
    requestedBy: requester(affair),
  })
  cast.pace.minutes(60, 200)
  yield* pledge.inform('slipped', '因连续降雨，完成时间推迟，新的时间已在网站公开。', 'message')
  cast.pace.calendarDays(12)
  yield* pledge.keep()
  yield* pledge.inform('settled', '推迟的工程已完成。')
}

/** The law keeps the result from the public; the asker is told instead. */
export function* exempted(cast: Cast): Life {
  const { affair, pledge } = yield* made(cast, 20)
  cast.pace.calendarDays(8)
  yield* pledge.fulfil('documents')
  cast.pace.days(1)
  yield* pledge.act(someoneWith('coordinator'), 'ExemptPublication', {
    ground: 'personal-privacy',
    law: '《中华人民共和国政府信息公开条例》',
    clause: '第十五条',
    reason: '办理结果含个人账户和家庭情况，公开会损害第三方合法权益',
    askerTold: { means: 'letter', toldAt: cast.pace.instant, statement: '办理结果已书面寄送，请查收。' },
    requestedBy: requester(affair),
  })
}

/** 长期: looked at again and again, until it has become routine. */
export function* ongoing(cast: Cast): Life {
  const { pledge } = yield* made(cast, 0, {
    quote: '今后坚持每日巡查并每周公布结果',
    terms: {
      action: '每日巡查并每周公布巡查结果',
      due: { kind: 'ongoing', reviewEveryMonths: 1, firstReviewOn: cast.pace.dateIn(30) },
      target: null,
    },
  })
  cast.pace.days(2)
  yield* pledge.fulfil('documents')
  yield* pledge.showAt(pledge.address, '巡查公开\n每日巡查并每周公布巡查结果的要求已落实，本周巡查七次。')
  for (const recheck of [1, 2]) {
    cast.pace.calendarDays(16)
    yield* pledge.act(pledge.verifier, 'PassRecheck', {
      recheck,
      statement: `第${recheck}次回头看：巡查记录完整，每周均有公布。`,
      evidence: [],
    })
  }
}

/** 承诺 without a day: someone must look, until there is one. */
export function undated(kind: 'none' | 'condition' | 'after-event') {
  const quotes = {
    none: '将尽快研究解决',
    condition: '待资金到位后立即实施',
    'after-event': '上级批复后三十日内实施',
  }
  return function* (cast: Cast): Life {
    const reviewOn = cast.pace.dateIn(20)
    const due = {
      none: { kind: 'none', words: '尽快', reviewOn },
      condition: { kind: 'condition', condition: '资金到位', reviewOn },
      'after-event': { kind: 'after-event', event: '上级批复', within: { amount: 30, unit: 'days' }, reviewOn },
    } as const
    const { affair, pledge } = yield* made(cast, 0, { quote: quotes[kind], terms: { due: due[kind] } })
    cast.pace.calendarDays(8)
    yield* pledge.act(someoneWith('coordinator'), 'ReviewCommitment', {
      finding: '责任单位说明仍在争取，尚无明确时间，下次复核前须报方案',
      nextReviewOn: cast.pace.dateIn(14),
    })
    if (kind === 'none') return // nobody looks any more: its review is overdue
    cast.pace.calendarDays(10)
    yield* pledge.act(someoneWith('signer'), 'ReviseDueDate', {
      due: promisedDay(cast.pace.date, 45, 'month').due,
      reason: '条件已具备，明确完成时间',
      requestedBy: requester(affair),
    })
  }
}

/** 里程碑: half of it is there by its day. */
export function* inMilestones(cast: Cast): Life {
  const milestones = [
    { id: 'design', title: '完成设计和招标', due: cast.pace.dateIn(20) },
    { id: 'half', title: '完成工程量一半', due: cast.pace.dateIn(45) },
  ]
  const { pledge } = yield* made(cast, 80, { terms: { milestones } })
  cast.pace.calendarDays(8)
  const reach = (milestoneId: string, statement: string) =>
    pledge.act(pledge.officer, 'ReachMilestone', { milestoneId, reachedOn: cast.pace.date, statement, evidence: [] })
  yield* reach('design', '设计通过审查，施工单位已确定。')
  cast.pace.calendarDays(12)
  yield* reach('half', '累计完成工程量百分之五十二。')
}

/** A newer, better promise takes its place: the correction of the answer brings it. */
export function* superseded(cast: Cast): Life {
  const affair = promisingAffair(cast)
  const first = promisedDay(cast.pace.date, 60, 'month')
  const pledge = yield* promised(affair, { day: first })
  cast.pace.days(3, 5)
  const sooner = promisedDay(cast.pace.date, 25)
  const { happening } = affair
  const quote = happening.quote(sooner.words)
  const content = affair.content(`${happening.answer}${quote}。办理结果在县政府网站公开。`, {
    kind: 'supplementary',
    marks: [happening.mark('sooner', quote, sooner.due)],
  })
  yield* affair.respond(content)
  cast.pace.minutes(10, 30)
  const { commitments } = yield* affair.look()
  const successor = commitments.find(({ id }) => id !== pledge.id)!.id
  yield* pledge.act(someoneWith('coordinator'), 'SupersedeCommitment', {
    successor,
    reason: '责任单位提前完成时间，以新承诺为准',
    requestedBy: requester(affair),
  })
  yield* closed(affair)
}

/** 回头看 finds that it has not lasted. */
export function* notLasting(cast: Cast): Life {
  const { pledge } = yield* made(cast, 15)
  cast.pace.calendarDays(6)
  yield* pledge.keep()
  cast.pace.calendarDays(17)
  yield* pledge.act(pledge.verifier, 'FailRecheck', {
    recheck: 1,
    tracks: ['fulfilment'],
    reason: '回头看：新铺处再次沉陷，未能保持',
    evidence: [],
  })
  cast.pace.calendarDays(5)
  yield* pledge.report('已返工并查明原因。')
}

/** 链接失效: weeks later the page is gone, which the machine sees by itself. */
export function* pageGone(cast: Cast): Life {
  const { pledge } = yield* made(cast, 15)
  cast.pace.calendarDays(6)
  yield* pledge.keep()
  cast.pace.calendarDays(8)
  yield* happen(cast.pace.nowMs, ({ pages }) => pages.remove(pledge.address))
}

/** A leader, on the spot, says the same again. */
export function* affirmed(cast: Cast): Life {
  const { affair, pledge } = yield* made(cast, 60)
  cast.pace.calendarDays(7)
  yield* pledge.act(someoneWith('coordinator'), 'AffirmCommitment', {
    source: { kind: 'site-visit', visitedOn: cast.pace.date, place: affair.happening.place },
    quote: `副县长现场调研时表示：${pledge.outcome.action}说到做到。`,
  })
  cast.pace.calendarDays(9)
  yield* pledge.progress()
}

function requester({ officer }: Affair) {
  const { person, department } = officer.actor
  return { person, department }
}
