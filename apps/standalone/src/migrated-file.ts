import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { FolderError } from './folder.ts'

/** What stands beside stores whose events were moved elsewhere, so that nobody goes on writing to what is left behind. */
const migratedFile = z.object({
  /** Addresses without credentials; `blobs` is null where the files stayed. */
  events: z.string(),
  blobs: z.string().nullable(),
  migratedAt: z.string(),
  /** How many events, and SHA-256, hex, over all of them. */
  count: z.int(),
  digest: z.string(),
})
export type MigratedFile = z.infer<typeof migratedFile>

const NAME = 'migrated.json'

/** Durable when it returns. */
export async function writeMigratedFile(folder: string, migrated: MigratedFile): Promise<void> {
  const beside = join(folder, `${NAME}.new`)
  const file = await open(beside, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(migrated, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, join(folder, NAME))
  const holder = await open(folder, 'r')
  try {
    await holder.sync()
  } finally {
    await holder.close()
  }
}

/** Null where there is none. One that cannot be understood is one, too: `events` is then empty. */
export async function readMigratedFile(folder: string): Promise<MigratedFile | null> {
  const text = await readFile(join(folder, NAME), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const unknown = { events: '', blobs: null, migratedAt: '', count: 0, digest: '' }
  try {
    return migratedFile.safeParse(JSON.parse(text)).data ?? unknown
  } catch {
    return unknown // No JSON: somebody wrote there by hand. That it is there is what counts.
  }
}

/** Throws `STORE_MIGRATED`. */
export async function checkNotMigrated(folder: string): Promise<void> {
  const migrated = await readMigratedFile(folder)
  if (migrated === null) return
  const where = migrated.events === '' ? 'another store' : `${migrated.events} on ${migrated.migratedAt}`
  throw new FolderError(
    'STORE_MIGRATED',
    `The events in ${folder} were moved to ${where}; what is written here would be missing there. Use that store. ` +
      `Only if it was never used: remove ${join(folder, NAME)} to go on here.`,
  )
}
