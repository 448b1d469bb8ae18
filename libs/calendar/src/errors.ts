/** What was given cannot be counted with. A mistake of the caller's, never of a citizen's input: importers check first. */
export class CalendarError extends Error {
  readonly code: 'DAY_INVALID' | 'INSTANT_INVALID' | 'PERIOD_TOO_LONG' | 'NOTICES_TOO_MANY'

  constructor(code: CalendarError['code'], message: string) {
    super(message)
    this.name = 'CalendarError'
    this.code = code
  }
}
