import { z } from 'zod'
import type { Actor } from './actor.ts'
import { departmentId, personId } from './values.ts'

/** Who of the staff did something, where state needs to know it: the envelope's actor is not part of the state. */
export const staff = z.strictObject({ person: personId, department: departmentId })
export type Staff = z.infer<typeof staff>

/** The person who acts; null for a policy. */
export function staffOf(actor: Actor): Staff | null {
  return 'policy' in actor ? null : { person: actor.person, department: actor.department }
}
