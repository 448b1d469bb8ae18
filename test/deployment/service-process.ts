import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { LocalService } from './local-host.ts'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface ServiceProcessOptions {
  /** The folder that stands for the image. */
  image: string
  /** What the container has by itself, beside what its service says. */
  environment: Readonly<Record<string, string>>
}

/** A service of the compose file as a process of this machine. It sees nothing of the environment that tests run in. */
export class ServiceProcess {
  readonly name: string
  readonly service: LocalService
  readonly ended: Promise<Ended>
  stdout = ''
  stderr = ''
  readonly #process: ChildProcess
  readonly #options: { cwd: string; env: Record<string, string> }

  constructor(name: string, service: LocalService, { image, environment }: ServiceProcessOptions) {
    this.name = name
    this.service = service
    this.#options = { cwd: image, env: { ...environment, ...service.environment } }
    const [program, ...given] = service.command
    this.#process = spawn(program!, given, { ...this.#options, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.ended = new Promise((resolve) => this.#process.once('close', (code, signal) => resolve({ code, signal })))
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** Runs the health check, as often as it says, until it finds the service healthy. */
  async healthy({ intervalMs, timeoutMs, withinMs }: { intervalMs: number; timeoutMs: number; withinMs: number }) {
    const [program, ...given] = this.service.healthCheck
    const giveUp = performance.now() + withinMs
    for (;;) {
      if (!this.isRunning) throw new Error(`${this.name} ended: ${this.stderr}${this.stdout}`)
      try {
        await promisify(execFile)(program!, given, { ...this.#options, timeout: timeoutMs })
        return
      } catch (error) {
        if (performance.now() > giveUp) {
          throw new Error(`${this.name} is not healthy: ${this.stderr}${this.stdout}`, { cause: error })
        }
        await setTimeout(intervalMs)
      }
    }
  }

  /** What it answers at an address of its own, asked as its health check asks. */
  get(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.service.port}${path}`)
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.#process.kill(signal)
    return this.ended
  }
}
