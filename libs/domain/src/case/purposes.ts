import type { DeadlinePurpose } from '#calendar'
import type { ResponseKind, ResponseMeans } from './values.ts'

/** What an answer to the asker ends. */
export const ANSWER_PURPOSES = ['final-answer', 'answer-again'] as const satisfies DeadlinePurpose[]

/** What a response serves. Only a final one meets the final deadline; a forwarding notice answers nothing. */
export function purposesMetBy(kind: ResponseKind, means: ResponseMeans): DeadlinePurpose[] {
  if (kind === 'forwarded') return []
  if (kind === 'acknowledgement') return ['acknowledge']
  const purposes: DeadlinePurpose[] = ['acknowledge']
  if (kind === 'final') purposes.push(...ANSWER_PURPOSES)
  if (means === 'press-conference') purposes.push('press-conference')
  if (means === 'press-conference' || means === 'website' || means === 'new-media') {
    purposes.push('authoritative-information')
  }
  return purposes
}
