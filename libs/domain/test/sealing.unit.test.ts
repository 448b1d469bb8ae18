import * as domain from '#domain'
import type { EventFormats } from '#domain'
import { expect, test } from 'vitest'
import { z } from 'zod'

/**
 * Every text that a person wrote is sealed (DESIGN §6). Codes, accounts, times and digests have a form; a text without one
 * is free, and is sealed or stands here with why it may be read without a key.
 */
const OPEN_TEXTS: [places: RegExp, why: string][] = [
  [/\.mediaType$/, 'a file’s type, not its name'],
  [/^Deadline\w+\.deadline\./, 'norms, holidays and the calendar’s version: published rules'],
  [/^(DepartmentDefined|ChannelDefined)\.\w+\.name$/, 'names of bodies and channels'],
  [/^(NormPackAdopted|HolidaysAnnounced|ApprovalPolicyDefined)\./, 'published rules and their titles'],
  [/^ImportStarted\.mapping\[\]\./, 'names of columns'],
  [/^NumbersReserved\.reservation$/, 'an id'],
  [/^ItemReceived\.arrival\.run$|^Item\w+\.arrival\.(run|delivery)$/, 'ids'],
  [/^Item\w+\.workOrder\.platform$/, 'a platform’s name'],
  [/^ItemErased\.basis$/, 'a clause, without names: it must outlive the key'],
  [/^ItemQuarantined\.receipt$/, 'a document number: it must outlive the key'],
  [/\.source\.(number|document)$/, 'document numbers of published lists'],
  [/^PublicationExempted\.(law|clause)$/, 'a law and its clause'],
  [
    /^(PublicationReported|AnsweredByLead|PastResponseRecorded|ResponsePublished|ResponseCorrected)\.address$/,
    'a public page',
  ],
  [/^CaseOpened\.number$/, 'a case number'],
  [/^Case(Opened|Triaged)\.subject$/, 'a class of the subject tree'],
  [/^CaseTriaged\.(suggestion|incident\.setBy)$/, 'an id of a suggestion; an authority'],
  [/^CaseTransferred\.to$|^PastResponseRecorded\.departmentNamed$/, 'a body’s name'],
  [/^CaseRouted\.basis\.rule$/, 'an id of a rule'],
  [/^CaseRouted\.basis\.decidedBy$/, 'an authority'],
  [/^SupervisionIssued\.number$/, 'a document number'],
]

const tables = Object.entries(domain)
  .filter(([name]) => name.endsWith('EventFormats'))
  .map(([, formats]) => formats as EventFormats)

const open = tables.flatMap((formats) =>
  Object.entries(formats).flatMap(([type, { schema }]) => freeTexts(schema, type)),
)

test('a text without a form is sealed, or known to be no personal one', () => {
  expect(open.filter((place) => !OPEN_TEXTS.some(([places]) => places.test(place)))).toEqual([])
})

test('nothing is allowed that is not there', () => {
  expect(OPEN_TEXTS.filter(([places]) => !open.some((place) => places.test(place)))).toEqual([])
})

test('what a person wrote and who they are is found to be sealed', () => {
  const { ItemReceived, CommitmentMade } = Object.assign({}, ...tables) as EventFormats
  expect(freeTexts(ItemReceived!.schema, 'ItemReceived')).not.toContain('ItemReceived.content')
  expect(freeTexts(CommitmentMade!.schema, 'CommitmentMade')).not.toContain('CommitmentMade.terms.quote')
})

/** The places of unsealed strings that have no pattern, no format and no list of values; accounts are no names. */
function freeTexts(schema: z.core.$ZodType, place: string): string[] {
  if (schema === domain.personId || z.globalRegistry.get(schema)?.sensitive === true) return []
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([key, value]) => freeTexts(value, `${place}.${key}`))
    case 'array':
      return freeTexts(def.element, `${place}[]`)
    case 'union':
      return [...new Set(def.options.flatMap((option) => freeTexts(option, place)))]
    case 'optional':
    case 'nullable':
      return freeTexts(def.innerType, place)
    case 'string':
      return 'format' in def || def.checks?.some((check) => check._zod.def.check === 'string_format') ? [] : [place]
    default:
      return []
  }
}
