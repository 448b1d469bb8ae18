import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

/** The processes of the distributed profile. */
export type Service = 'gateway' | 'ingest' | 'projector' | 'sentinel' | 'relay'

/** A line of a process's log. */
export type LogLine = Readonly<Record<string, unknown>> & { level: string; message: string }

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Readiness {
  ready: boolean
  hindrances: { code: string; detail: string }[]
}

const NODE = 'node_modules/.bin/node'
/** Dozens of processes run the same code: compiling it once saves much of each start. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'huiying-compile-cache')
const LAST_LINES = 8
const LINE_CHARACTERS_MAX = 500
const START_MS_MAX = 60_000
const READY_MS_MAX = 60_000

/** One process of the distributed profile, as it is built, started by a test. */
export class ServiceProcess {
  readonly service: Service
  /** `ingest-2` */
  readonly name: string
  readonly log: LogLine[] = []
  readonly ended: Promise<Ended>
  stderr = ''
  #end: Ended | null = null
  #address = ''
  readonly #child: ChildProcess
  readonly #waiting = new Set<() => void>()

  constructor(service: Service, name: string, environment: Record<string, string>) {
    this.service = service
    this.name = name
    const given = service === 'gateway' ? ['--development'] : []
    this.#child = spawn(NODE, [`dist/apps/${service}/src/main.js`, ...given], {
      env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let rest = ''
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop()!
      for (const line of lines) this.log.push(readLine(line))
      this.#wake()
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.ended = new Promise((resolve) =>
      this.#child.once('close', (code, signal) => {
        this.#end = { code, signal }
        resolve(this.#end)
        this.#wake()
      }),
    )
  }

  get isRunning(): boolean {
    return this.#end === null
  }

  /** Where it answers: the gateway to everybody, the others to whoever runs them. */
  get address(): string {
    return this.#address
  }

  /** Resolves when it answers. */
  async serving(): Promise<this> {
    const line = await this.said('serving', () => true, START_MS_MAX)
    this.#address = String(line['address'])
    return this
  }

  /** Resolves when it says that nothing hinders it. */
  async ready(): Promise<this> {
    let last: Readiness | null = null
    await until(
      () => `${this.name} is ready: ${JSON.stringify(last)}`,
      async () => {
        last = await this.readiness()
        return last.ready
      },
      READY_MS_MAX,
    )
    return this
  }

  async readiness(): Promise<Readiness> {
    const response = await fetch(`${this.address}/readyz`, { signal: AbortSignal.timeout(10_000) })
    return (await response.json()) as Readiness
  }

  /** The measurement of that name whose labels hold all of these; null where there is none. */
  async measured(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | null> {
    const response = await fetch(`${this.address}/metrics`, { signal: AbortSignal.timeout(10_000) })
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
    const line = (await response.text())
      .split('\n')
      .find((each) => new RegExp(`^${name}[{ ]`).test(each) && wanted.every((label) => each.includes(label)))
    return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1))
  }

  /** Resolves with the line of its log that says this, past or to come, from the `from`-th on. */
  async said(
    message: string,
    holds: (line: LogLine) => boolean = () => true,
    patienceMs = 60_000,
    from = 0,
  ): Promise<LogLine> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      const found = this.log.slice(from).find((line) => line.message === message && holds(line))
      if (found) return found
      if (this.#end) throw new Error(`${this.name} ended before it said “${message}”\n${this.lastWords()}`)
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) throw new Error(`${this.name} did not say “${message}”\n${this.lastWords()}`)
      await this.#more(leftMs)
    }
  }

  /** As a crash would end it, at whatever it is. */
  async kill(): Promise<Ended> {
    this.#child.kill('SIGKILL')
    return await this.ended
  }

  /** As an operator would: it finishes or hands back what it holds. */
  async stop(): Promise<Ended> {
    this.#child.kill('SIGTERM')
    return await this.ended
  }

  /** Holds it as it is, as a machine that swaps or a virtual one that is moved: it does not notice. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  /** What to read first where something went wrong. */
  lastWords(): string {
    const lines = this.log
      .filter(({ message }) => message !== 'answered')
      .slice(-LAST_LINES)
      .map((line) => `  ${JSON.stringify(line).slice(0, LINE_CHARACTERS_MAX)}`)
    const end = this.#end ? `ended with ${this.#end.code ?? this.#end.signal}` : 'running'
    return [`── ${this.name}, ${end}`, ...lines, ...(this.stderr === '' ? [] : [`  ${this.stderr}`])].join('\n')
  }

  async #more(patienceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.add(resolve)
    const timer = setTimeout(resolve, patienceMs)
    await promise
    clearTimeout(timer)
    this.#waiting.delete(resolve)
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
  }
}

/** What is no line of ours, Node's own warnings among it, is kept as it is. */
function readLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return { level: 'unknown', message: text }
  }
}
