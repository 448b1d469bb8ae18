import { z } from 'zod'
import { departmentId, line, personId } from './values.ts'

/** The roles of DESIGN §9. */
export const role = z.enum([
  'monitor', // 值班员/监测员
  'officer', // 经办人
  'department-reviewer', // 单位审核人
  'legal-reviewer', // 法制审核
  'secrecy-reviewer', // 保密审查员
  'coordinator', // 政务公开办
  'opinion-office', // 宣传部/网信办
  'signer', // 签发人
  'leader', // 县领导
  'verifier', // 核查员
  'auditor', // 审计员
  'administrator', // 管理员
  'channel', // a channel's client
])
export type Role = z.infer<typeof role>

/** Who acts: a person in a department and a role, or one of our own policies. */
export const actor = z.union([
  z.strictObject({ person: personId, department: departmentId, role }),
  z.strictObject({ policy: line(64) }),
])
export type Actor = z.infer<typeof actor>

/** The department an actor speaks for; a policy speaks for none. */
export function departmentOf(actor: Actor): string | null {
  return 'policy' in actor ? null : actor.department
}

/** What a table of commands is asked for: the actor's role, or that it is a policy. */
export function roleOf(actor: Actor): Role | 'policy' {
  return 'policy' in actor ? 'policy' : actor.role
}
