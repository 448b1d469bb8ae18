import { z } from 'zod'
import type { Integrity, NewEvent } from './envelope.ts'
import { canonicalString } from './jcs.ts'

const name = z.string().min(1).max(64)
const identity = z.string().min(1).max(200)
const hex = z.string().regex(/^[0-9a-f]{64}$/)
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)

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
