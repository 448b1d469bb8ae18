import { personNamed, someoneWith } from '../county/people.ts'
import type { DepartmentId } from '../county/people.ts'
import { Happening } from '../matters/happening.ts'
import { reportMatters, sensitiveMatters } from '../matters/special.ts'
import type { Life } from '../play/step.ts'
import { answered, closed, lookInto } from './answering.ts'
import { promising } from './cast.ts'
import type { Cast } from './cast.ts'

/** 举报, kept from whom they accuse, and 敏感 matters, approved by more people. */

function reporting(accused: readonly DepartmentId[], persons: readonly string[] = []) {
  return { type: 'report', accused: { departments: accused, persons } }
}

export const reportLives = reportMatters.map(({ accused, routedTo, ...matter }) => {
  return function* (cast: Cast): Life {
    const affair = cast.affair({ happening: new Happening(matter, cast.random), channel: 'leaders-mailbox' })
    yield* affair.arrive()
    cast.pace.minutes(10, 60)
    yield* affair.triage(reporting(accused))
    cast.pace.minutes(10, 60)
    yield* affair.route(routedTo)
    cast.pace.minutes(20, 90)
    yield* affair.sign()
    lookInto(affair)
    yield* affair.respond(affair.content(affair.happening.answer, { means: 'private-message', publicText: null }))
    yield* closed(affair)
  }
})

/** It turns out to accuse the department that has it, which loses it at once. */
export function* turnedReport(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'hotline-12345' })
  const holder = affair.happening.matter.department
  yield* affair.arrive()
  yield* affair.takeInHand()
  const accused = affair.officer.actor.person
  cast.pace.minutes(60, 200)
  yield* affair.triage({
    ...reporting([holder], [accused]),
    note: '留言人来电补充：要求处理的是该单位经办人推诿，按举报办理',
  })
  cast.pace.minutes(10, 30)
  yield* affair.route('supervision')
  cast.pace.minutes(20, 90)
  yield* affair.sign()
  cast.pace.days(1, 2)
  const said = '经核查，经办人未按规定一次告知，已批评教育并调整分工，您的诉求已另行督办。'
  yield* affair.respond(affair.content(said, { means: 'private-message', publicText: null }))
  yield* closed(affair)
}

/** Shown to the public as an example, until it turns out to be a 举报. */
export function* featuredReport(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'yunxi-app' })
  const { responseId, digest } = yield* answered(affair)
  cast.pace.days(1)
  yield* affair.act(someoneWith('coordinator'), 'FeatureReply', { responseId, digest })
  cast.pace.days(1, 2)
  yield* affair.triage({ ...reporting([], [personNamed('luo-ping').actor.person]), note: '内容点名，改按举报管理' })
}

/** Featured, and taken down again by a person. */
export function* unfeatured(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'yunxi-app' })
  const { responseId, digest } = yield* answered(affair)
  yield* closed(affair)
  cast.pace.days(1)
  yield* affair.act(someoneWith('coordinator'), 'FeatureReply', { responseId, digest })
  cast.pace.days(2, 4)
  yield* affair.act(someoneWith('coordinator'), 'UnfeatureReply', { responseId, reason: '选登期满，更换为新近答复' })
}

/** Read by lawyers and by whoever keeps secrets, and signed by a leader of the county's office. */
export const sensitiveLives = sensitiveMatters.map(({ sensitivities, ...matter }) => {
  return function* (cast: Cast): Life {
    const affair = cast.affair({ happening: new Happening(matter, cast.random), channel: 'hotline-12345' })
    yield* affair.arrive()
    cast.pace.minutes(5, 20)
    yield* affair.triage({ sensitivities })
    cast.pace.minutes(2, 10)
    yield* affair.route()
    cast.pace.minutes(10, 30)
    yield* affair.sign()
    cast.pace.days(1)
    yield* affair.respond(affair.content(affair.happening.answer))
    yield* closed(affair)
  }
})
