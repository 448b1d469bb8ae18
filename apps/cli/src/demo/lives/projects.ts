import type { PromiseTerms } from '#domain'
import { departments, someoneWith, staffOf } from '../county/people.ts'
import type { DepartmentId } from '../county/people.ts'
import { give } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import type { Cast } from './cast.ts'
import { promisedDay } from './due.ts'
import { Pledge } from './pledge.ts'

/** Promises that no answer made: of the yearly list of works, and of a visit. */

interface Project {
  department: DepartmentId
  action: string
  quote: string
  progress: string
  done: string
  target: PromiseTerms['target']
}

const school: Project = {
  department: 'education',
  action: '县第二幼儿园扩建',
  quote: '年内完成县第二幼儿园扩建，新增学位180个',
  progress: '主体结构封顶，转入内部装修。',
  done: '县第二幼儿园扩建已完成，新增学位180个，已投入使用。',
  target: { measure: '新增学位', unit: '个', amount: 180 },
}
const lift: Project = {
  department: 'housing',
  action: '老旧小区加装电梯',
  quote: '年内完成老旧小区加装电梯12部',
  progress: '十二部电梯开工十部，完工四部。',
  done: '老旧小区加装电梯已完成12部，全部已投入使用。',
  target: { measure: '加装电梯', unit: '部', amount: 12 },
}
const crossing: Project = {
  department: 'transport',
  action: '柳桥路口人行过街设施建设',
  quote: '下个月把柳桥路口的过街设施建起来',
  progress: '信号灯基础已浇筑。',
  done: '柳桥路口人行过街设施建设已完成，信号灯已投入使用。',
  target: null,
}

/** 民生实事: one of the list is done in time, another is under way. */
export function* livelihoodProjects(cast: Cast): Life {
  const source = (number: string) =>
    ({ kind: 'livelihood-project', year: 2026, number, document: '云溪县2026年民生实事清单' }) as const
  const year = promisedDay(cast.pace.date, 0, 'year').due
  const first = yield* make(cast, school, source('3'), year)
  const second = yield* make(cast, lift, source('7'), year)
  cast.pace.calendarDays(20)
  yield* first.progress()
  yield* second.progress()
  cast.pace.calendarDays(24)
  yield* first.keep()
  yield* second.progress('十二部电梯全部开工，完工八部。')
  cast.pace.calendarDays(18)
  yield* second.progress('完工十部，余两部调试中。')
}

/** 现场办公: what a leader promised on the spot. */
export function* onVisit(cast: Cast): Life {
  const source = { kind: 'site-visit', visitedOn: cast.pace.date, place: '柳桥路口' } as const
  const pledge = yield* make(cast, crossing, source, promisedDay(cast.pace.date, 30, 'month').due)
  cast.pace.calendarDays(15)
  yield* pledge.progress()
  cast.pace.calendarDays(10)
  yield* pledge.keep()
}

function* make({ pace, name, random }: Cast, project: Project, source: object, due: PromiseTerms['due']): Life<Pledge> {
  const { department, action, quote, target } = project
  const terms: PromiseTerms = {
    quote,
    action,
    class: 'act',
    strength: 'firm',
    promisor: { kind: 'department', name: departments[department] },
    responsible: department,
    due,
    milestones: [],
    target,
    publishAt: null,
  }
  const payload = { source, origin: 'live', madeAt: pace.instant, terms }
  const { id } = yield* give(pace.nowMs, {
    by: someoneWith('coordinator'),
    command: 'MakeCommitment',
    target: null,
    payload,
  })
  const officer = random.pick(staffOf(department, 'officer'))
  const verifier = random.pick(staffOf('supervision', 'verifier'))
  return new Pledge({ id, name: `${name}-${department}`, pace, outcome: project, officer, verifier })
}
