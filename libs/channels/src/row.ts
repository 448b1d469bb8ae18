import type { InboundField, InboundRow } from './inbound.ts'
import { fieldLengthMax, inboundFields } from './inbound.ts'
import type { Details, RowRefusalCode } from './refusals.ts'
import { CONTROL_CHARACTERS } from './refusals.ts'
import type { InboundTime } from './time.ts'
import { parseInboundTime } from './time.ts'

/** What a row holds of each field, and the column it stood in, for saying which one is wrong. */
export type Cells = Map<InboundField, { column: string; text: string }>

/** Why one row is refused. Caught by the reader of the file and never seen outside. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused'
  readonly code: RowRefusalCode
  readonly details: Details

  constructor(code: RowRefusalCode, details: Details = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

const ZONE = 'Asia/Shanghai'

// oxlint-disable-next-line no-control-regex
const CONTROL_IN_ID = /[\u0000-\u001f]/
/** White space and characters that show nothing, such as the zero-width space. */
const INVISIBLE = /^[\p{White_Space}\p{Cf}]*$/u
/** `1.23457E+17`: what a spreadsheet makes of a long number. Two different ids come out the same. */
const SCIENTIFIC = /^\d(?:\.\d+)?E\+\d{2,}$/i

/**
 * Checks one row and gives it its shape; no time in it may be after the instant `latest`. Throws `RowRefused` with
 * the first thing that is wrong with it.
 */
export function toInboundRow(cells: Cells, latest: string): InboundRow {
  const texts = new Map<InboundField, string>()
  for (const field of inboundFields) {
    const text = cells.get(field)?.text.trim()
    if (text === undefined || text === '') continue
    checkText(field, text, columnOf(cells, field))
    texts.set(field, text)
  }

  const externalId = texts.get('externalId') ?? ''
  if (INVISIBLE.test(externalId)) throw new RowRefused('ID_MISSING')
  if (SCIENTIFIC.test(externalId)) throw new RowRefused('ID_DAMAGED', { column: columnOf(cells, 'externalId') })

  const title = texts.get('title') ?? ''
  const content = texts.get('content') ?? ''
  if (INVISIBLE.test(title) && INVISIBLE.test(content)) throw new RowRefused('TEXT_MISSING')

  const received = time(cells, texts, 'receivedAt', latest)
  return withoutAbsent({
    externalId,
    title,
    content,
    author: withoutAbsent({ name: texts.get('author.name'), contact: texts.get('author.contact') }),
    receivedAt: received.instant,
    receivedAtPrecision: received.precision,
    place: texts.get('place'),
    address: webAddress(cells, texts, 'address'),
    department: texts.get('department'),
    type: texts.get('type'),
    wish: wish(cells, texts),
    reach: reach(cells, texts),
    reply: reply(cells, texts, received, latest),
  })
}

function columnOf(cells: Cells, field: InboundField): string {
  return cells.get(field)?.column ?? field
}

function checkText(field: InboundField, text: string, column: string): void {
  const control = field === 'externalId' ? CONTROL_IN_ID : CONTROL_CHARACTERS
  if (control.test(text) || !text.isWellFormed()) throw new RowRefused('CONTROL_CHARACTERS', { column })
  const max = fieldLengthMax[field]
  if (text.length > max) {
    throw new RowRefused(field === 'externalId' ? 'ID_TOO_LONG' : 'FIELD_TOO_LONG', {
      column,
      length: text.length,
      max,
    })
  }
}

type Texts = ReadonlyMap<InboundField, string>

function time(cells: Cells, texts: Texts, field: 'receivedAt' | 'reply.publishedAt', latest: string): InboundTime {
  const column = columnOf(cells, field)
  const parsed = parseInboundTime(texts.get(field) ?? '')
  if (!parsed) throw new RowRefused('TIME_INVALID', { column })
  if (parsed.instant > latest) throw new RowRefused('TIME_IN_FUTURE', { column })
  return parsed
}

function reply(cells: Cells, texts: Texts, received: InboundTime, latest: string): InboundRow['reply'] {
  const text = texts.get('reply.text') ?? ''
  const timeGiven = texts.has('reply.publishedAt')
  if (INVISIBLE.test(text)) {
    if (timeGiven) throw new RowRefused('REPLY_TEXT_MISSING')
    return undefined
  }
  if (!timeGiven) throw new RowRefused('REPLY_TIME_MISSING')
  const published = time(cells, texts, 'reply.publishedAt', latest)
  if (isBefore(published, received)) throw new RowRefused('REPLY_BEFORE_QUESTION')
  return withoutAbsent({
    text,
    publishedAt: published.instant,
    publishedAtPrecision: published.precision,
    department: texts.get('reply.department'),
    address: webAddress(cells, texts, 'reply.address'),
  })
}

/** Times of which one is only a date are compared by their Shanghai dates. */
function isBefore(one: InboundTime, other: InboundTime): boolean {
  if (one.precision === 'instant' && other.precision === 'instant') return one.instant < other.instant
  const day = (time: InboundTime) => Temporal.Instant.from(time.instant).toZonedDateTimeISO(ZONE).toPlainDate()
  return Temporal.PlainDate.compare(day(one), day(other)) < 0
}

function webAddress(cells: Cells, texts: Texts, field: 'address' | 'reply.address'): string | undefined {
  const text = texts.get(field)
  if (text === undefined) return undefined
  const protocol = URL.parse(text)?.protocol
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new RowRefused('ADDRESS_INVALID', { column: columnOf(cells, field) })
  }
  return text
}

const MEANS_PUBLIC = '公开 愿意 愿意公开 同意 同意公开 是 public yes true 1'.split(' ')
const MEANS_PRIVATE = '不公开 不愿意 不愿意公开 不同意 不同意公开 否 保密 private no false 0'.split(' ')

function wish(cells: Cells, texts: Texts): 'public' | 'private' | undefined {
  const text = texts.get('wish')
  if (text === undefined) return undefined
  const plain = text.normalize('NFKC').toLowerCase()
  if (MEANS_PUBLIC.includes(plain)) return 'public'
  if (MEANS_PRIVATE.includes(plain)) return 'private'
  throw new RowRefused('WISH_INVALID', { column: columnOf(cells, 'wish') })
}

function reach(cells: Cells, texts: Texts): InboundRow['reach'] {
  const counts = withoutAbsent({
    views: count(cells, texts, 'reach.views'),
    reposts: count(cells, texts, 'reach.reposts'),
    comments: count(cells, texts, 'reach.comments'),
    likes: count(cells, texts, 'reach.likes'),
  })
  return Object.keys(counts).length > 0 ? counts : undefined
}

function count(cells: Cells, texts: Texts, field: InboundField): number | undefined {
  const text = texts.get(field)
  if (text === undefined) return undefined
  const digits = text.normalize('NFKC')
  const counted = /^(?:\d{1,16}|\d{1,3}(?:,\d{3}){1,5})$/.test(digits) ? Number(digits.replaceAll(',', '')) : NaN
  if (!Number.isSafeInteger(counted)) throw new RowRefused('COUNT_INVALID', { column: columnOf(cells, field) })
  return counted
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T
}
