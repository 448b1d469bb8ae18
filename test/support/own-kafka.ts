import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

export const SERVER_SCRIPTS = resolve('../shared/servers')
const run = promisify(execFile)

/** Whether a test can have a broker of its own; those that stop one skip where it cannot. */
export const canOwnKafka = existsSync(join(SERVER_SCRIPTS, 'up'))

/** A broker that belongs to one test file, so that it may be stopped; on free ports, its data in a folder of its own. */
export class OwnKafka {
  /** `host:port` */
  readonly brokers: string
  readonly #home: string
  readonly #scripts: string
  readonly #environment: NodeJS.ProcessEnv

  private constructor(scripts: string, home: string, port: number, controllerPort: number) {
    this.#scripts = scripts
    this.#home = home
    this.brokers = `127.0.0.1:${port}`
    this.#environment = {
      ...process.env,
      HUIYING_SERVERS_HOME: home,
      KAFKA_PORT: String(port),
      KAFKA_CONTROLLER_PORT: String(controllerPort),
    }
  }

  /**
   * Starts one. The first on a machine fetches its parts, which takes minutes; later ones share them. `scripts` is a copy
   * of the folder of server scripts, for a broker that is set up otherwise.
   */
  static async start(scripts: string = SERVER_SCRIPTS): Promise<OwnKafka> {
    const home = await mkdtemp(join(tmpdir(), 'own-kafka-'))
    const parts = join(process.env['HUIYING_SERVERS_HOME'] ?? join(tmpdir(), 'huiying-servers'), 'kafka')
    if (existsSync(parts)) await symlink(parts, join(home, 'kafka'))
    const [port, controllerPort] = await freePorts(2)
    const kafka = new OwnKafka(scripts, home, port!, controllerPort!)
    await kafka.start()
    return kafka
  }

  /** After `stop` or `kill`, with the data that was there. Resolves when it answers. */
  async start(): Promise<void> {
    await run(join(this.#scripts, 'up'), ['kafka'], { env: this.#environment })
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    await run(join(this.#scripts, 'down'), ['--kill', 'kafka'], { env: this.#environment })
  }

  /** As an operator would. */
  async stop(): Promise<void> {
    await run(join(this.#scripts, 'down'), ['kafka'], { env: this.#environment })
  }

  /** Holds it as it is: connections stay, nothing answers. */
  async freeze(): Promise<void> {
    process.kill(await this.#pid(), 'SIGSTOP')
  }

  async thaw(): Promise<void> {
    process.kill(await this.#pid(), 'SIGCONT')
  }

  /** Ends it and forgets its data. */
  async remove(): Promise<void> {
    await this.kill()
    await rm(this.#home, { recursive: true, force: true })
  }

  async #pid(): Promise<number> {
    return Number(await readFile(join(this.#home, 'run', 'kafka'), 'utf8'))
  }
}

/** All held until all are known, or they could be the same. */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, hold))
  await Promise.all(held.map(({ release }) => release()))
  return held.map(({ port }) => port)
}

function hold(): Promise<{ port: number; release: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('a port was expected'))
      const release = () => new Promise<void>((released) => void server.close(() => released()))
      resolve({ port: address.port, release })
    })
  })
}
