import { HOST } from '../county/pages.ts'
import { happen } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import type { Affair } from './affair.ts'
import { closed, promised, promisingAffair } from './answering.ts'
import type { Promising } from './answering.ts'
import type { Cast } from './cast.ts'
import { promisedDay } from './due.ts'
import type { Pledge } from './pledge.ts'

/** 网页核查: what happens to pages on which a county says that a promise was kept. */

/** Kept, and now to be shown. */
function* toBeShown(cast: Cast, given: Partial<Promising> = {}): Life<{ affair: Affair; pledge: Pledge }> {
  const affair = promisingAffair(cast)
  const pledge = yield* promised(affair, { day: promisedDay(cast.pace.date, 30), ...given })
  yield* closed(affair)
  cast.pace.calendarDays(4)
  yield* pledge.fulfil()
  cast.pace.days(1)
  return { affair, pledge }
}

/** A machine cannot tell, so somebody opens the page. */
function* leftToPeople(pledge: Pledge, report: number, days = 1): Life {
  pledge.pace.days(days, days + 1)
  yield* pledge.verifyPage(report)
}

/** The page is there at last. */
function* shownAnew(pledge: Pledge): Life {
  pledge.pace.days(1, 2)
  yield* pledge.showAt(`${pledge.address}?2`)
}

export function* wordsPartlyFound(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  const report = yield* pledge.showAt(pledge.address, `工作动态：${pledge.outcome.action}正在收尾。`)
  yield* leftToPeople(pledge, report)
}

/** Its words are so common that finding them proves nothing. */
export function* nothingToLookFor(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast, { quote: '确保本月整改到位', terms: { action: '整改', target: null } })
  const report = yield* pledge.showAt()
  yield* leftToPeople(pledge, report)
}

export function* pageOfTheAnswer(cast: Cast): Life {
  const { affair, pledge } = yield* toBeShown(cast)
  const report = yield* pledge.showAt(affair.address)
  yield* leftToPeople(pledge, report)
}

export function* frontPage(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  yield* pledge.showAt(`https://${HOST}/`)
  yield* shownAnew(pledge)
}

export function* notReadable(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  yield* happen(cast.pace.nowMs, ({ pages }) =>
    pages.breakDown(pledge.address, { fault: 'not-a-page', detail: 'application/pdf', transient: false }),
  )
  const report = yield* pledge.reportPage(pledge.address)
  yield* leftToPeople(pledge, report)
}

/** The site answers after the second attempt. */
export function* slowSite(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  yield* siteDown(pledge)
  yield* pledge.reportPage(pledge.address)
  cast.pace.days(1)
  yield* happen(cast.pace.nowMs, ({ pages }) => pages.put(pledge.address, pledge.page))
}

/** The site does not answer for two days. */
export function* silentSite(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  yield* siteDown(pledge)
  const report = yield* pledge.reportPage(pledge.address)
  cast.pace.days(5)
  yield* happen(cast.pace.nowMs, ({ pages }) => pages.put(pledge.address, pledge.page))
  yield* leftToPeople(pledge, report)
}

function* siteDown(pledge: Pledge): Life {
  yield* happen(pledge.pace.nowMs, ({ pages }) =>
    pages.breakDown(pledge.address, { fault: 'unreachable', detail: 'HTTP 503', transient: true }),
  )
}

/** Another page than the one that was meant; reported again, a person looks. */
export function* wordsMissing(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  yield* pledge.showAt(pledge.address, '县政府召开常务会议。')
  cast.pace.days(1)
  const again = yield* pledge.showAt(`${pledge.address}#2`)
  yield* leftToPeople(pledge, again)
}

export function* brokenLink(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  yield* pledge.showAt(pledge.address, null)
  yield* shownAnew(pledge)
}

export function* foreignSite(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  yield* pledge.showAt('https://forum.example/yunxi/8812')
  yield* shownAnew(pledge)
}

/** Whoever is not signed in cannot read it. */
export function* behindSignIn(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  yield* happen(cast.pace.nowMs, ({ pages }) =>
    pages.breakDown(pledge.address, { fault: 'not-public', detail: 'HTTP 401', transient: false }),
  )
  yield* pledge.reportPage(pledge.address)
  yield* shownAnew(pledge)
}

/** Somebody independent looks first, and does not find what should be there. */
export function* rejectedByHand(cast: Cast): Life {
  const { pledge } = yield* toBeShown(cast)
  const report = yield* pledge.showAt(pledge.address, `${pledge.outcome.action}进展通报`)
  cast.pace.days(1)
  yield* pledge.act(pledge.verifier, 'RejectPublication', {
    report,
    fault: 'words-missing',
    note: '页面只写进展，没有写结果',
  })
  yield* shownAnew(pledge)
}
