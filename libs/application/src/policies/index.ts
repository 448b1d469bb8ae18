import type { NumberAllocator } from '../commands/numbers.ts'
import { answerFollowers } from './answer-followers.ts'
import { destroyContent } from './destroy-content.ts'
import { gatherItems } from './gather-items.ts'
import { informLead } from './inform-lead.ts'
import { openCasePolicy } from './open-case.ts'
import type { GatheringPolicy, Policy } from './policy.ts'
import { recordCommitments } from './record-commitments.ts'
import { settleCommitments } from './settle-commitments.ts'

/** Everything that follows from events without anybody asking for it. What time does comes with the sentinel. */
export function policies(numbers: NumberAllocator, storeSecret: Uint8Array): readonly Policy[] {
  return [
    openCasePolicy(numbers, storeSecret),
    destroyContent,
    informLead,
    answerFollowers,
    recordCommitments,
    settleCommitments,
  ]
}

/** Likewise, of many events at once. */
export const gatheringPolicies: readonly GatheringPolicy[] = [gatherItems]
