import { describe, expect, test } from 'vitest'
import { HOST, Web, says } from './web.ts'

describe('What was fetched says', () => {
  test('its status, type, encoding, bytes, and by what to ask whether it changed', async () => {
    await using web = new Web()
    const headers = {
      'content-type': 'Application/RSS+XML; Charset=GBK',
      etag: 'W/"66f0-1"',
      'last-modified': 'Fri, 25 Sep 2026 08:00:00 GMT',
      'set-cookie': 'session=1',
    }
    await web.site(HOST, says('<rss/>', headers))
    expect(await web.fetch()).toEqual({
      outcome: 'fetched',
      status: 200,
      address: `http://${HOST}/`,
      mediaType: 'application/rss+xml',
      charset: 'gbk',
      body: Buffer.from('<rss/>'),
      headers: { etag: 'W/"66f0-1"', 'last-modified': 'Fri, 25 Sep 2026 08:00:00 GMT' },
    })
  })

  test.each([
    ['nothing', undefined, '', ''],
    ['what cannot be read', 'text', '', ''],
    ['a type alone', 'text/html', 'text/html', ''],
    ['a type and an empty encoding', 'text/html;charset=', 'text/html', ''],
    ['much else', 'text/html; a="b;charset=x"; charset="utf-8"; charset=gbk', 'text/html', 'utf-8'],
  ])('its type, where the site declares %s', async (_, contentType, mediaType, charset) => {
    await using web = new Web()
    await web.site(HOST, (_, response) => {
      if (contentType !== undefined) response.setHeader('content-type', contentType)
      response.end('x')
    })
    expect(await web.fetch()).toMatchObject({ mediaType, charset })
  })

  test('a status that is no success, too', async () => {
    await using web = new Web()
    await web.site(HOST, says('gone', {}, 410))
    expect(await web.fetch()).toMatchObject({ outcome: 'fetched', status: 410, body: Buffer.from('gone') })
  })
})

describe('A page that has not changed', () => {
  test.each(['if-none-match', 'if-modified-since', 'If-None-Match'])('is not fetched again, by %s', async (name) => {
    await using web = new Web()
    await web.site(HOST, (request, response) => {
      response.writeHead(request.headers[name.toLowerCase()] === 'the value' ? 304 : 200).end()
    })
    expect(await web.fetch({ headers: { [name]: 'the value' } })).toEqual({ outcome: 'not-modified' })
    expect(await web.fetch()).toMatchObject({ outcome: 'fetched', status: 200 })
  })

  test('cannot say so to whoever did not ask', async () => {
    await using web = new Web()
    await web.site(HOST, says('', {}, 304))
    expect(await web.fetch({ headers: { accept: 'text/xml' } })).toMatchObject({ outcome: 'fetched', status: 304 })
  })

  test('whatever a site gives to ask by can be sent back, or is not given', async () => {
    await using web = new Web()
    const etags = ['"标记"', '\u00e9', 'a\tb', `"${'x'.repeat(2_000)}"`, '', '"ok"']
    let etag = ''
    await web.speaker(HOST, (socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\netag: ${etag}\r\ncontent-length: 0\r\n\r\n`)),
    )
    const given: unknown[] = []
    for (etag of etags) {
      const page = await web.fetch()
      if (page.outcome !== 'fetched') throw new Error(page.outcome)
      given.push(page.headers['etag'])
      const again = { 'if-none-match': page.headers['etag'] ?? '*' }
      expect(await web.fetch({ headers: again })).toMatchObject({ outcome: 'fetched' })
    }
    expect(given).toEqual([undefined, undefined, undefined, undefined, undefined, '"ok"'])
  })
})
