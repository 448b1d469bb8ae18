import type { Person, Stage } from './stage.ts'

/** 云溪县: a county that does not exist, with its departments and the people of the story. */

const departments = [
  ['open-government', '政务公开办'],
  ['transport', '交通运输局'],
  ['supervision', '督查室'],
  ['audit', '审计局'],
] as const
type DepartmentId = (typeof departments)[number][0]

export const HOST = 'www.yunxi.example'

function person(called: string, account: string, department: DepartmentId, role: Person['actor']['role']): Person {
  return { called, actor: { person: account, department, role } }
}

export const people = {
  administrator: person('管理员 秦越', 'qin-yue', 'open-government', 'administrator'),
  channel: person('领导信箱', 'leaders-mailbox', 'open-government', 'channel'),
  monitor: person('监测员 林溪', 'lin-xi', 'open-government', 'monitor'),
  coordinator: person('公开办 苏禾', 'su-he', 'open-government', 'coordinator'),
  officer: person('经办人 周岩', 'zhou-yan', 'transport', 'officer'),
  reviewer: person('审核人 何川', 'he-chuan', 'transport', 'department-reviewer'),
  ownVerifier: person('核查员 罗平', 'luo-ping', 'transport', 'verifier'),
  verifier: person('核查员 沈青', 'shen-qing', 'supervision', 'verifier'),
  auditor: person('审计员 顾言', 'gu-yan', 'audit', 'auditor'),
}

/** Names by account, for histories. */
export const names: ReadonlyMap<string, string> = new Map(
  Object.values(people).map(({ called, actor }) => [actor.person, called]),
)

/** The county's own settings; channels, norms, holidays and approval policies come with the system. */
export async function furnish(stage: Stage, at: string): Promise<void> {
  const by = people.administrator
  for (const [id, name] of departments) {
    const payload = { department: { id, name, active: true }, reason: null }
    await stage.act({ by, at, command: 'DefineDepartment', payload, told: null })
  }
  const told = `登记单位：${departments.map(([, name]) => name).join('、')}；公开网址 ${HOST}`
  await stage.act({ by, at, command: 'SetPublicationHosts', payload: { hosts: [HOST], reason: null }, told })
}
