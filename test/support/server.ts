import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = 'dist/apps/standalone/src/main.js'
const NODE_COMPILE_CACHE = join(tmpdir(), 'huiying-compile-cache')

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

/** `npm start` as a process of its own, on what is built. */
export class ServerProcess {
  readonly process: ChildProcess
  /** What it said, line by line. */
  stdout = ''
  stderr = ''
  readonly ended: Promise<Ended>
  #address = ''

  constructor(
    data: string,
    { environment = {}, arguments: given = [] }: { environment?: Record<string, string>; arguments?: string[] } = {},
  ) {
    this.process = spawn('node_modules/.bin/node', [MAIN, ...given], {
      env: {
        ...process.env,
        HUIYING_DATA: data,
        HUIYING_PORT: '0',
        NODE_OPTIONS: '',
        NODE_COMPILE_CACHE,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.ended = new Promise((resolve) => this.process.once('close', (code, signal) => resolve({ code, signal })))
  }

  static async start(...given: ConstructorParameters<typeof ServerProcess>): Promise<ServerProcess> {
    const server = new ServerProcess(...given)
    await server.#serving()
    return server
  }

  /** Where it listens. */
  get address(): string {
    return this.#address
  }

  get lines(): Record<string, unknown>[] {
    return this.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]))
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.process.kill(signal)
    return await this.ended
  }

  async #serving(): Promise<void> {
    while (this.process.exitCode === null && this.process.signalCode === null) {
      const found = this.stdout.includes('\n') && this.lines.find(({ message }) => message === 'serving')
      if (found) {
        this.#address = String(found['address'])
        return
      }
      await Promise.race([this.ended, new Promise((resolve) => this.process.stdout!.once('data', resolve))])
    }
    throw new Error(`the server did not start: ${this.stderr}${this.stdout}`)
  }
}
