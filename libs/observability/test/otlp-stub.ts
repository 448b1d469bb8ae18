import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface SentSpan {
  /** Of its resource: the process. */
  service?: string
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  links?: { traceId: string; spanId: string }[]
}

interface Sent {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] }
    scopeSpans: { spans: SentSpan[] }[]
  }[]
}

/** A collector as far as senders can tell: takes OTLP as JSON over HTTP, and keeps it. */
export class OtlpStub {
  readonly address: string
  readonly requests: { path: string; contentType: string | undefined; sent: Sent }[] = []
  /** What it answers; null: nothing, ever. */
  status: number | null = 200
  readonly #close: () => Promise<void>
  readonly #waiting = new Set<() => void>()

  private constructor(address: string, close: () => Promise<void>) {
    this.address = address
    this.#close = close
  }

  static async open(): Promise<OtlpStub> {
    let stub: OtlpStub | null = null
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const { url = '', headers } = request
        stub!.requests.push({ path: url, contentType: headers['content-type'], sent: JSON.parse(body) as Sent })
        for (const wake of stub!.#waiting) wake()
        if (stub!.status !== null) response.writeHead(stub!.status, { 'Content-Type': 'application/json' }).end('{}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    stub = new OtlpStub(
      `http://127.0.0.1:${port}`,
      () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    )
    return stub
  }

  close(): Promise<void> {
    return this.#close()
  }

  get spans(): SentSpan[] {
    return this.requests.flatMap(({ sent }) =>
      sent.resourceSpans.flatMap(({ resource, scopeSpans }) => {
        const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue
        return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })))
      }),
    )
  }

  /** What the senders say of themselves. */
  get resource(): Record<string, string | undefined> {
    const attributes = this.requests.flatMap(({ sent }) =>
      sent.resourceSpans.flatMap(({ resource }) => resource.attributes),
    )
    return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]))
  }

  /** Resolves when a span of this name, of which that holds, has come. */
  async until(name: string, isMeant: (span: SentSpan) => boolean = () => true): Promise<SentSpan> {
    for (;;) {
      const found = this.spans.find((span) => span.name === name && isMeant(span))
      if (found) return found
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake)
          resolve()
        }
        this.#waiting.add(wake)
      })
    }
  }
}
