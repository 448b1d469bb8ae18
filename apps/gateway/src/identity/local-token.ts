import { hash, timingSafeEqual } from 'node:crypto'
import { Problem } from '../http/problem.ts'
import type { Authenticator } from './authenticator.ts'
import { isLoopback } from './loopback.ts'

/**
 * Whoever can read the token in the folder of the stores can read the stores: on this machine they may do what they could
 * do with the files.
 */
export function localToken(token: string): Authenticator {
  const expected = digestOf(token)
  return {
    authenticate: ({ headers, remoteAddress }) => {
      const [scheme, given, ...rest] = (headers.authorization ?? '').split(' ')
      if (scheme?.toLowerCase() !== 'bearer') return Promise.resolve(null)
      const isRight = given !== undefined && rest.length === 0 && timingSafeEqual(digestOf(given), expected)
      if (!isRight || !isLoopback(remoteAddress)) throw new Problem('UNAUTHENTICATED', 'this token is not taken')
      return Promise.resolve({ kind: 'operator' })
    },
  }
}

/** Of one length, so that comparing tells nothing of the token's. */
function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
