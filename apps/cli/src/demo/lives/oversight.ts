import { someoneWith, staffOf } from '../county/people.ts'
import { dataOf } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import type { Affair } from './affair.ts'
import { closed } from './answering.ts'
import { promising } from './cast.ts'
import type { Cast } from './cast.ts'

/** 督办 and 领导批示. */

function* inHand(cast: Cast): Life<Affair> {
  const affair = cast.affair({ of: promising, channel: 'leaders-mailbox' })
  yield* affair.arrive()
  yield* affair.takeInHand()
  return affair
}

export function* superviseNow(affair: Affair): Life<string> {
  const issued = yield* affair.act(affair.random.pick(staffOf('supervision', 'verifier')), 'IssueSupervision', {
    number: `云督〔2026〕${affair.name}号`,
    to: affair.lead,
    demand: '请说明办理进展、未办结原因和下一步安排',
    due: affair.pace.dueIn(5),
  })
  return dataOf<{ supervisionId: string }>(issued, 'SupervisionIssued').supervisionId
}

export function* answerSupervision(affair: Affair, supervisionId: string): Life {
  yield* affair.act(affair.officer, 'AnswerSupervision', {
    supervisionId,
    text: '原定施工因连续降雨推迟，现已复工，本周内答复留言人。',
    attachments: [],
  })
}

/** It goes on for too long, and somebody above asks why. */
export function* supervised(cast: Cast): Life {
  const affair = yield* inHand(cast)
  cast.pace.days(9)
  const supervisionId = yield* superviseNow(affair)
  cast.pace.days(1, 2)
  yield* answerSupervision(affair, supervisionId)
  cast.pace.minutes(60, 200)
  yield* affair.respond(affair.content(`${affair.happening.answer}办理迟缓，向您致歉。`))
  cast.pace.days(1)
  yield* affair.act(staffOf('supervision', 'verifier')[0], 'CloseSupervision', {
    supervisionId,
    conclusion: '已答复留言人，督办事项办结',
  })
  yield* closed(affair)
}

export function* instructNow(affair: Affair): Life<string> {
  const received = yield* affair.act(someoneWith('leader'), 'ReceiveInstruction', {
    leader: '江北副县长',
    text: '请主办单位现场办公，三日内报结果，并举一反三排查同类问题。',
    due: affair.pace.dueIn(4),
  })
  return dataOf<{ instructionId: string }>(received, 'InstructionReceived').instructionId
}

/** A leader of the county has read it. */
export function* instructed(cast: Cast): Life {
  const affair = yield* inHand(cast)
  cast.pace.minutes(60, 300)
  const instructionId = yield* instructNow(affair)
  cast.pace.days(2, 3)
  yield* affair.act(affair.officer, 'AnswerInstruction', {
    instructionId,
    text: '已现场办公，问题点位三处已处理两处；全县同类点位排查出七处，列入整改。',
  })
  cast.pace.minutes(30, 120)
  yield* affair.respond(affair.content(affair.happening.answer))
  yield* closed(affair)
}
