import { actor } from '#domain'
import { Problem } from '../http/problem.ts'
import type { Authenticator, Person } from './authenticator.ts'
import { isLoopback } from './loopback.ts'

/** `Huiying-Actor: li;transport;officer`: person, department, role. */
export const ACTOR_HEADER = 'huiying-actor'

/** Headers by which a proxy says for whom it asks: whoever that is, they are not at this machine. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * Takes everybody for whom they say they are: for development and the demo, and only from this machine itself. A server
 * that uses it must be bound to a loopback address.
 */
export const developmentActors: Authenticator = {
  authenticate: ({ headers, remoteAddress }) => {
    const said = headers[ACTOR_HEADER]
    if (said === undefined) return Promise.resolve(null)
    if (!isLoopback(remoteAddress) || FORWARDED.some((name) => headers[name] !== undefined)) {
      throw new Problem('UNAUTHENTICATED', 'Huiying-Actor is taken from this machine itself only')
    }
    const [person, department, role, ...rest] = String(said).split(';')
    const parsed = actor.safeParse({ person, department, role })
    if (!parsed.success || rest.length > 0) {
      throw new Problem('HEADER_INVALID', 'Huiying-Actor: person;department;role')
    }
    return Promise.resolve({ kind: 'person', actor: parsed.data as Person })
  },
}
