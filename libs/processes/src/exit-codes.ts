/** What scripts can rely on. Documented in docs/cli.md and in `huiying --help`. */
export const exitCodes = {
  done: 0,
  /** A fault of ours or of the machine; the message says what is known. */
  fault: 1,
  /** The command line is wrong. */
  usage: 2,
  /** What was asked for was understood and refused: a code of the error table, a file that can't be read. */
  refused: 3,
  /** Another process holds the store. */
  storeInUse: 4,
  /** `verify`, `rebuild --check` or `migrate` found a difference. */
  difference: 5,
} as const
