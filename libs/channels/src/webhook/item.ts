import { z } from 'zod'
import { fieldLengthMax } from '../inbound.ts'
import type { InboundField, InboundRow } from '../inbound.ts'
import { CONTROL_CHARACTERS } from '../refusals.ts'
import { RowRefused, toInboundRow } from '../row.ts'
import type { Cells } from '../row.ts'
import { parseInboundTime } from '../time.ts'

/**
 * What a platform sends of a message or post. Lengths are documented here and checked, like every other thing that a file's
 * rows are checked for, by `toInboundRow`.
 */

const text = (field: InboundField, description: string) =>
  z.string().meta({ description, maxLength: fieldLengthMax[field] })
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullish()
const time = 'ISO 8601, such as 2026-11-23T09:30:00+08:00; without an offset it is Asia/Shanghai'

const WORK_ORDER_CHARACTERS_MAX = 100

export const webhookItem = z
  .strictObject({
    externalId: text('externalId', 'The id that the platform gave it; the same for ever').min(1),
    title: text('title', 'May be empty where there is a content').nullish(),
    content: text('content', 'Plain text; markup is kept as it is').nullish(),
    author: z
      .strictObject({
        name: text('author.name', 'Who wrote it').nullish(),
        contact: text('author.contact', 'Phone or mail').nullish(),
      })
      .nullish(),
    receivedAt: text('receivedAt', `When the platform received it, needed for messages; ${time}`).nullish(),
    wish: z.enum(['public', 'private']).nullish().describe('Whether the author wants it public'),
    place: text('place', 'Where it is about').nullish(),
    address: text('address', 'Its page, http or https').nullish(),
    department: text('department', 'Whom the platform holds to be in charge').nullish(),
    type: text('type', '咨询, 求助, 投诉, 建议, 举报, 找错, 感谢, or the platform’s own word').nullish(),
    reach: z.strictObject({ views: count, reposts: count, comments: count, likes: count }).nullish(),
    workOrder: z
      .strictObject({
        platform: z.string().min(1).meta({ maxLength: WORK_ORDER_CHARACTERS_MAX }),
        number: z.string().min(1).meta({ maxLength: WORK_ORDER_CHARACTERS_MAX }),
        dueAt: z.string().nullish().describe(`When the platform wants it answered; ${time}`),
      })
      .nullish()
      .describe('The order under which the platform handed it to us'),
  })
  .meta({ id: 'WebhookItem' })
export type WebhookItem = z.infer<typeof webhookItem>

export const DELIVERY_ITEMS_MAX = 500

/** The body of a delivery: one item, or up to 500. Each is checked by itself, so that a bad one does not stop the others. */
export const webhookDelivery = z.union([
  webhookItem,
  z.strictObject({ items: z.array(webhookItem).min(1).max(DELIVERY_ITEMS_MAX) }),
])

/**
 * Checks one item as it was sent and gives it the shape of a file's row. Throws `RowRefused` with the first thing that is
 * wrong with it. `now` stands for the time of an opinion item that says none: it was discovered when it came.
 */
export function rowOfItem(value: unknown, kind: 'message' | 'opinion', latest: string, now: string): InboundRow {
  const { success, data, error } = webhookItem.safeParse(value)
  if (!success) {
    const { path, message } = error.issues[0]!
    throw new RowRefused('ITEM_INVALID', { place: path.map(String).join('.') || 'item', reason: message })
  }
  const { author, reach, workOrder } = data
  const cells: Cells = new Map()
  const put = (field: InboundField, value: string | number | null | undefined) => {
    if (value != null) cells.set(field, { column: field, text: String(value) })
  }
  put('externalId', data.externalId)
  put('title', data.title)
  put('content', data.content)
  put('author.name', author?.name)
  put('author.contact', author?.contact)
  put('receivedAt', data.receivedAt ?? (kind === 'opinion' ? now : null))
  put('place', data.place)
  put('address', data.address)
  put('department', data.department)
  put('type', data.type)
  put('wish', data.wish)
  for (const measure of ['views', 'reposts', 'comments', 'likes'] as const) put(`reach.${measure}`, reach?.[measure])
  const row = toInboundRow(cells, latest)
  return workOrder == null ? row : { ...row, workOrder: workOrderOf(workOrder) }
}

function workOrderOf({
  platform,
  number,
  dueAt,
}: NonNullable<WebhookItem['workOrder']>): NonNullable<InboundRow['workOrder']> {
  const due = dueAt == null ? null : parseInboundTime(dueAt)
  if (dueAt != null && due === null) throw new RowRefused('TIME_INVALID', { column: 'workOrder.dueAt' })
  return { platform: name('platform', platform), number: name('number', number), ...(due && { dueAt: due.instant }) }
}

function name(field: 'platform' | 'number', given: string): string {
  const column = `workOrder.${field}`
  const text = given.trim()
  if (CONTROL_CHARACTERS.test(text) || !text.isWellFormed()) throw new RowRefused('CONTROL_CHARACTERS', { column })
  if (text === '' || text.length > WORK_ORDER_CHARACTERS_MAX) {
    throw new RowRefused('FIELD_TOO_LONG', { column, length: text.length, max: WORK_ORDER_CHARACTERS_MAX })
  }
  return text
}
