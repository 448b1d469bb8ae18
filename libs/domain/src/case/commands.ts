import { admissionCommands } from './decisions/admission.ts'
import { answerCommands } from './decisions/answers.ts'
import { approvalCommands } from './decisions/approval.ts'
import { assistanceCommands } from './decisions/assistance.ts'
import { closingCommands } from './decisions/closing.ts'
import { deadlineCommands } from './decisions/deadlines.ts'
import { draftingCommands } from './decisions/drafting.ts'
import { handBackCommands } from './decisions/hand-back.ts'
import { joiningCommands } from './decisions/joining.ts'
import { openingCommands } from './decisions/opening.ts'
import { onTheSpotCommands } from './decisions/on-the-spot.ts'
import { oversightCommands } from './decisions/oversight.ts'
import { routingCommands } from './decisions/routing.ts'
import { triageCommands } from './decisions/triage.ts'

/** Everything that can be asked of a case, who may ask it, and what comes of it. */
export const caseCommands = {
  ...openingCommands,
  ...triageCommands,
  ...admissionCommands,
  ...joiningCommands,
  ...routingCommands,
  ...handBackCommands,
  ...assistanceCommands,
  ...draftingCommands,
  ...onTheSpotCommands,
  ...approvalCommands,
  ...answerCommands,
  ...deadlineCommands,
  ...closingCommands,
  ...oversightCommands,
}
export type CaseCommandName = keyof typeof caseCommands
