import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPageChecker } from '#pages'
import { HOST, PAGE, Web } from './web.ts'

/** Bytes that may be an answer in HTTP, or nearly. */
const answer = fc
  .array(
    fc.oneof(
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')) },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          'HTTP/1.1 200 OK\r\n',
          'HTTP/1.1 302 Found\r\n',
          'HTTP/1.1 304 \r\n',
          'HTTP/1.1 100 Continue\r\n\r\n',
          'HTTP/1.1 999 ?\r\n',
          'HTTP/2.0 200\r\n',
          'content-length: 5\r\n',
          'content-length: -1\r\n',
          'content-length: 99999999999999999999\r\n',
          'transfer-encoding: chunked\r\n',
          'content-encoding: gzip\r\n',
          'content-encoding: br\r\n',
          'content-type: text/html; charset=gbk\r\n',
          'content-type: \xff/\xfe; charset="\r\n',
          'location: /again\r\n',
          'location: http://\xe6\xb5\xae/\r\n',
          'connection: upgrade\r\nupgrade: h2c\r\n',
          'etag: \xff\r\n',
          '\r\n',
          '5\r\nhello\r\n',
          '0\r\n\r\n',
          'ffffffffffffffff\r\n',
          '<p>hello',
          '%PDF-1.4',
          '\x1f\x8b\x08\x00',
        ),
      },
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'))

test('Whatever bytes a site answers with, a check has an outcome, and no connection stays', async () => {
  await using web = new Web()
  let bytes = Buffer.alloc(0)
  await web.speaker(HOST, (socket) => socket.once('data', () => socket.end(bytes)))
  const checker = createPageChecker(web.fetcher({ totalTimeoutMs: 5_000 }))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        answer,
        answer.map((body) => Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n'), body])),
      ),
      async (given) => {
        bytes = given
        const check = await checker.check({ address: PAGE, hosts: [HOST], words: ['hello'] })
        expect(['seen', 'failed']).toContain(check.outcome)
      },
    ),
    { numRuns: 200 },
  )
  await expect.poll(() => web.connections).toBe(0)
})
