import type { IncomingHttpHeaders } from 'node:http'
import type { Asker } from '#application'
import type { Actor } from '#domain'

export type Person = Exclude<Actor, { policy: string }>

/** Who asks: a person in a role, or who has the files of the store and could read and write them anyway. */
export type Identity = { kind: 'person'; actor: Person } | { kind: 'operator' }

/** What of a request says who asks. */
export interface Asked {
  headers: IncomingHttpHeaders
  /** Of the connection itself, whatever headers say. */
  remoteAddress: string
}

/** One way of saying who asks. Real sign-in is another implementation of this. */
export interface Authenticator {
  /** Null where the request says nothing in this way. Throws a `Problem` where what it says is wrong or not taken here. */
  authenticate(asked: Asked): Promise<Identity | null>
}

/** What the first of several that understands a request makes of it. */
export function anyOf(authenticators: readonly Authenticator[]): Authenticator {
  return {
    authenticate: async (asked) => {
      for (const authenticator of authenticators) {
        const identity = await authenticator.authenticate(asked)
        if (identity !== null) return identity
      }
      return null
    },
  }
}

/** As the application knows who asks. */
export function askerOf(identity: Identity): Asker {
  return identity.kind === 'operator' ? 'operator' : identity.actor
}
