import { z } from 'zod'
import type { EventMetadata, Integrity, NewEvent } from './envelope.ts'
import { canonicalString } from './jcs.ts'

const name = z.string().min(1).max(64)
const identity = z.string().min(1).max(200)
const HEX = /^[0-9a-f]{64}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/
const hex = z.string().regex(HEX)
const instant = z.string().regex(INSTANT)

const given = {
  occurredAt: instant,
  actor: z.union([z.strictObject({ person: name, department: name, role: name }), z.strictObject({ policy: name })]),
  commandId: identity,
  commandFingerprint: z.nullable(hex),
  correlationId: identity,
  causationId: z.nullable(identity),
  origin: z.enum(['live', 'history']),
  caseId: z.nullable(identity),
}

/** What comes with a new event. */
export const newMetadataSchema = z.strictObject(given)

/** What is stored. */
export const metadataSchema = z.strictObject({
  ...given,
  recordedAt: instant,
  integrity: z.strictObject({ algorithm: z.literal('sha256-jcs-1'), previous: z.nullable(hex), digest: hex }),
})

/**
 * Whether stored metadata is plainly as `metadataSchema` says. It is asked first because it is asked of every event and
 * the schema takes five times as long; where it says no, the schema decides and tells why.
 */
export function isPlainlyMetadata(value: unknown): value is EventMetadata {
  if (!hasKeys(value, 10) || !hasKeys(value.integrity, 3)) return false
  const { integrity } = value
  return (
    integrity.algorithm === 'sha256-jcs-1' &&
    (integrity.previous === null || isLike(integrity.previous, HEX)) &&
    isLike(integrity.digest, HEX) &&
    isLike(value.recordedAt, INSTANT) &&
    isPlainlyGiven(value)
  )
}

/** The same of what comes with a new event, and `newMetadataSchema`. */
export function isPlainlyNewMetadata(value: unknown): value is NewEvent['metadata'] {
  return hasKeys(value, 8) && isPlainlyGiven(value)
}

function isPlainlyGiven(value: Record<string, unknown>): boolean {
  const { actor } = value
  return (
    (hasKeys(actor, 1) ? isText(actor.policy, 64) : isPerson(actor)) &&
    isLike(value.occurredAt, INSTANT) &&
    isText(value.commandId, 200) &&
    (value.commandFingerprint === null || isLike(value.commandFingerprint, HEX)) &&
    isText(value.correlationId, 200) &&
    (value.causationId === null || isText(value.causationId, 200)) &&
    (value.origin === 'live' || value.origin === 'history') &&
    (value.caseId === null || isText(value.caseId, 200))
  )
}

function isPerson(actor: unknown): boolean {
  return hasKeys(actor, 3) && isText(actor.person, 64) && isText(actor.department, 64) && isText(actor.role, 64)
}

function hasKeys(value: unknown, count: number): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.keys(value).length === count
}

function isText(value: unknown, lengthMax: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= lengthMax
}

function isLike(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value)
}

/** The JCS of metadata before and after the place where integrity stands, so that digest and row share one text. */
export function metadataText(metadata: NewEvent['metadata'], recordedAt: string): { before: string; after: string } {
  const { actor } = metadata
  const who =
    'policy' in actor
      ? `{"policy":${canonicalString(actor.policy)}}`
      : `{"department":${canonicalString(actor.department)},"person":${canonicalString(actor.person)},"role":${canonicalString(actor.role)}}`
  const before =
    `{"actor":${who},"caseId":${orNull(metadata.caseId)},"causationId":${orNull(metadata.causationId)},` +
    `"commandFingerprint":${orNull(metadata.commandFingerprint)},"commandId":${canonicalString(metadata.commandId)},` +
    `"correlationId":${canonicalString(metadata.correlationId)}`
  const after = `,"occurredAt":"${metadata.occurredAt}","origin":"${metadata.origin}","recordedAt":"${recordedAt}"}`
  return { before, after }
}

/** The JCS of integrity as a property that follows `before`. */
export function integrityText({ algorithm, digest, previous }: Integrity): string {
  return `,"integrity":{"algorithm":"${algorithm}","digest":"${digest}","previous":${previous === null ? 'null' : `"${previous}"`}}`
}

function orNull(text: string | null): string {
  return text === null ? 'null' : canonicalString(text)
}
