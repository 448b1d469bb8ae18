import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { staff, staffOf } from '../../kernel/staff.ts'
import { digest, instant, line, text } from '../../kernel/values.ts'
import { exemptionGround, pageAddress, publicationFault, tellingMeans } from '../events.ts'
import { isPublic } from '../state.ts'
import type { MadeCommitment } from '../state.ts'
import { byPerson, onPromise } from './definition.ts'
import type { CommitmentDecision } from './definition.ts'
import { refuseDependentApprover, refuseDependentVerifier } from './independence.ts'

const report = z.number().int().min(1).max(10_000)

/** Where the public can see the result. The coordinator's office may report what it published for the department. */
export const reportPublication = byPerson({
  schema: z.strictObject({ address: z.url({ protocol: /^https?$/ }).pipe(pageAddress) }),
  by: ['officer', 'department-reviewer', 'coordinator'],
  decide: ({ address }, state, context, by) => {
    const { publication } = state
    if ('address' in publication && publication.address === address) return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    if (isPublic(state)) return refuse('PUBLICATION_ALREADY_DONE', publication.status)
    const isCoordinator = 'role' in context.actor && context.actor.role === 'coordinator'
    if (!isCoordinator && by.department !== state.terms.responsible) {
      return refuse('NOT_RESPONSIBLE_DEPARTMENT', state.terms.responsible)
    }
    const data = { report: state.publicationReports + 1, address, reportedAt: context.occurredAt, by }
    return accept({ type: 'PublicationReported', data })
  },
})

/** 核查公开: the page was seen, with these words on it, by a policy or by someone independent. */
export const verifyPublication = onPromise({
  schema: z.strictObject({ report, pageDigest: digest, wordsFound: z.array(line()).min(1).max(20) }),
  by: ['verifier', 'policy'],
  decide: (command, state, context) => {
    const { publication } = state
    if (publication.status === 'verified' && publication.report === command.report) return nothing()
    const refusal = refuseJudgement(state, command.report, context)
    if (refusal !== null) return refusal
    if (publication.status === 'reported' && !isOwnSite(publication.address, context.settings.publicationHosts)) {
      return refuse('WRONG_SITE')
    }
    const by = staffOf(context.actor)
    const method = by === null ? 'automatic' : 'manual'
    const data = { ...command, method, verifiedAt: context.occurredAt, by } as const
    return accept({ type: 'PublicationVerified', data })
  },
})

/** The page is not there, not public, says something else, or stands on the wrong site: the track is open again. */
export const rejectPublication = onPromise({
  schema: z.strictObject({ report, fault: publicationFault, note: line(1_000).nullable() }),
  by: ['verifier', 'policy'],
  decide: (command, state, context) => {
    if (state.publication.status === 'open' && state.publication.rejected === command.report) return nothing()
    const data = { ...command, by: staffOf(context.actor) }
    return refuseJudgement(state, command.report, context) ?? accept({ type: 'PublicationRejected', data })
  },
})

/** The law keeps it from the public, so the asker is told instead. Whoever gives the command approves it. */
export const exemptPublication = byPerson({
  schema: z.strictObject({
    ground: exemptionGround,
    law: line(),
    clause: line(100),
    reason: line(1_000),
    askerTold: z.strictObject({ means: tellingMeans, toldAt: instant, statement: text(10_000).min(1) }),
    requestedBy: staff.nullable(),
  }),
  by: ['coordinator', 'signer', 'leader'],
  decide: (command, state, context, approver) => {
    if (state.publication.status === 'exempted') return nothing()
    if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
    if (isPublic(state)) return refuse('PUBLICATION_ALREADY_DONE', state.publication.status)
    if (command.askerTold.toldAt > context.now) return refuse('DATE_IN_FUTURE', command.askerTold.toldAt)
    const data = { ...command, approver }
    return (
      refuseDependentApprover(state, approver, command.requestedBy) ?? accept({ type: 'PublicationExempted', data })
    )
  },
})

/** Whether an address lies on one of the county's hosts or below one. An empty list knows no wrong site. */
function isOwnSite(address: string, hosts: readonly string[]): boolean {
  const host = URL.parse(address)?.hostname
  return hosts.length === 0 || hosts.some((own) => host === own || host?.endsWith(`.${own}`) === true)
}

function refuseJudgement(state: MadeCommitment, judged: number, context: CommandContext): CommitmentDecision | null {
  if (state.status !== 'open') return refuse('COMMITMENT_NOT_OPEN', state.status)
  if (state.publication.status !== 'reported') return refuse('NOTHING_REPORTED', state.publication.status)
  if (state.publication.report !== judged) return refuse('REPORT_CHANGED', `report ${state.publication.report}`)
  const by = staffOf(context.actor)
  if (by === null) return state.origin === 'history' ? refuse('NOT_FOR_HISTORY') : null
  return refuseDependentVerifier(state, by, state.publication.by)
}
