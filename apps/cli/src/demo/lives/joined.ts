import { someoneWith } from '../county/people.ts'
import { somebody } from '../county/places.ts'
import { Happening } from '../matters/happening.ts'
import type { Life } from '../play/step.ts'
import type { Affair } from './affair.ts'
import type { Published } from './casework.ts'
import { closed } from './answering.ts'
import { promising } from './cast.ts'
import type { Cast } from './cast.ts'

/** 并案: one trouble, of which several people write. */

interface Group {
  lead: Affair
  followers: Affair[]
  /** Who writes next of the same. */
  another: () => Affair
}

/** Many a trouble is told in four ways, and is written of by more than one. */
const told = promising.filter(({ asks }) => asks.length >= 4)

/** The first message, in hand, and so many others that follow it. */
function* gathered(cast: Cast, others: number): Life<Group> {
  const { random, pace, name } = cast
  const happening = new Happening(random.pick(told), random)
  let order = 0
  const another = () => {
    const channel = random.pick(['hotline-12345', 'yunxi-app', 'new-media', 'phone'] as const)
    return cast.affair({ happening, name: `${name}-${order + 1}`, order: order++, asker: somebody(random), channel })
  }
  const lead = another()
  yield* lead.arrive()
  yield* lead.takeInHand()
  const followers: Affair[] = []
  for (let left = others; left > 0; left -= 1) {
    pace.minutes(40, 200)
    const follower = another()
    yield* join(follower, lead)
    followers.push(follower)
  }
  return { lead, followers, another }
}

function* join(follower: Affair, lead: Affair, relation: 'similar' | 'duplicate' = 'similar'): Life {
  yield* follower.arrive()
  follower.pace.minutes(10, 40)
  yield* follower.triage()
  follower.pace.minutes(3, 15)
  yield* follower.act(someoneWith('monitor'), 'JoinCase', {
    lead: lead.caseId,
    relation,
    reason: '同一地点、同一诉求，由主件单位一并办理',
  })
}

/** What the lead publishes answers all of them, each in their own right. */
export function joinedWith(others: number) {
  return function* (cast: Cast): Life {
    const { lead, followers } = yield* gathered(cast, others)
    cast.pace.days(1)
    yield* lead.respond(lead.content(lead.happening.answer))
    yield* closed(lead)
    for (const follower of followers) {
      cast.pace.minutes(20, 120)
      yield* follower.callBack(cast.random.pick(['yes', 'yes', 'partly', null]))
    }
  }
}

/** One turns out to be about something else, and gets an answer of its own; one comes when the answer is out. */
export function* separatedAndLate(cast: Cast): Life {
  const { lead, followers, another } = yield* gathered(cast, 2)
  const [leaving] = followers
  cast.pace.minutes(20, 60)
  yield* leaving!.act(someoneWith('monitor'), 'SeparateCase', { reason: '经电话核实，反映的是另一路段' })
  cast.pace.minutes(5, 20)
  yield* leaving!.route()
  cast.pace.minutes(20, 60)
  yield* leaving!.sign()
  cast.pace.days(1)
  const published = yield* lead.respond(lead.content(lead.happening.answer))
  cast.pace.minutes(60, 200)
  yield* leaving!.respond(leaving!.content('您反映的路段另行查看，已列入同批处理。'))

  cast.pace.days(1)
  const late = another()
  yield* join(late, lead)
  cast.pace.minutes(10, 40)
  yield* answeredToo(lead, late, published)
  yield* closed(lead)
}

/** What was published before a case joined is its answer, too, once staff say so. */
function* answeredToo(lead: Affair, follower: Affair, { content, ...published }: Published): Life {
  const { kind, text, publicText, means, attachments } = content
  const { responseId, digest, address, publishedAt, department } = published
  yield* follower.act(someoneWith('coordinator'), 'AnswerByLead', {
    lead: lead.caseId,
    through: lead.caseId,
    responseId,
    kind,
    text,
    publicText,
    means,
    address,
    publishedAt,
    attachments,
    digest,
    department,
    correction: false,
  })
}

/** The same person writes twice. */
export function* duplicated(cast: Cast): Life {
  const { random, name, pace } = cast
  const happening = new Happening(random.pick(told), random)
  const asker = somebody(random)
  const again = (order: number) =>
    cast.affair({ happening, name: `${name}-${order + 1}`, order, asker, channel: 'hotline-12345' })
  const [lead, follower] = [again(0), again(1)]
  yield* lead.arrive()
  yield* lead.takeInHand()
  pace.minutes(100, 300)
  yield* join(follower, lead, 'duplicate')
  pace.days(1, 2)
  yield* lead.respond(lead.content(happening.answer))
  yield* closed(lead)
}
