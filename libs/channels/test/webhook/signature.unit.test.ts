import { signWebhook, spellSecret, verifyWebhook } from '#channels'
import type { WebhookHeaders } from '#channels'
import { describe, expect, test } from 'vitest'

/** The example of the Standard Webhooks libraries. */
const EXAMPLE = {
  secret: Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'),
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  seconds: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const NOW = EXAMPLE.seconds * 1_000
const body = Buffer.from(EXAMPLE.body)
const key = { keyId: 'key-1', secret: EXAMPLE.secret }
const other = { keyId: 'key-2', secret: Buffer.alloc(32, 7) }

const headers = (changes: Record<string, unknown> = {}): WebhookHeaders => ({
  'webhook-id': EXAMPLE.id,
  'webhook-timestamp': String(EXAMPLE.seconds),
  'webhook-signature': EXAMPLE.signature,
  ...changes,
})
const reasonOf = (given: WebhookHeaders, { keys = [key], bytes = body, now = NOW } = {}) => {
  const verification = verifyWebhook(given, bytes, keys, now)
  return verification.outcome === 'refused' ? verification.reason : verification.keyId
}

describe('a signature', () => {
  test('is that of Standard Webhooks', () => {
    expect(signWebhook(key.secret, EXAMPLE.id, NOW, body)).toBe(EXAMPLE.signature)
    expect(verifyWebhook(headers(), body, [key], NOW)).toEqual({
      outcome: 'verified',
      delivery: EXAMPLE.id,
      signedAtMs: NOW,
      keyId: 'key-1',
    })
  })

  test('secrets are spelled as senders’ libraries read them', () => {
    expect(spellSecret(key.secret)).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  })

  test('is of these very bytes: one changed, added or left out, and it is none', () => {
    for (let at = 0; at < body.length; at += 1) {
      const changed = Buffer.from(body)
      changed[at]! ^= 1
      expect(reasonOf(headers(), { bytes: changed })).toBe('not-signed')
    }
    expect(reasonOf(headers(), { bytes: Buffer.concat([body, Buffer.from(' ')]) })).toBe('not-signed')
    expect(reasonOf(headers(), { bytes: body.subarray(1) })).toBe('not-signed')
  })

  test('is of this id and this time', () => {
    expect(reasonOf(headers({ 'webhook-id': 'msg_other' }))).toBe('not-signed')
    expect(reasonOf(headers({ 'webhook-timestamp': String(EXAMPLE.seconds + 1) }))).toBe('not-signed')
  })

  test('may be one of several, by any of the keys that are valid', () => {
    const both = `v1a,b2xk v1,bm90aGluZw== ${signWebhook(other.secret, EXAMPLE.id, NOW, body)} ${EXAMPLE.signature}`
    expect(reasonOf(headers({ 'webhook-signature': both }))).toBe('key-1')
    expect(reasonOf(headers({ 'webhook-signature': both }), { keys: [other] })).toBe('key-2')
    expect(reasonOf(headers(), { keys: [other, key] })).toBe('key-1')
    expect(reasonOf(headers(), { keys: [other] })).toBe('not-signed')
    expect(reasonOf(headers(), { keys: [] })).toBe('not-signed')
  })

  test('that is none at all is none', () => {
    const short = EXAMPLE.signature.slice(0, -5)
    for (const signature of ['', 'v1', 'v1,', 'v2,x', short, EXAMPLE.signature.slice(3), `v1,${'A'.repeat(44)}`]) {
      expect(reasonOf(headers({ 'webhook-signature': signature })), signature).toBe('not-signed')
    }
  })
})

describe('the time of signing', () => {
  test.each([0, 299_999, 300_000, -299_999, -300_000])('%d ms from our clock is taken', (skew) => {
    expect(reasonOf(headers(), { now: NOW + skew })).toBe('key-1')
  })
  test.each([300_001, -300_001, 86_400_000, -86_400_000])('%d ms from our clock is stale', (skew) => {
    expect(reasonOf(headers(), { now: NOW + skew })).toBe('stale')
  })
})

describe('headers', () => {
  test('are all needed', () => {
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      expect(reasonOf(headers({ [name]: undefined })), name).toBe('headers-missing')
    }
  })
  test('that came twice, or say what they cannot, are refused', () => {
    for (const changes of [
      { 'webhook-id': ['a', 'b'] },
      { 'webhook-signature': [EXAMPLE.signature, EXAMPLE.signature] },
      { 'webhook-id': 'a.1' },
      { 'webhook-id': '' },
      { 'webhook-id': '编号' },
      { 'webhook-id': 'x'.repeat(129) },
      { 'webhook-timestamp': '1614265330.5' },
      { 'webhook-timestamp': ' 1614265330' },
      { 'webhook-timestamp': '1e9' },
      { 'webhook-timestamp': '-1' },
      { 'webhook-timestamp': '9'.repeat(12) },
      { 'webhook-signature': `${EXAMPLE.signature} `.repeat(9) },
      { 'webhook-signature': 'v1,'.padEnd(1_001, 'A') },
    ]) {
      expect(reasonOf(headers(changes)), JSON.stringify(changes)).toBe('headers-invalid')
    }
  })
})
