import { someoneWith, staffOf } from '../county/people.ts'
import { Happening } from '../matters/happening.ts'
import type { Matter } from '../matters/matter.ts'
import { notAccepted, transferred } from '../matters/special.ts'
import type { NotAccepted } from '../matters/special.ts'
import type { Life } from '../play/step.ts'
import type { Affair } from './affair.ts'
import type { Cast } from './cast.ts'

/** Lives that end without an answer from here. */

const elsewhere = (title: string, body: string): Matter => ({
  department: 'open-government',
  mistakenFor: 'housing',
  subject: '其他',
  type: 'help',
  asks: [{ title, body }],
  demands: [],
  answer: '',
  promise: null,
})

function* received(cast: Cast, title: string, body: string): Life<Affair> {
  const happening = new Happening(elsewhere(title, body), cast.random)
  const affair = cast.affair({ happening, channel: cast.random.pick(['hotline-12345', 'yunxi-app', 'new-media']) })
  yield* affair.arrive()
  cast.pace.minutes(10, 90)
  yield* affair.triage()
  cast.pace.minutes(60, 400)
  return affair
}

/** 不予受理: proposed by who triaged it, approved by the coordinator, with the reason and the right way to go. */
export function notAcceptedFor({ title, body, ...decision }: NotAccepted) {
  return function* (cast: Cast): Life {
    const affair = yield* received(cast, title, body)
    const proposedBy = staffOf('open-government', 'monitor')[0].actor.person
    yield* affair.act(someoneWith('coordinator'), 'DoNotAcceptCase', { ...decision, proposedBy })
  }
}
export const notAcceptedLives = notAccepted.map(notAcceptedFor)

/** 移送, with the receipt where there is one. */
export const transferredLives = transferred.map(({ to, title, body, basis, receipt }) => {
  return function* (cast: Cast): Life {
    const affair = yield* received(cast, title, body)
    const notice = `您反映的事项由${to}负责，我们已将您的留言移送该单位，请留意其答复。`
    yield* affair.act(someoneWith('coordinator'), 'TransferCase', { to, basis, receipt, notice })
  }
})
