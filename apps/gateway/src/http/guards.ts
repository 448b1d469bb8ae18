import type { FastifyRequest } from 'fastify'
import type { Authenticator, Identity } from '../identity/authenticator.ts'
import type { Access, Route } from '../routes/route.ts'
import { tooLarge } from './body.ts'
import type { Limits } from './limits.ts'
import { Problem } from './problem.ts'

/** What every request passes before any of its body is read, in this order; each throws the problem that it finds. */

/**
 * That the server is meant: a page of another site whose name was made to point here (DNS rebinding) sends that name.
 * `names`: lower-case, without port.
 */
export function checkHost({ headers }: FastifyRequest, names: ReadonlySet<string>): void {
  const name = /^(\[[0-9a-f:.]+\]|[^:]+)(?::\d{1,5})?$/i.exec(headers.host ?? '')?.[1]?.toLowerCase()
  if (name === undefined || !names.has(name)) throw new Problem('HOST_NOT_SERVED')
}

/** That no page of another site sends it. What is no browser sends neither header. */
export function checkOrigin({ method, headers }: FastifyRequest, names: ReadonlySet<string>): void {
  if (method === 'GET' || method === 'HEAD') return // nothing changes, and other sites cannot read the answer
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Problem('CROSS_SITE_REFUSED')
  const { origin } = headers
  if (origin === undefined) return
  const parsed = URL.parse(origin)
  const isOurs = parsed !== null && parsed.host === headers.host?.toLowerCase() && names.has(parsed.hostname)
  if (!isOurs) throw new Problem('CROSS_SITE_REFUSED')
}

/** Who asks; null on public routes. Throws `UNAUTHENTICATED` and `ROLE_NOT_ALLOWED`. */
export async function identify(
  { headers, socket }: FastifyRequest,
  access: Access,
  authenticator: Authenticator,
): Promise<Identity | null> {
  if (access === 'public') return null
  const identity = await authenticator.authenticate({ headers, remoteAddress: socket.remoteAddress ?? '' })
  if (identity === null) throw new Problem('UNAUTHENTICATED', null, { headers: { 'WWW-Authenticate': 'Bearer' } })
  const role = identity.kind === 'operator' ? 'operator' : identity.actor.role
  if (!access.includes(role)) throw new Problem('ROLE_NOT_ALLOWED', role)
  return identity
}

/** That a body of this kind and length is taken here; its length again while it comes, since what is said may be wrong. */
export function checkBody({ headers }: FastifyRequest, { body }: Route, limits: Limits): void {
  const length = Number(headers['content-length'] ?? 0)
  const isSent = headers['transfer-encoding'] !== undefined || length > 0
  if (!isSent) return
  if (body.kind === 'none') {
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'no body is taken here')
  }
  const mediaTypes = body.kind === 'json' ? ['application/json'] : body.mediaTypes
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (!mediaTypes.includes(mediaType)) throw new Problem('UNSUPPORTED_MEDIA_TYPE', mediaTypes.join(', '))
  if (headers['content-encoding'] !== undefined) throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'no Content-Encoding')
  if (length > limits[body.limit]) throw tooLarge(limits[body.limit])
}
