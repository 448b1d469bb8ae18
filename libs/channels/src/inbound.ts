import type { RefusalText, RowRefusalCode } from './refusals.ts'

/** Whether a time was given with its hour, or as a date alone, which then means 00:00 in Shanghai. */
export type TimePrecision = 'instant' | 'day'

/**
 * One message or post as a file gave it. Texts are trimmed at their ends and otherwise as they came; lengths are within
 * `fieldLengthMax`. Optional fields are absent where the file has nothing.
 */
export interface InboundRow {
  /** The id that the channel gave it. */
  externalId: string
  /** `title` and `content`: either may be '', never both. */
  title: string
  content: string
  author: { name?: string; contact?: string }
  /** Instant, UTC with milliseconds. */
  receivedAt: string
  receivedAtPrecision: TimePrecision
  place?: string
  /** The post's web address, http or https. */
  address?: string
  /** As the file names them; what they are called here is for the import to decide. */
  department?: string
  type?: string
  /** Whether the author wants it public. */
  wish?: 'public' | 'private'
  reach?: { views?: number; reposts?: number; comments?: number; likes?: number }
  /** The order under which a platform handed it to us. No file has one yet. */
  workOrder?: { platform: string; number: string; dueAt?: string }
  /** The answer already given. A `day` precision may put it before `receivedAt` on the same day; never on an earlier one. */
  reply?: {
    text: string
    publishedAt: string
    publishedAtPrecision: TimePrecision
    department?: string
    address?: string
  }
}

/**
 * What became of one data row, in the order of the file. Rows count from 1; the header and blank lines are none. Of XLSX
 * they have the number that the sheet shows beside them.
 */
export type RowOutcome =
  | {
      row: number
      kind: 'row'
      record: InboundRow
      /** The row as a line of JSON Lines, which gives the same when it is read again with the same column map. */
      original: string
    }
  | {
      row: number
      kind: 'refused'
      code: RowRefusalCode
      message: RefusalText
      /** How the row begins, at most `EXCERPT_CHARACTERS_MAX` characters. Personal data. */
      excerpt: string
      /** As above; null for what was too long or could not be told apart into cells. Personal data. */
      original: string | null
    }

export const EXCERPT_CHARACTERS_MAX = 200

/** Names of `InboundRow`'s fields, as a column map uses them. */
export const inboundFields = [
  'externalId',
  'title',
  'content',
  'author.name',
  'author.contact',
  'receivedAt',
  'place',
  'address',
  'department',
  'type',
  'wish',
  'reach.views',
  'reach.reposts',
  'reach.comments',
  'reach.likes',
  'reply.text',
  'reply.publishedAt',
  'reply.department',
  'reply.address',
] as const
export type InboundField = (typeof inboundFields)[number]

/** The longest text each field takes, in UTF-16 code units. */
export const fieldLengthMax: Record<InboundField, number> = {
  externalId: 200,
  title: 200,
  content: 50_000,
  'author.name': 200,
  'author.contact': 200,
  receivedAt: 64,
  place: 200,
  address: 2_000,
  department: 200,
  type: 64,
  wish: 64,
  'reach.views': 64,
  'reach.reposts': 64,
  'reach.comments': 64,
  'reach.likes': 64,
  'reply.text': 50_000,
  'reply.publishedAt': 64,
  'reply.department': 200,
  'reply.address': 2_000,
}

/** The bounds of one reading. */
export interface ReadLimits {
  /** The longest record, in characters (UTF-16 code units) of decoded text. */
  recordCharactersMax: number
  columnsMax: number
  rowsMax: number
  /** XLSX: what all parts of a workbook may unpack to together. */
  unpackedBytesMax: number
  /** XLSX: the texts that cells share (shared strings), each counted once. */
  sharedCharactersMax: number
  /** XLSX: all cells of a sheet, a shared text counted each time: a small file must not become an endless import. */
  sheetCharactersMax: number
}

const MEBI = 1024 * 1024

export const readLimits: ReadLimits = {
  recordCharactersMax: MEBI,
  columnsMax: 256,
  rowsMax: 1_000_000,
  unpackedBytesMax: 1024 * MEBI,
  sharedCharactersMax: 256 * MEBI,
  sheetCharactersMax: 1024 * MEBI,
}
