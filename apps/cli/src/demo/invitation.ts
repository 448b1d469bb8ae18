import { ListCases } from '#application'
import type { CaseDocument } from '#application'
import type { Embedded } from '../../../standalone/src/embedded.ts'
import { departments, personNamed, someoneWith, staffOf } from './county/people.ts'
import type { DepartmentId, Person } from './county/people.ts'
import type { Narrator } from './narrator.ts'

/** Who the demo suggests to be: of every desk one. */
const PEOPLE: readonly (readonly [role: string, account: string])[] = [
  ['监测员', 'lin-xi'],
  ['公开办', 'su-he'],
  ['网信办', 'ji-yun'],
  ['水务经办人', 'jiang-liu'],
  ['核查员', 'shen-qing'],
  ['审计员', 'gu-yan'],
]

/** What there is to look at: the event that spread, and a case that waits for its department's signature. */
export interface Sights {
  event: CaseDocument
  toSign: CaseDocument
}

export async function sightsOf(huiying: Embedded): Promise<Sights> {
  const asker = someoneWith('coordinator').actor
  const first = async (request: Partial<ConstructorParameters<typeof ListCases>[0]>) => {
    const { documents } = await huiying.query(new ListCases({ asker, limit: 1, ...request }))
    if (documents[0] === undefined) throw new Error(`no case of ${JSON.stringify(request)}`)
    return documents[0]
  }
  return { event: await first({ search: '桥头片区自来水' }), toSign: await first({ state: 'routed' }) }
}

/** Where to look, whom to be, and three things to try while the county is served. */
export function inviteToServed(narrator: Narrator, address: string, data: string, { event, toSign }: Sights): void {
  narrator.lines([`接口文档  ${address}/api/docs`, `健康状况  ${address}/readyz`, `度量指标  ${address}/metrics`])
  narrator.blank()
  narrator.say('只在本机，想当谁就在请求头里写谁：Huiying-Actor: 人;单位;角色')
  for (const [role, account] of PEOPLE) {
    const person = personNamed(account)
    narrator.fact(role, `${person.name}  ${actorOf(person)}`)
  }
  narrator.chapter('三件可以试的事（另开一个终端，在本项目的目录里）')
  narrator.lines([`export HUIYING_DATA=${data}`])
  narrator.blank()
  narrator.say('一、今天的桌面：等着研判的办件；还没有兑现的承诺。')
  narrator.lines(['npx huiying cases --state new', 'npx huiying commitments --state open'])
  narrator.blank()
  narrator.say(`二、自来水发黄（${event.number}）：怎样一步步回应；那天正午，县里知道什么。`)
  narrator.lines([
    `npx huiying case ${event.number} --history`,
    `npx huiying case ${event.number} --at "2026-10-13 12:00"`,
  ])
  narrator.blank()
  const lead = toSign.lead as DepartmentId
  narrator.say(`三、先听着公开办的实时更新，再从另一个终端替${departments[lead]}签收 ${toSign.number}。`)
  narrator.lines([
    `curl -N ${address}/api/live \\`,
    `  -H 'Huiying-Actor: ${actorOf(someoneWith('coordinator'))}'`,
    '',
    `CASE=${toSign.id}`,
    `curl ${address}/api/cases/$CASE/sign-for-case -d '{}' \\`,
    `  -H 'Content-Type: application/json' -H 'Idempotency-Key: try-1' \\`,
    `  -H 'Huiying-Actor: ${actorOf(staffOf(lead, 'officer')[0])}'`,
  ])
}

/** What can be done with the folder that is left. */
export function inviteToFolder(narrator: Narrator, data: string, { event }: Sights): void {
  narrator.lines([
    `export HUIYING_DATA=${data}`,
    'npx huiying cases --state new',
    'npx huiying commitments --state open',
    `npx huiying case ${event.number} --history`,
    'npx huiying verify',
  ])
}

function actorOf({ actor }: Person): string {
  return `${actor.person};${actor.department};${actor.role}`
}
