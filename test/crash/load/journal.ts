import { writeSync } from 'node:fs'

/** What a loaded process says of itself, a line of JSON each, to a file: written before the next thing happens. */
export type Line =
  | { kind: 'open' }
  /** About to be given; the answer is not known. */
  | { kind: 'sent'; key: string }
  /** Answered: what is said here must be there for ever. */
  | { kind: 'answered'; key: string; outcome: 'accepted'; stream: string; ids: string[] }
  | { kind: 'answered'; key: string; outcome: 'nothing' | 'refused'; code: string | null }
  | { kind: 'story-told'; story: number }
  | { kind: 'file-begun'; file: number }
  | { kind: 'file-taken'; file: number; rows: number; refused: number }
  | { kind: 'rebuilt' }
  /** A fault of ours or of a store; the process ends. */
  | { kind: 'failed'; code: string | null; message: string }

export function say(line: Line): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

/** What a loaded process is to do. */
export interface Task {
  folder: string
  /** Stories that an earlier process began and did not end; they are told again from their beginning, with the same keys. */
  again: number[]
  /** The first story that nobody has begun. */
  nextStory: number
  /** Stories told at once. */
  storiesAtOnce: number
  /** The file that is to be imported next, anew where it was begun before; null: none at all. */
  nextFile: number | null
  /** Read models are rebuilt over and over meanwhile. */
  rebuilding: boolean
  /** What the process takes for now is so far from what its machine does. */
  clockOffsetMs: number
}
