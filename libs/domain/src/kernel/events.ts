import type { z } from 'zod'

/** The storage format of one event type. `version` counts changes of format; upcasters lift what older versions wrote. */
export interface EventFormat<Schema extends z.ZodType = z.ZodType> {
  version: number
  schema: Schema
  /** `upcasters[n]` makes version n + 1 out of version n; indexed from 1. */
  upcasters: Record<number, (data: Record<string, unknown>) => Record<string, unknown>>
}

export type EventFormats = Record<string, EventFormat>

/** A format in its first version. */
export function format<Schema extends z.ZodType>(schema: Schema): EventFormat<Schema> {
  return { version: 1, schema, upcasters: {} }
}

/** The union of the events that a table of formats describes: `{ type: 'CaseOpened', data: … } | …`. */
export type EventsOf<Formats extends Record<string, EventFormat>> = {
  [Type in keyof Formats & string]: { type: Type; data: z.infer<Formats[Type]['schema']> }
}[keyof Formats & string]
