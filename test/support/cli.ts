import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

export interface Running {
  /** Directory of the stores; given as `--data`. */
  data?: string
  input?: string
  environment?: Record<string, string>
}

const MAIN = 'dist/apps/cli/src/main.js'
const KILLED = -1
/** Dozens of processes run the same code: compiling it once saves a tenth of each. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'huiying-compile-cache')

/** `huiying` as a process of its own, on what is built. */
export async function huiying(given: readonly string[], { data, input, environment }: Running = {}): Promise<Ran> {
  const child = spawn('node_modules/.bin/node', [MAIN, ...given, ...(data === undefined ? [] : ['--data', data])], {
    env: { ...process.env, HUIYING_DATA: '', NODE_OPTIONS: '', NODE_COMPILE_CACHE, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ran: Ran = { code: KILLED, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text))
  // Who needs no input may be gone before it has come.
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...ran, code: code ?? KILLED }))
  })
}
