import { execFile } from 'node:child_process'
import { cp, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { argumentsOf, copiesOf, readDockerfile } from './dockerfile.ts'
import type { Stage } from './dockerfile.ts'

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Puts into a folder what the image holds of ours, by doing what the Dockerfile says: packages by its very command, the rest
 * by its copies. What its build stage makes is taken from `dist`, as built here.
 */
export async function fillImageFolder(folder: string): Promise<void> {
  const stages = await readDockerfile()
  const dependencies = stages.find(({ name }) => name === 'dependencies')!
  await copyInto(folder, dependencies)
  for (const command of argumentsOf(dependencies, 'RUN')) {
    const [program, ...given] = command.split(' ')
    await run(program!, [...given, '--prefer-offline'], { cwd: folder })
  }
  await copyInto(folder, stages.at(-1)!)
}

async function copyInto(folder: string, stage: Stage): Promise<void> {
  for (const { from, sources, target } of copiesOf(stage)) {
    if (from === 'dependencies') continue // made in place
    for (const source of sources) {
      const to = target.endsWith('/') ? join(folder, target, source) : join(folder, target)
      await cp(resolve(repository, source), to, { recursive: true })
    }
  }
}

/** The variables that the image sets. */
export async function imageEnvironment(): Promise<Record<string, string>> {
  const image = (await readDockerfile()).at(-1)!
  return Object.fromEntries(argumentsOf(image, 'ENV').map((given) => given.split('=') as [string, string]))
}

/** Every file in it, by its path. */
export async function filesIn(folder: string): Promise<Set<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return new Set(entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)))
}

/** Where the Node is that tests run on. */
export const nodeFolder = dirname(process.execPath)
