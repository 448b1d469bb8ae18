import { departments, someoneWith, staffOf } from '../county/people.ts'
import type { DepartmentId } from '../county/people.ts'
import { dataOf } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import type { Affair } from './affair.ts'
import { closed } from './answering.ts'
import { promising } from './cast.ts'
import type { Cast } from './cast.ts'

/** Lives of messages that are first sent where they do not belong, or need more than one department. */

/** Sent to a department that signs for it and then says that it is another's. */
export function* handBack(affair: Affair, to: DepartmentId, others: DepartmentId): Life<string> {
  const { pace } = affair
  pace.minutes(10, 60)
  yield* affair.route(to)
  pace.minutes(20, 120)
  yield* affair.sign()
  pace.minutes(30, 150)
  const asked = yield* affair.act(affair.officer, 'RequestHandBack', {
    reason: `“${affair.happening.matter.subject}”不属我单位职责`,
    basis: `依据机构改革“三定”规定，由${departments[others]}主管`,
    suggestedLead: others,
  })
  return dataOf<{ handBackId: string }>(asked, 'HandBackRequested').handBackId
}

function* misdirected(cast: Cast): Life<Affair> {
  const affair = cast.affair({ of: promising, channel: 'hotline-12345' })
  yield* affair.arrive()
  cast.pace.minutes(10, 60)
  yield* affair.triage()
  return affair
}

export function* handedBack(cast: Cast): Life {
  const affair = yield* misdirected(cast)
  const { department, mistakenFor } = affair.happening.matter
  const handBackId = yield* handBack(affair, mistakenFor, department)
  cast.pace.minutes(20, 200)
  yield* affair.act(someoneWith('coordinator'), 'GrantHandBack', { handBackId, reason: '理由成立' })
  cast.pace.minutes(5, 20)
  yield* rightlyRouted(affair)
}

function* rightlyRouted(affair: Affair, basis?: object): Life {
  const { pace } = affair
  yield* affair.route(affair.happening.matter.department, basis)
  pace.minutes(20, 90)
  yield* affair.sign()
  pace.days(1, 2)
  yield* affair.respond(affair.content(affair.happening.answer))
  yield* closed(affair)
}

/** Its department would not have it, and has to. */
export function* handBackRefused(cast: Cast): Life {
  const affair = yield* misdirected(cast)
  const { department, mistakenFor } = affair.happening.matter
  const handBackId = yield* handBack(affair, department, mistakenFor)
  cast.pace.minutes(20, 200)
  yield* affair.act(someoneWith('coordinator'), 'RefuseHandBack', {
    handBackId,
    reason: '属你单位主管事项，请按时限办理',
  })
  cast.pace.days(1, 2)
  yield* affair.respond(affair.content(affair.happening.answer))
  yield* closed(affair)
}

/** 裁定: after two hand-backs somebody decides, and that binds. */
export function* decided(cast: Cast): Life {
  const affair = yield* misdirected(cast)
  const { department, mistakenFor } = affair.happening.matter
  for (const [to, others] of [
    [mistakenFor, department],
    [department, mistakenFor],
  ] as const) {
    const handBackId = yield* handBack(affair, to, others)
    cast.pace.minutes(10, 40)
    yield* affair.act(someoneWith('coordinator'), 'GrantHandBack', { handBackId, reason: null })
  }
  cast.pace.minutes(30, 120)
  yield* rightlyRouted(affair, {
    kind: 'jurisdiction',
    decidedBy: '县政府办公室主任办公会',
    document: `云府办裁〔2026〕${cast.random.between(2, 40)}号`,
    reason: '两单位职责交叉，按首问负责和主责优先的原则裁定主办单位',
  })
}

/** Sent elsewhere before anybody has signed. */
export function* rerouted(cast: Cast): Life {
  const affair = yield* misdirected(cast)
  cast.pace.minutes(5, 20)
  yield* affair.route(affair.happening.matter.mistakenFor)
  cast.pace.minutes(10, 30)
  yield* rightlyRouted(affair)
}

/** Another department is asked, and answers or not. */
export function* assisted(cast: Cast): Life {
  const affair = cast.affair({ of: promising, channel: 'hotline-12345' })
  const { mistakenFor } = affair.happening.matter
  yield* affair.arrive()
  cast.pace.minutes(10, 60)
  yield* affair.triage()
  cast.pace.minutes(5, 20)
  yield* affair.route(affair.happening.matter.department, undefined, [mistakenFor])
  cast.pace.minutes(20, 90)
  yield* affair.sign()
  cast.pace.minutes(10, 40)
  yield* affair.act(affair.reviewer, 'AssignOfficer', { officer: affair.officer.actor.person })
  cast.pace.minutes(10, 40)
  yield* assistFrom(affair, mistakenFor)
  cast.pace.days(1)
  yield* affair.respond(affair.content(`${affair.happening.answer}本答复已会同${departments[mistakenFor]}。`))
  yield* closed(affair)
}

export function* askAssist(affair: Affair, department: DepartmentId): Life<string> {
  const asked = yield* affair.act(affair.officer, 'RequestAssist', {
    department,
    question: '请提供该处近一年的巡查和投诉记录',
    due: affair.pace.dueIn(3),
  })
  return dataOf<{ assistId: string }>(asked, 'AssistRequested').assistId
}

function* assistFrom(affair: Affair, department: DepartmentId): Life {
  const assistId = yield* askAssist(affair, department)
  affair.pace.minutes(120, 400)
  const [by] = staffOf(department, 'officer')
  yield* affair.act(by, 'ReplyAssist', { assistId, text: '近一年巡查四次，同类投诉三件，记录附后。', attachments: [] })
}
