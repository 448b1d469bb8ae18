import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import type { Asker } from '#application'
import type { Query } from '@nestjs/cqrs'
import { defaultLimits } from '../../apps/gateway/src/http/limits.ts'
import { addressOf } from '../../apps/gateway/src/routes/address-of.ts'
import type { Embedded } from '../../apps/standalone/src/embedded.ts'
import { serve } from '../../apps/standalone/src/serve.ts'
import type { Serving } from '../../apps/standalone/src/serve.ts'
import { readServerFile } from '../../apps/gateway/src/server-file.ts'

const PROGRESS_MS = 20

/** A county asked over HTTP, by one caller after the other on a connection that stays. */
export class ServedCounty {
  readonly #serving: Serving
  readonly #token: string
  readonly #agent = new Agent({ keepAlive: true })

  private constructor(serving: Serving, token: string) {
    this.#serving = serving
    this.#token = token
  }

  static async open(county: Embedded, folder: string): Promise<ServedCounty> {
    // One caller asks here what a county's staff ask.
    const limits = { ...defaultLimits, requestsPerAddressMax: 1e9, requestsPerPersonMax: 1e9 }
    const serving = await serve(county, {
      folder,
      host: '127.0.0.1',
      port: 0,
      development: true,
      log: () => {},
      limits,
    })
    return new ServedCounty(serving, (await readServerFile(folder))!.token)
  }

  async close(): Promise<void> {
    this.#agent.destroy()
    await this.#serving.close()
  }

  async query<Answer>(query: Query<Answer>): Promise<Answer> {
    const { asker } = (query as unknown as { request: { asker: Asker } }).request
    return await this.#ask<Answer>('GET', addressOf(query)!, asker)
  }

  /** Uploads a file; resolves when it has been imported. */
  async importFile(path: string, channel: string): Promise<{ token: string }> {
    const at = `/api/imports?channel=${channel}&fileName=messages.jsonl`
    const { size } = await stat(path)
    let job = await this.#ask<Import>('POST', at, 'operator', { content: createReadStream(path), size })
    while (job.state === 'waiting' || job.state === 'running') {
      await setTimeout(PROGRESS_MS)
      job = await this.#ask<Import>('GET', `/api/imports/${job.run}`, 'operator')
    }
    if (job.state !== 'finished' || job.token === null) throw new Error(`the import is ${job.state}`)
    return { token: job.token }
  }

  /** Waits until the case list shows a token. */
  async listed(token: string): Promise<void> {
    for (;;) {
      const isListed = await this.#ask('GET', `/api/cases?limit=1&token=${token}`, 'operator').then(
        () => true,
        (error: unknown) => {
          if (String(error).includes('VIEW_NOT_READY')) return false
          throw error
        },
      )
      if (isListed) return
    }
  }

  /** Waits until everything that follows has happened and search shows it, too. */
  async settled(): Promise<void> {
    while (!(await this.#ask<{ settled: boolean }>('POST', '/api/operator/settle', 'operator')).settled);
  }

  async #ask<Answer>(method: string, path: string, asker: Asker, file?: { content: Readable; size: number }) {
    const headers = {
      ...who(asker, this.#token),
      ...(file && { 'Content-Type': 'application/octet-stream', 'Content-Length': file.size }),
    }
    const asked = request(`${this.#serving.address}${path}`, { method, agent: this.#agent, headers })
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve).once('error', reject)
    })
    if (file) file.content.pipe(asked)
    else asked.end()
    const answer = await answered
    const text = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>)).toString()
    if (answer.statusCode! >= 400) throw new Error(`${method} ${path}: ${text}`)
    return JSON.parse(text) as Answer
  }
}

interface Import {
  run: string
  state: string
  token: string | null
}

function who(asker: Asker, token: string): Record<string, string> {
  if (asker === 'operator' || 'policy' in asker) return { Authorization: `Bearer ${token}` }
  return { 'Huiying-Actor': `${asker.person};${asker.department};${asker.role}` }
}
