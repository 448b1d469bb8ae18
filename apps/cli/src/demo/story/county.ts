import { HOST } from '../county/pages.ts'
import { departments as known, personNamed } from '../county/people.ts'
import type { DepartmentId } from '../county/people.ts'
import type { StoryPerson, StoryStage } from './story-stage.ts'

/** Of 云溪县, the departments and the people of the story. */

const departments = ['open-government', 'transport', 'supervision', 'audit'] as const satisfies DepartmentId[]

function as(role: string, account: string): StoryPerson {
  const { name, actor } = personNamed(account)
  return { called: `${role} ${name}`, actor }
}

export const people = {
  administrator: as('管理员', 'qin-yue'),
  channel: { called: '领导信箱', actor: personNamed('platforms').actor },
  monitor: as('监测员', 'lin-xi'),
  coordinator: as('公开办', 'su-he'),
  officer: as('经办人', 'zhou-yan'),
  reviewer: as('审核人', 'he-chuan'),
  ownVerifier: as('核查员', 'luo-ping'),
  verifier: as('核查员', 'shen-qing'),
  auditor: as('审计员', 'gu-yan'),
}

/** Names by account, for histories. */
export const names: ReadonlyMap<string, string> = new Map(
  Object.values(people).map(({ called, actor }) => [actor.person, called]),
)

/** The county's own settings; channels, norms, holidays and approval policies come with the system. */
export async function furnish(stage: StoryStage, at: string): Promise<void> {
  const by = people.administrator
  for (const id of departments) {
    const payload = { department: { id, name: known[id], active: true }, reason: null }
    await stage.act({ by, at, command: 'DefineDepartment', payload, told: null })
  }
  const told = `登记单位：${departments.map((id) => known[id]).join('、')}；公开网址 ${HOST}`
  await stage.act({ by, at, command: 'SetPublicationHosts', payload: { hosts: [HOST], reason: null }, told })
}
