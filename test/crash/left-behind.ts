import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LoadedProcess } from './loaded-process.ts'
import { Told } from './told.ts'

/** A folder as a killed process left it, and what that process had been answered. */
export interface LeftBehind {
  /** Holds the folder and its copies; the test removes it. */
  parent: string
  folder: string
  told: Told
}

/** Lets a process work until so many commands were accepted, then kills it. */
export async function leaveBehind(acceptedMin: number, clockOffsetMs = 0): Promise<LeftBehind> {
  const parent = await mkdtemp(join(tmpdir(), 'huiying-left-'))
  const left = { parent, folder: join(parent, 'data'), told: new Told() }
  await workOn(left, acceptedMin, clockOffsetMs)
  return left
}

/** Once more on the same folder. */
export async function workOn(
  { parent, folder, told }: LeftBehind,
  acceptedMin: number,
  clockOffsetMs = 0,
): Promise<void> {
  const { again, nextStory, nextFile } = told
  const task = { folder, again, nextStory, storiesAtOnce: 24, nextFile, rebuilding: false, clockOffsetMs }
  const journal = join(parent, `journal-${told.kills}.jsonl`)
  const process = new LoadedProcess(task, journal)
  await process.accepted(acceptedMin)
  await process.kill()
  told.read(journal)
}

/** A copy to be damaged. */
export async function copyOf({ parent, folder }: LeftBehind, name: string): Promise<string> {
  const copy = join(parent, name)
  await cp(folder, copy, { recursive: true })
  return copy
}
