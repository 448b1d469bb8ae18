import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** As `npm run demo` runs: the build, in a process of its own. */
const NODE = 'node_modules/.bin/node'
const DEMO = 'dist/apps/cli/src/demo/main.js'
const HUIYING = 'dist/apps/cli/src/main.js'
/** Three months on a machine that has much else to do. */
export const DEMO_MS_MAX = 150_000

export interface Ran {
  exitCode: number | null
  output: string
  problems: string
}

/** A demo that runs, and what it has said so far. */
export class DemoProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  output = ''
  problems = ''

  constructor(given: string[], temporary: string, script = DEMO, environment: Record<string, string> = {}) {
    // Environments of whoever runs the tests must not choose another folder or key.
    const env = { ...process.env, HUIYING_DATA: '', HUIYING_MASTER_KEY: '', TMPDIR: temporary, ...environment }
    const child = spawn(NODE, [script, ...given], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.problems += text))
    this.#child = child
    this.#ended = once(child, 'close')
  }

  /** Waits until it has said something; throws where it ends before. */
  async says(words: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = words.exec(this.output)
      if (found) return found
      const more = once(this.#child.stdout!, 'data')
      const ended = this.#ended.then(() => {
        throw new Error(`it ended without saying ${String(words)}:\n${this.output}\n${this.problems}`)
      })
      await Promise.race([more, ended])
    }
  }

  interrupt(): void {
    this.#child.kill('SIGINT')
  }

  async end(): Promise<Ran> {
    await this.#ended
    return { exitCode: this.#child.exitCode, output: this.output, problems: this.problems }
  }
}

export async function runDemo(given: string[], temporary: string, environment?: Record<string, string>): Promise<Ran> {
  return await new DemoProcess(given, temporary, DEMO, environment).end()
}

/** The commands that an output names, each with its arguments. */
export function commandsIn(output: string): string[][] {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('npx huiying '))
    .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!).slice(2))
}

/** `npx huiying …` on what a demo has kept or serves. */
export async function runHuiying(given: string[], temporary: string, data: string): Promise<Ran> {
  return await new DemoProcess(given, temporary, HUIYING, { HUIYING_DATA: data }).end()
}
