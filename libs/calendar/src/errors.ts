/** What was given cannot be counted with. A mistake of the caller's, never of a citizen's input: importers check first. */
export class CalendarError extends Error {
  readonly code: 'DAY_INVALID' | 'INSTANT_INVALID' | 'PERIOD_TOO_LONG'

  constructor(code: CalendarError['code'], message: string) {
    super(message)
    this.name = 'CalendarError'
    this.code = code
  }
}

/** Something in a file of settings that must be put right before it is taken. */
export interface Problem {
  code: string
  /** Where in the file: `norms[3].validTo`. */
  place: string
  message: string
}
