import { z } from 'zod'
import type { InboundField } from './inbound.ts'
import { inboundFields } from './inbound.ts'
import { FileRefused, printable } from './refusals.ts'

/**
 * The columns known without a map, in their plain spelling, parted by spaces. Left out because they don't say what they
 * seem to: 序号 (a line number, no id), 受理时间 (the clock starts at receipt), 发布时间 (of the post or of the reply),
 * 是否保密 (the reverse of the wish).
 */
const knownNames: Record<InboundField, string> = {
  externalId: 'id tid externalid 编号 留言编号 工单编号 工单号 来信编号 信件编号 诉求编号 留言id 帖子id',
  title: 'subject title 留言主题 留言标题 主题 标题 来信标题 信件标题 诉求标题 工单标题',
  content: 'body content text 留言详情 留言内容 内容 正文 详情 诉求内容 来信内容 信件内容 工单内容 问题描述',
  'author.name': 'user author nick author.name 留言用户 姓名 网友 昵称 来信人 留言人 诉求人 写信人 反映人 提问人',
  'author.contact': 'phone contact author.contact 联系电话 电话 手机 手机号 手机号码 联系方式 来电号码',
  receivedAt: 'time date receivedat 留言时间 留言日期 来信时间 来信日期 提交时间 提交日期 诉求时间 来电时间 时间 日期',
  place: 'place location 地点 地址 事发地点 事发地址 诉求地点 诉求地址 所在地',
  address: 'url link 链接 网址 原文链接 来源链接 帖子链接 留言链接',
  department: 'department 承办单位 办理单位 责任单位 主办单位 承办部门 办理部门 责任部门',
  type: 'type 类型 留言类型 留言类别 来信类型 信件类型 信件类别 诉求类型 工单类型',
  wish: 'wish 是否公开 公开意愿 是否愿意公开',
  'reach.views': 'views reach.views 浏览量 浏览数 阅读量 阅读数 点击量 点击数 readcount',
  'reach.reposts': 'reposts shares reach.reposts 转发量 转发数',
  'reach.comments': 'comments reach.comments 评论量 评论数',
  'reach.likes': 'likes reach.likes 点赞 点赞量 点赞数 支持数',
  'reply.text': 'reply reply.text 答复意见 答复内容 回复内容 回复意见 答复 回复 官方回复',
  'reply.publishedAt': 'replytime reply.publishedat 答复时间 答复日期 回复时间 回复日期',
  'reply.department': 'reply.department 答复单位 回复单位 答复部门 回复部门 答复机构',
  'reply.address': 'reply.address replyurl 答复链接 回复链接',
}

/** Case, width, spaces, `_`, `-` and the marks that forms put behind a name (`*`, `:`) don't tell columns apart. */
const plainName = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_\-*:\uFEFF]/g, '')

const knownFields = new Map(
  inboundFields.flatMap((field) => knownNames[field].split(' ').map((name) => [name, field] as const)),
)

const COLUMN_NAME_CHARACTERS_MAX = 200

/** A column map: our field → the file's column. It overrides what is known; fields that it doesn't name stay as known. */
export const columnMap = z.partialRecord(
  z.enum(inboundFields),
  z.string().trim().min(1).max(COLUMN_NAME_CHARACTERS_MAX),
)
export type ColumnMap = z.infer<typeof columnMap>

/** Which column became what, and which became nothing. */
export interface ColumnReport {
  used: { column: string; field: InboundField }[]
  ignored: string[]
}

/** Says of each column's name which field it holds. Throws `FileRefused` MAPPING_INVALID for a wrong map. */
export class Columns {
  readonly #mapped = new Map<string, InboundField>()
  readonly #columnWanted = new Map<InboundField, string>()
  readonly #columnsMax: number
  readonly #seen = new Map<string, InboundField | null>()

  constructor(mapping: unknown, columnsMax: number) {
    this.#columnsMax = columnsMax
    const parsed = columnMap.safeParse(mapping ?? {})
    if (!parsed.success) throw mappingInvalid(z.prettifyError(parsed.error).replaceAll('\n', ' '))
    for (const field of inboundFields) {
      const column = parsed.data[field]
      if (column === undefined) continue
      const name = plainName(column)
      if (name === '') throw mappingInvalid(`the column of ${field} has no letters`)
      const other = this.#mapped.get(name)
      if (other) throw mappingInvalid(`${other} and ${field} name the same column`)
      this.#mapped.set(name, field)
      this.#columnWanted.set(field, column)
    }
  }

  /** The field of a column, null for one that is ignored. */
  fieldOf(column: string): InboundField | null {
    const before = this.#seen.get(column)
    if (before !== undefined) return before
    const field = this.#find(column)
    if (this.#seen.size < this.#columnsMax) this.#seen.set(printable(column, COLUMN_NAME_CHARACTERS_MAX), field)
    return field
  }

  /** How many of these might be columns: for finding a header, which is not noted yet. */
  countKnown(names: readonly string[]): number {
    return names.filter((name) => this.#find(name) !== null).length
  }

  #find(column: string): InboundField | null {
    const name = column.length > COLUMN_NAME_CHARACTERS_MAX ? '' : plainName(column)
    const known = knownFields.get(name)
    return this.#mapped.get(name) ?? (known && !this.#columnWanted.has(known) ? known : null)
  }

  /** What the columns met so far became; at most `columnsMax` of them. */
  report(): ColumnReport {
    const columns = [...this.#seen]
    return {
      used: columns.flatMap(([column, field]) => (field ? [{ column, field }] : [])),
      ignored: columns.flatMap(([column, field]) => (field ? [] : [column])),
    }
  }

  /**
   * The field of each column of a header. Throws `FileRefused`: HEADER_UNKNOWN when it names nothing known,
   * COLUMNS_CONFLICT when two claim one field, COLUMN_MISSING when id, time or text is missing or the map names another.
   */
  ofHeader(header: readonly string[]): (InboundField | null)[] {
    const fields = header.map((column) => this.fieldOf(column))
    // What was found is not repeated here: without a header it is somebody's message.
    if (fields.every((field) => field === null)) throw new FileRefused('HEADER_UNKNOWN', { count: header.length })

    const columnOf = new Map<InboundField, string>()
    for (const [index, field] of fields.entries()) {
      if (!field) continue
      const other = columnOf.get(field)
      const column = header[index] ?? ''
      if (other !== undefined) throw new FileRefused('COLUMNS_CONFLICT', { column: other, other: column, field })
      columnOf.set(field, column)
    }

    const required = new Set<InboundField>(['externalId', 'receivedAt', ...this.#columnWanted.keys()])
    if (!columnOf.has('title')) required.add('content')
    const missing = [...required].filter((field) => !columnOf.has(field))
    if (missing.length > 0) {
      const named = missing.map((field) => `${field} (${this.#columnWanted.get(field) ?? knownNames[field]})`)
      throw new FileRefused('COLUMN_MISSING', { missing: named.join(', ') })
    }
    return fields
  }
}

function mappingInvalid(reason: string): FileRefused {
  return new FileRefused('MAPPING_INVALID', { reason, fields: inboundFields.join(', ') })
}
