import { createHmac, timingSafeEqual } from 'node:crypto'

/** Signatures of webhooks as https://www.standardwebhooks.com has them: HMAC-SHA-256 over `id.timestamp.body`. */

/** How far a sender's clock may be from ours, either way. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000
/** A sender that changes its key signs with both; nobody needs more than these. */
const SIGNATURES_MAX = 8
const SIGNATURE_HEADER_CHARACTERS_MAX = 1_000
const SECRET_PREFIX = 'whsec_'
const MAC_BYTES = 32

const DELIVERY_ID = /^[!-\-/-~]{1,128}$/
const SECONDS = /^\d{1,11}$/

export interface SigningKey {
  keyId: string
  secret: Uint8Array
}

/** Header names in lower case, as Node gives them. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

export type Verification =
  | {
      outcome: 'verified'
      /** `webhook-id`. */
      delivery: string
      /** When it was signed, by the sender's clock: milliseconds since the epoch. */
      signedAtMs: number
      keyId: string
    }
  | { outcome: 'refused'; reason: 'headers-missing' | 'headers-invalid' | 'stale' | 'not-signed' }

/** The secret as it is shown to whoever sets the sender up. */
export function spellSecret(secret: Uint8Array): string {
  return `${SECRET_PREFIX}${Buffer.from(secret).toString('base64')}`
}

/** The value of `webhook-signature` for what is sent at a moment (milliseconds since the epoch). */
export function signWebhook(secret: Uint8Array, delivery: string, signedAtMs: number, body: Uint8Array): string {
  return `v1,${mac(secret, delivery, String(Math.floor(signedAtMs / 1_000)), body).toString('base64')}`
}

/**
 * Whether one of the keys signed this body, under this id, within five minutes of `nowMs`. It takes as long for a wrong
 * signature as for a right one, and looks at every key whatever it finds.
 */
export function verifyWebhook(
  headers: WebhookHeaders,
  body: Uint8Array,
  keys: readonly SigningKey[],
  nowMs: number,
): Verification {
  const [delivery, seconds, signature] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`])
  if (delivery === undefined || seconds === undefined || signature === undefined) return refused('headers-missing')
  // A header that came twice is a list, and nobody knows which was meant.
  if (typeof delivery !== 'string' || typeof seconds !== 'string' || typeof signature !== 'string') {
    return refused('headers-invalid')
  }
  if (!DELIVERY_ID.test(delivery) || !SECONDS.test(seconds)) return refused('headers-invalid')
  const given = macsIn(signature)
  if (given === null) return refused('headers-invalid')

  let keyId: string | null = null
  for (const key of keys) {
    const expected = mac(key.secret, delivery, seconds, body)
    for (const each of given) if (timingSafeEqual(each, expected)) keyId ??= key.keyId
  }
  if (keyId === null) return refused('not-signed')
  const signedAtMs = Number(seconds) * 1_000
  if (Math.abs(nowMs - signedAtMs) > CLOCK_TOLERANCE_MS) return refused('stale')
  return { outcome: 'verified', delivery, signedAtMs, keyId }
}

function refused(reason: Extract<Verification, { outcome: 'refused' }>['reason']): Verification {
  return { outcome: 'refused', reason }
}

/** What is signed with `v1`, among other schemes; null where there are too many, none for us among them is an empty list. */
function macsIn(header: string): Buffer[] | null {
  if (header.length > SIGNATURE_HEADER_CHARACTERS_MAX) return null
  const signatures = header.split(' ').filter((each) => each !== '')
  if (signatures.length > SIGNATURES_MAX) return null
  return signatures
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice('v1,'.length), 'base64'))
    .filter(({ length }) => length === MAC_BYTES)
}

function mac(secret: Uint8Array, delivery: string, seconds: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`${delivery}.${seconds}.`).update(body).digest()
}
