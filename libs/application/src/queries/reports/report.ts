import { Inject, Injectable } from '@nestjs/common'
import type { Type } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import { channelId, line, localDate } from '#domain'
import type { Position } from '#event-store'
import type { Reader } from '#read-store'
import type { Column, Row, Table } from '#spreadsheet'
import { z } from 'zod'
import { businessDay } from '../../business-day.ts'
import { instantAt } from '../../clock.ts'
import { PORTS } from '../../ports.ts'
import type { Ports } from '../../ports.ts'
import { SettingsService } from '../../settings/settings-service.ts'
import { awaitToken, QueryRefused, readerOf } from '../reading.ts'
import type { Asker } from '../reading.ts'
import { namesOf } from './names.ts'
import type { Names } from './names.ts'

/** What a report is about. Days are business days, both inclusive. */
export const reportParameters = z
  .strictObject({
    from: localDate.describe('收到（承诺为作出）之日起，如 2026-01-01'),
    to: localDate.describe('收到（承诺为作出）之日止，含当日'),
    department: line(200).nullable().default(null).describe('单位的标识或名称'),
    channel: channelId.nullable().default(null).describe('渠道的标识'),
  })
  .refine(({ from, to }) => from <= to, { path: ['from'], message: '起始日期晚于截止日期' })
export type ReportParameters = z.infer<typeof reportParameters>

export interface ReportRequest extends ReportParameters {
  asker: Asker
  /** The token of a write that the report must show. */
  token?: Position | null
}

/**
 * A table whose rows are read from the read models as they are taken, page by page. What was recorded by `asOf` is in it; a
 * row read later may tell of what was recorded meanwhile.
 */
export interface Report extends Table {
  report: string
  /** Instant; null where nothing was ever recorded. */
  asOf: string | null
  generatedAt: string
}

/** What the rows of a report are read with. */
export interface ReportReading {
  ports: Ports
  reader: Reader
  /** Instants: the first of the period, and the first after it. */
  from: string
  until: string
  parameters: ReportParameters
  names: Names
  /** The moment by which it is judged what is overdue. */
  now: string
}

export interface ReportDefinition {
  name: string
  /** Of the query class. */
  query: string
  title: string
  /** What the period is of: 收到时间. */
  period: string
  /** What a reader of the table has to know, in a line each. */
  notes: readonly string[]
  columns: readonly Column[]
  rows: (reading: ReportReading) => AsyncIterable<Row>
}

export interface ReportQuery {
  name: string
  title: string
  columns: readonly Column[]
  query: new (request: ReportRequest) => Query<Report> & { request: ReportRequest }
  handler: Type<IQueryHandler>
}

/** The query class and its handler for the query bus. The handler refuses with `UNKNOWN_CHANNEL` and `VIEW_NOT_READY`. */
export function reportQuery(definition: ReportDefinition): ReportQuery {
  const query = class extends Query<Report> {
    readonly request: ReportRequest

    constructor(request: ReportRequest) {
      super()
      this.request = request
    }
  }
  const handler = class {
    readonly #ports: Ports
    readonly #settings: SettingsService

    constructor(ports: Ports, settings: SettingsService) {
      this.#ports = ports
      this.#settings = settings
    }

    async execute({ request }: InstanceType<typeof query>): Promise<Report> {
      const { asker, token, ...parameters } = request
      const { current } = this.#settings
      if (parameters.channel !== null && !current.channels.has(parameters.channel)) {
        throw new QueryRefused('UNKNOWN_CHANNEL', `${parameters.channel}: ${[...current.channels.keys()].join(', ')}`)
      }
      await awaitToken(this.#ports, 'casework', token)
      const { asOf, version } = await this.#ports.views.progress('casework')
      // Said now: who has begun to write a report cannot be told any more.
      if (version === null) throw new QueryRefused('VIEW_NOT_READY', 'casework is not built yet')
      return reportOf(definition, asOf, {
        ports: this.#ports,
        reader: readerOf(asker),
        from: startOf(parameters.from, 0),
        until: startOf(parameters.to, 1),
        parameters,
        names: namesOf(current),
        now: instantAt(this.#ports.clock.now()),
      })
    }
  }
  Object.defineProperty(query, 'name', { value: definition.query })
  Object.defineProperty(handler, 'name', { value: `${definition.query}Handler` })
  Injectable()(handler)
  Inject(PORTS)(handler, undefined, 0)
  Inject(SettingsService)(handler, undefined, 1)
  QueryHandler(query)(handler)
  const { name, title, columns } = definition
  return { name, title, columns, query, handler }
}

function reportOf(definition: ReportDefinition, asOf: string | null, reading: ReportReading): Report {
  const { name, title, period, notes, columns } = definition
  const { parameters, names, now } = reading
  const { from, to, department, channel } = parameters
  const about = [
    `${period}：${from} 至 ${to}`,
    ...(department === null ? [] : [`单位：${names.department(department)}`]),
    ...(channel === null ? [] : [`渠道：${names.channel(channel)}`]),
    `数据截至：${asOf === null ? '（尚无记录）' : minuteOf(asOf)}`,
    `生成时间：${minuteOf(now)}`,
  ]
  const head = [title, about.join('　'), ...notes]
  return {
    report: name,
    asOf,
    generatedAt: now,
    name: title,
    head,
    columns,
    rows: definition.rows(reading),
    facts: { report: name, title, head, ...parameters, asOf, generatedAt: now },
  }
}

/** When a business day begins, or one of the days after it. */
function startOf(day: string, daysLater: number): string {
  return Temporal.PlainDate.from(day)
    .add({ days: daysLater })
    .toZonedDateTime('Asia/Shanghai')
    .toInstant()
    .toString({ fractionalSecondDigits: 3 })
}

/** `2026-11-23 09:30` in Shanghai. */
function minuteOf(instant: string): string {
  return `${businessDay(instant)} ${Temporal.Instant.from(instant).toZonedDateTimeISO('Asia/Shanghai').toPlainTime().toString({ smallestUnit: 'minute' })}`
}
