import type { Actor, Role } from '#domain'

/** 云溪县, which does not exist: its departments and who works there. Every name is invented. */

export type StaffActor = Exclude<Actor, { policy: string }>

/** A person of the invented county. */
export interface Person {
  name: string
  actor: StaffActor
}

export const departments = {
  'open-government': '政务公开办',
  publicity: '县委宣传部（网信办）',
  'county-office': '县政府办公室',
  supervision: '县政府督查室',
  audit: '审计局',
  justice: '司法局',
  transport: '交通运输局',
  housing: '住房和城乡建设局',
  'urban-management': '城市管理局',
  water: '水务局',
  education: '教育体育局',
  'human-resources': '人力资源和社会保障局',
  environment: '生态环境局',
  'natural-resources': '自然资源局',
  'medical-insurance': '医疗保障局',
} as const
export type DepartmentId = keyof typeof departments

/** Those that answer for what the public asks about. */
export const workingDepartments = [
  'transport',
  'housing',
  'urban-management',
  'water',
  'education',
  'human-resources',
  'environment',
  'natural-resources',
  'medical-insurance',
] as const satisfies DepartmentId[]

/** Account and name, by department and role. */
const staff: Record<DepartmentId, Partial<Record<Role, Readonly<Record<string, string>>>>> = {
  'open-government': {
    coordinator: { 'su-he': '苏禾', 'lu-yao': '陆遥' },
    monitor: { 'lin-xi': '林溪', 'xu-nian': '许念' },
    officer: { 'mo-li': '莫离' },
    'department-reviewer': { 'shi-qing': '石青' },
    administrator: { 'qin-yue': '秦越' },
    channel: { platforms: '各平台接口' },
  },
  publicity: {
    'opinion-office': { 'xia-zhi': '夏知', 'ji-yun': '季云' },
    monitor: { 'fang-xing': '方行' },
    'department-reviewer': { 'ruan-ting': '阮汀' },
    channel: { 'monitoring-feed': '舆情监测接口' },
  },
  'county-office': {
    signer: { 'wen-heng': '温衡' },
    leader: { 'jiang-bei': '江北' },
    'secrecy-reviewer': { 'shou-jing': '寿静' },
  },
  supervision: {
    verifier: { 'shen-qing': '沈青', 'cheng-shi': '程实' },
    officer: { 'xie-zhi': '谢知' },
    'department-reviewer': { 'yan-ming': '严明' },
  },
  audit: { auditor: { 'gu-yan': '顾言' } },
  justice: { 'legal-reviewer': { 'lv-zheng': '吕正' }, verifier: { 'ping-ning': '平宁' } },
  transport: {
    officer: { 'zhou-yan': '周岩', 'pu-shi': '浦石' },
    'department-reviewer': { 'he-chuan': '何川' },
    verifier: { 'luo-ping': '罗平' },
  },
  housing: {
    officer: { 'liang-mu': '梁木', 'wan-qing': '万晴' },
    'department-reviewer': { 'zhuang-yu': '庄宇' },
  },
  'urban-management': {
    officer: { 'xie-ming': '解明', 'deng-huo': '邓霍' },
    'department-reviewer': { 'hang-yi': '杭毅' },
  },
  water: { officer: { 'jiang-liu': '江流', 'quan-sheng': '全胜' }, 'department-reviewer': { 'yuan-qing': '袁清' } },
  education: { officer: { 'shu-ya': '舒雅', 'ke-lan': '柯岚' }, 'department-reviewer': { 'bai-wen': '柏文' } },
  'human-resources': {
    officer: { 'qin-lang': '秦朗', 'gong-ping': '宫平' },
    'department-reviewer': { 'ren-he': '任和' },
  },
  environment: {
    officer: { 'lan-tian': '兰恬', 'bi-he': '毕和' },
    'department-reviewer': { 'qing-shan': '卿杉' },
  },
  'natural-resources': {
    officer: { 'tian-ye': '田叶', 'fang-yuan': '方媛' },
    'department-reviewer': { 'tu-gui': '涂贵' },
  },
  'medical-insurance': {
    officer: { 'bai-zhi': '白芷', 'du-zhong': '杜仲' },
    'department-reviewer': { 'he-shou': '何守' },
  },
}

export const everybody: readonly Person[] = Object.entries(staff).flatMap(([department, roles]) =>
  Object.entries(roles).flatMap(([role, people]) =>
    Object.entries(people).map(([person, name]) => ({ name, actor: { person, department, role: role as Role } })),
  ),
)

/** Names by account. */
export const names: ReadonlyMap<string, string> = new Map(everybody.map(({ actor, name }) => [actor.person, name]))

/** Who has a role in a department. Throws where nobody has. */
export function staffOf(department: string, role: Role): readonly [Person, ...Person[]] {
  const [first, ...rest] = everybody.filter(({ actor }) => actor.department === department && actor.role === role)
  if (first === undefined) throw new Error(`${department} has no ${role}`)
  return [first, ...rest]
}

/** The only, or the first, of a role in the whole county. Throws where nobody has it. */
export function someoneWith(role: Role): Person {
  const found = everybody.find(({ actor }) => actor.role === role)
  if (found === undefined) throw new Error(`nobody is ${role}`)
  return found
}

export function personNamed(account: string): Person {
  const found = everybody.find(({ actor }) => actor.person === account)
  if (found === undefined) throw new Error(`nobody is ${account}`)
  return found
}
