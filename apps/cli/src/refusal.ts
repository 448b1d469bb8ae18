/** What was asked for was understood, and cannot be done: exit code 3, with a code of the error table where there is one. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'Refusal'
    this.code = code
  }
}
