import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPlainlyMetadata, isPlainlyNewMetadata, metadataSchema, newMetadataSchema } from '../src/metadata.ts'

const good = {
  actor: { department: 'gov-office', person: 'zhang', role: 'monitor' },
  caseId: null,
  causationId: 'c'.repeat(200),
  commandFingerprint: 'ab'.repeat(32),
  commandId: 'c',
  correlationId: 'c',
  integrity: { algorithm: 'sha256-jcs-1', digest: '0f'.repeat(32), previous: null },
  occurredAt: '2026-11-20T12:00:00.000Z',
  origin: 'history',
  recordedAt: '2026-11-23T06:07:18.000Z',
}

const values = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 'x', 'x'.repeat(201), 'x'.repeat(64), 7, [], {}, { policy: 'p' }),
  fc.constantFrom<unknown>('live', '2026-11-23T06:07:18.000Z', 'AB'.repeat(32), 'cd'.repeat(32), 'sha256-jcs-1'),
  fc.constantFrom<unknown>({ policy: '' }, { policy: 'p', person: 'q' }, { ...good.actor, role: 1 }),
)
const places = fc.constantFrom(
  ...Object.keys(good),
  'more',
  'actor.person',
  'actor.department',
  'actor.policy',
  'integrity.digest',
  'integrity.previous',
  'integrity.algorithm',
  'integrity.more',
)

test('the quick check of metadata agrees with the schema, whatever is changed', () => {
  expect(isPlainlyMetadata(good)).toBe(true)
  const seen = { taken: 0, refused: 0 }
  fc.assert(
    fc.property(fc.array(fc.tuple(places, values), { minLength: 1, maxLength: 2 }), (changes) => {
      const changed = structuredClone(good) as Record<string, unknown>
      for (const [place, value] of changes) {
        const [key, inner] = place.split('.') as [string, string | undefined]
        const target = changed[key]
        if (inner === undefined) changed[key] = value
        else if (typeof target === 'object' && target !== null) changed[key] = { ...target, [inner]: value }
      }
      const parsed: unknown = JSON.parse(JSON.stringify(changed))
      const isGood = metadataSchema.safeParse(parsed).success
      seen[isGood ? 'taken' : 'refused'] += 1
      expect(isPlainlyMetadata(parsed)).toBe(isGood)
      const { recordedAt: _, integrity: __, ...given } = parsed as Record<string, unknown>
      expect(isPlainlyNewMetadata(given)).toBe(newMetadataSchema.safeParse(given).success)
    }),
    { numRuns: 3_000 },
  )
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(100)
})

test('what is no object is no metadata', () => {
  for (const value of [null, undefined, 1, 'x', []]) expect(isPlainlyMetadata(value)).toBe(false)
})
