import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isLoopback } from './identity/loopback.ts'

/**
 * How whoever may read the stores finds the server that holds them: a file beside them that only their owner can read. One
 * that a killed process left behind names a server that no longer answers, or a token that no longer fits.
 */
const serverFile = z.object({
  address: z.url({ protocol: /^http$/ }).refine((address) => isLoopback(new URL(address).hostname)),
  token: z.string().min(1).max(200),
})
export type ServerFile = z.infer<typeof serverFile>

const pathIn = (folder: string) => join(folder, 'server.json')

export async function writeServerFile(folder: string, server: ServerFile): Promise<void> {
  const path = pathIn(folder)
  const beside = `${path}.new`
  await rm(beside, { force: true })
  await writeFile(beside, `${JSON.stringify(server)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(beside, path)
}

export async function removeServerFile(folder: string): Promise<void> {
  await rm(pathIn(folder), { force: true })
}

/** Null where there is none, or none that can be understood. */
export async function readServerFile(folder: string): Promise<ServerFile | null> {
  const text = await readFile(pathIn(folder), 'utf8').catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')
    if (isMissing) return null
    throw error
  })
  if (text === null) return null
  try {
    return serverFile.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null // No JSON: whoever wrote it was no server of ours.
  }
}
