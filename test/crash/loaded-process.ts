import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Task } from './load/journal.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = join(ROOT, 'dist/test/crash/load/main.js')
const SAID_MS_MAX = 60_000

/** A process of its own, running what is built, that works on a folder until it is killed. */
export class LoadedProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  readonly #journal: string

  /** `fileBlocksMax`: no file may grow beyond so many blocks of 512 bytes, as on a disk that is full. */
  constructor(task: Task, journal: string, options: { fileBlocksMax?: number } = {}) {
    const output = openSync(journal, 'w')
    const node = [join(ROOT, 'node_modules/.bin/node'), MAIN, JSON.stringify(task)] as const
    // A file beyond its limit is refused with EFBIG where the signal that would come first is ignored.
    const limited = `trap '' XFSZ; ulimit -f ${options.fileBlocksMax}; exec "$@"`
    const [command, ...rest] = options.fileBlocksMax === undefined ? node : ['sh', '-c', limited, 'sh', ...node]
    this.#child = spawn(command, rest, { cwd: ROOT, stdio: ['ignore', output, 'inherit'] })
    closeSync(output)
    this.#exited = once(this.#child, 'exit')
    this.#journal = journal
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Resolves when the process says that it has the folder open, or is gone. */
  open(): Promise<void> {
    return this.#hasSaid((journal) => journal.includes('{"kind":"open"}\n'))
  }

  /** Resolves when so many of its commands were accepted, or it is gone. */
  accepted(min: number): Promise<void> {
    return this.#hasSaid((journal) => journal.split('"outcome":"accepted"').length > min)
  }

  /** Resolves when its read models were rebuilt so often, or it is gone. */
  rebuilt(min: number): Promise<void> {
    return this.#hasSaid((journal) => journal.split('{"kind":"rebuilt"}').length > min)
  }

  async #hasSaid(enough: (journal: string) => boolean): Promise<void> {
    const until = performance.now() + SAID_MS_MAX
    while (this.#child.exitCode === null && this.#child.signalCode === null) {
      if (enough(readFileSync(this.#journal, 'utf8'))) return
      if (performance.now() > until) throw new Error(`the process did not come so far within ${SAID_MS_MAX} ms`)
      await pause(5)
    }
  }

  /** Resolves when the kernel has let go of everything that it held. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  async ended(): Promise<void> {
    await this.#exited
  }
}
