import type { z } from 'zod'

/** The storage format of one event type: the schema of its current version, and how older versions are lifted to it. */
export interface EventFormat {
  /** Counts changes of format, from 1. */
  version: number
  /**
   * A strict object. Values that `meta({ sensitive: true })` marks are sealed; no property may be called `sealed`.
   */
  schema: z.ZodType
  /** `upcasters[n]` makes version n + 1 out of version n. */
  upcasters: Record<number, (data: Record<string, unknown>) => Record<string, unknown>>
}

export type Catalog = Readonly<Record<string, EventFormat>>
