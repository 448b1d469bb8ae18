import type { Socket } from 'node:net'
import {
  brotliCompressSync,
  constants,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { HOST, Web, faultOf, says, textOf } from './web.ts'

const MIB = 1024 * 1024

/** Writes for as long as the other side reads. */
function flood(
  socket: { write(chunk: string): boolean; on(event: 'drain', listener: () => void): unknown },
  chunk: string,
) {
  const more = () => {
    while (socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

/** Writes one byte each few milliseconds, for ever. */
function trickle(socket: Socket, byte: string) {
  const timer = setInterval(() => socket.write(byte), 5)
  socket.once('close', () => clearInterval(timer))
}

const text = '我县将于9月底前完成路灯安装。'.repeat(50)

/** Written bit by bit, so that the frame names the window instead of the size. */
async function zstdWithWindow(log: number, text: string): Promise<Buffer> {
  const stream = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: log } })
  stream.write(text)
  stream.flush(() => stream.end(text))
  return Buffer.concat(await stream.toArray())
}
const WIDE_WINDOW = await zstdWithWindow(27, text)

describe('In time', () => {
  test.each([
    [
      'a body that comes byte by byte',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n')
        trickle(socket, 'x')
      },
    ],
    [
      'headers that come byte by byte',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx: ')
        trickle(socket, 'x')
      },
    ],
    ['a body that stops', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx')],
    [
      'interim answers without end',
      (socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5)
        socket.once('close', () => clearInterval(timer))
      },
    ],
  ] satisfies [string, (socket: Socket) => void][])('%s is cut off', async (_, speak) => {
    await using web = new Web()
    await web.speaker(HOST, (socket) => socket.once('data', () => speak(socket)))
    expect(await web.fetch({}, { totalTimeoutMs: 200 })).toEqual({
      outcome: 'failed',
      fault: 'too-slow',
      detail: 'the page took more than 200 ms',
      transient: true,
    })
    await expect.poll(() => web.connections).toBe(0)
  })

  test('a site that accepts and says nothing is left before the time for all is over', async () => {
    await using web = new Web()
    await web.speaker(HOST, () => {})
    const page = await web.fetch({}, { headersTimeoutMs: 100 })
    expect(page).toMatchObject({ fault: 'too-slow', transient: true })
    expect(faultOf(page)).toMatch(/UND_ERR_HEADERS_TIMEOUT/)
    await expect.poll(() => web.connections).toBe(0)
  })

  test('redirects share the one time', async () => {
    await using web = new Web()
    await web.site(HOST, (_, response) => {
      setTimeout(() => response.writeHead(302, { location: '/' }).end(), 60)
    })
    expect(faultOf(await web.fetch({}, { totalTimeoutMs: 150 }))).toBe('too-slow: the page took more than 150 ms')
  })

  test('whoever asked may stop waiting, and gets their own reason', async () => {
    await using web = new Web()
    const stop = new AbortController()
    await web.speaker(HOST, () => stop.abort(new Error('shutting down')))
    await expect(web.fetch({ signal: stop.signal })).rejects.toThrow('shutting down')
    await expect(web.fetch({ signal: stop.signal })).rejects.toThrow('shutting down')
    expect(web.dialled).toHaveLength(1)
    await expect.poll(() => web.connections).toBe(0)
  })
})

describe('In size', () => {
  test('headers without end', async () => {
    await using web = new Web()
    await web.speaker(HOST, (socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n')
        flood(socket, `x-filler: ${'x'.repeat(1_000)}\r\n`)
      }),
    )
    expect(await web.fetch()).toMatchObject({ fault: 'too-large', transient: false })
    await expect.poll(() => web.connections).toBe(0)
  })

  test.each([
    ['that declares too much', { 'content-length': String(6 * MIB) }],
    ['that goes on without declaring', {}],
    ['that declares nonsense', { 'x-content-length': 'many' }],
  ])('a body %s', async (_, headers) => {
    await using web = new Web()
    await web.site(HOST, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/pdf', ...headers })
      flood(response, 'x'.repeat(65_536))
    })
    const before = process.memoryUsage().rss
    expect(await web.fetch()).toEqual({
      outcome: 'failed',
      fault: 'too-large',
      detail: `the body has more than ${5 * MIB} bytes: application/pdf`,
      transient: false,
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * MIB)
    await expect.poll(() => web.connections).toBe(0)
  })

  test('a body of exactly what is allowed is read, one byte more is not', async () => {
    await using web = new Web()
    let size = 1_000
    await web.site(HOST, (request, response) => says('x'.repeat(size))(request, response))
    expect(textOf(await web.fetch({}, { bodyBytesMax: 1_000 }))).toHaveLength(1_000)
    size = 1_001
    expect(faultOf(await web.fetch({}, { bodyBytesMax: 1_000 }))).toMatch(/^too-large/)
  })

  const zeros = Buffer.alloc(128 * MIB)
  test.each([
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['br', brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })],
    ['zstd', zstdCompressSync(zeros)],
  ])('a bomb of 128 MiB in %s is stopped at its bound', async (coding, bomb) => {
    await using web = new Web()
    expect(bomb.length).toBeLessThan(5 * MIB)
    await web.site(HOST, says(bomb, { 'content-encoding': coding }))
    const before = process.memoryUsage().rss
    expect(await web.fetch()).toEqual({
      outcome: 'failed',
      fault: 'too-large',
      detail: `the body is larger than ${5 * MIB} bytes once its ${coding} is undone`,
      transient: false,
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * MIB)
  })
})

describe('A content coding', () => {
  test.each([
    ['gzip', gzipSync(text)],
    ['X-GZip', gzipSync(text)],
    ['gzip', Buffer.concat([gzipSync(text.slice(0, 300)), gzipSync(text.slice(300))])],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['', Buffer.from(text)],
  ])('%s is undone', async (coding, body) => {
    await using web = new Web()
    await web.site(HOST, says(body, { 'content-encoding': coding }))
    expect(textOf(await web.fetch())).toBe(text)
  })

  test('of an empty body is nothing to undo', async () => {
    await using web = new Web()
    await web.site(HOST, says('', { 'content-encoding': 'gzip' }, 404))
    expect(await web.fetch()).toMatchObject({ outcome: 'fetched', status: 404, body: Buffer.alloc(0) })
  })

  test.each([
    ['that nobody knows', 'compress', Buffer.from(text)],
    ['named like what every object has', 'constructor', Buffer.from(text)],
    ['laid over another', 'gzip, br', brotliCompressSync(gzipSync(text))],
    ['that is not what is there', 'gzip', Buffer.from(text)],
    ['cut off', 'gzip', gzipSync(text).subarray(0, -12)],
    ['with a window larger than the web allows', 'zstd', WIDE_WINDOW],
  ])('%s makes it no page', async (_, coding, body) => {
    await using web = new Web()
    await web.site(HOST, says(body, { 'content-encoding': coding }))
    expect(await web.fetch()).toMatchObject({ fault: 'not-a-page', transient: false })
  })

  test('is asked for as one that we can undo, whatever the caller wants, and of the host that was checked', async () => {
    await using web = new Web()
    let asked: unknown
    await web.site(HOST, ({ headers }, response) => {
      asked = [headers['accept-encoding'], headers.host, headers.accept, headers['user-agent'], headers.connection]
      response.end()
    })
    await web.fetch({ headers: { 'Accept-Encoding': 'compress', Host: 'inside.example', Accept: 'text/xml' } })
    expect(asked).toEqual(['gzip, deflate, br, zstd', HOST, 'text/xml', 'Mozilla/5.0 (compatible; Huiying)', 'close'])
  })
})
