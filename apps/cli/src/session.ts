import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { QueryRefused } from '#application'
import { FileRefused } from '#channels'
import { errors } from '#domain'
import type { VerifyMessage } from '#event-store'
import { openEmbedded } from '../../standalone/src/embedded.ts'
import { verifyFolder } from '../../standalone/src/verify.ts'
import { ConfigurationError, exitCodes, isDistributed } from '#processes'
import type { Huiying } from './huiying.ts'
import { createOutput } from './output.ts'
import type { Output } from './output.ts'
import { Refusal } from './refusal.ts'
import { RemoteHuiying } from './remote/remote-huiying.ts'

export { Refusal } from './refusal.ts'

/** Runs a command's work on the folder of the stores, and turns what it throws into an exit code. */
export function onFolder<Arguments extends unknown[], Options>(
  work: (context: { folder: string; output: Output }, ...rest: [...Arguments, Options]) => Promise<number>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command
    // What stands behind the command's name goes before what stands in front of it.
    const options = { ...command.parent?.opts(), ...command.opts() } as Options & {
      data: string
      json: boolean | string
    }
    // `act --json FILE` takes its request so, and is for scripts.
    const json = Boolean(options.json)
    try {
      const rest = [...given.slice(0, -2), options] as [...Arguments, Options]
      process.exitCode = await work({ folder: resolve(options.data), output: createOutput(json) }, ...rest)
    } catch (error) {
      process.exitCode = explain(error, json)
    }
  }
}

/** Likewise on the open stores, which are closed whatever happens; by way of the server where one holds them. */
export function onStore<Arguments extends unknown[], Options>(
  work: (context: { huiying: Huiying; output: Output }, ...rest: [...Arguments, Options]) => Promise<number>,
): (...given: unknown[]) => Promise<void> {
  return onFolder<Arguments, Options>(async ({ folder, output }, ...rest) => {
    const huiying = await openHuiying(folder)
    try {
      return await work({ huiying, output }, ...rest)
    } finally {
      await huiying.close()
    }
  })
}

/** The stores of a folder, or the server that holds them; in the distributed profile the gateway whose folder it is. */
async function openHuiying(folder: string): Promise<Huiying> {
  if (isDistributed(process.env)) return await gatewayOf(folder)
  return await openEmbedded({ folder }).catch((error: unknown) => holderOf(folder, error))
}

/** Walks every chain and schema of the stores in a folder, or lets the server do it that holds them. */
export async function* verifying(folder: string): AsyncGenerator<VerifyMessage> {
  if (isDistributed(process.env)) return yield* (await gatewayOf(folder)).verify()
  try {
    yield* verifyFolder(folder)
  } catch (error) {
    yield* (await holderOf(folder, error)).verify()
  }
}

async function gatewayOf(folder: string): Promise<RemoteHuiying> {
  const gateway = await RemoteHuiying.connect(folder)
  if (gateway !== null) return gateway
  throw new ConfigurationError([
    `HUIYING_EVENTS: in the distributed profile huiying asks the gateway of ${folder}, and none runs there; name its folder with --data`,
  ])
}

/** The server that holds the stores, where that is why they cannot be opened and it says where it is; else throws why. */
async function holderOf(folder: string, why: unknown): Promise<RemoteHuiying> {
  if (!(why instanceof Error && 'code' in why && why.code === 'STORE_IN_USE')) throw why
  const server = await RemoteHuiying.connect(folder)
  if (server === null) throw why
  return server
}

/** Says what went wrong, for people or, under --json, for scripts, and gives the exit code. */
function explain(error: unknown, json: boolean): number {
  const message = said(error)
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  process.stderr.write(
    json ? `${JSON.stringify({ error: { code, message } })}\n` : `huiying: ${message}${code ? ` (${code})` : ''}\n`,
  )
  if (code === 'STORE_IN_USE') return exitCodes.storeInUse
  if (code !== null && differences.has(code)) return exitCodes.difference
  if (code === 'STORE_MIGRATED') return exitCodes.refused
  if (error instanceof Refusal || error instanceof QueryRefused || error instanceof FileRefused) {
    return exitCodes.refused
  }
  if (error instanceof ConfigurationError) return exitCodes.usage
  if (code === null && error instanceof Error) process.stderr.write(json ? '' : `${error.stack ?? ''}\n`)
  return exitCodes.fault
}

/** What is not as it should be, here or where it was copied to. */
const differences = new Set(['SOURCE_DAMAGED', 'TARGET_DIFFERS', 'TARGET_DAMAGED', 'TARGET_INCOMPLETE'])

/** To a clerk, where there are words for clerks. */
function said(error: unknown): string {
  if (error instanceof FileRefused) return error.texts.zh
  if (error instanceof QueryRefused) return refusalText(error.code, error.message)
  return error instanceof Error ? error.message : String(error)
}

/** What the one error table says of a refusal, and what exactly it is about. */
export function refusalText(code: string, detail: string | null): string {
  return `${errors[code]?.zh ?? code}${detail ? `（${detail}）` : ''}`
}

/** A file named on the command line. Throws `FILE_UNREADABLE`. */
export async function readGiven(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new Refusal('FILE_UNREADABLE', `无法读取 ${path}（${why}）；请检查路径和权限。`)
  })
}
