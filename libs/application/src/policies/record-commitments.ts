import type { CaseEvent } from '#domain'
import { commitmentIdOf } from '../identity/ids.ts'
import type { Recorded } from '../recorded.ts'
import { idOf } from '../stream-id.ts'
import type { Policy } from './policy.ts'

type Published = Extract<CaseEvent, { type: 'ResponsePublished' | 'ResponseCorrected' }>

/**
 * A promise is recorded when the answer that holds it is published, once for each mark. A mark that a correction no longer
 * has changes nothing: what was promised stays promised until it is withdrawn.
 */
export const recordCommitments: Policy = {
  name: 'record-commitments',
  handles: new Set(['ResponsePublished', 'ResponseCorrected']),
  expectedRefusals: new Set(),
  consequences: (recorded) => {
    const { stream, data } = recorded as unknown as Recorded<Published>
    const caseId = idOf(stream)
    const { responseId, digest, publishedAt, content } = data
    return Promise.resolve(
      content.marks.map(({ markId, terms }) => ({
        command: 'MakeCommitment',
        target: commitmentIdOf(caseId, responseId, markId),
        payload: {
          source: { kind: 'response', caseId, responseId, markId, responseDigest: digest },
          origin: 'live',
          madeAt: publishedAt,
          terms,
        },
        occurredAt: publishedAt,
      })),
    )
  },
}
