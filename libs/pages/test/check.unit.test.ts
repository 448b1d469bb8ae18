import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createPageChecker, pageFaults } from '#pages'
import type { PageCheck, PageFetcher } from '#pages'
import { HOST, PAGE, Web, redirectsTo, says } from './web.ts'

const PROMISE = '确保在9月底前完成滨江路路灯安装'

const check = (web: Web, ...words: string[]): Promise<PageCheck> =>
  createPageChecker(web.fetcher()).check({ address: PAGE, hosts: [HOST], words })

/** Checks a page with this body. */
async function checkPage(
  body: string | Uint8Array,
  words: string[],
  headers: Record<string, string> = {},
  status = 200,
) {
  await using web = new Web()
  await web.site(HOST, says(body, headers, status))
  return await check(web, ...words) // before the site closes
}

describe('A page that is seen', () => {
  test('says which words stand on it, as they were given, with what to prove it by', async () => {
    const body = `<title>路灯</title><p>经研究，<b>确保在</b>９月底前<br>\n完成“滨江路”路灯安装。`
    const words = ['确保在 9月底前完成"滨江路"路灯安装', '路灯拆除', '研究']
    expect(await checkPage(gzipSync(body), words, { 'content-encoding': 'gzip' })).toEqual({
      outcome: 'seen',
      pageDigest: createHash('sha256').update(body).digest('hex'),
      wordsFound: ['确保在 9月底前完成"滨江路"路灯安装', '研究'],
      wordsMissing: ['路灯拆除'],
      checkedAddress: PAGE,
    })
  })

  test('says where it was found in the end', async () => {
    await using web = new Web()
    await web.site(HOST, (request, response) =>
      (request.url === '/' ? redirectsTo('/notices/1.html') : says(PROMISE))(request, response),
    )
    expect(await check(web, PROMISE)).toMatchObject({
      wordsFound: [PROMISE],
      checkedAddress: 'http://www.county.example/notices/1.html',
    })
  })

  test('does not have words that only its menu and its text together would make', async () => {
    const body = '<ul><li>网上路<li>灯光秀</ul><table><tr><td>路<td>灯</table><p>路</p><p>灯</p>路<div>灯</div>'
    expect(await checkPage(body, ['路灯'])).toMatchObject({ wordsFound: [], wordsMissing: ['路灯'] })
  })

  test('has no words of which nothing is left to compare', async () => {
    expect(await checkPage('<p> ', ['', ' \u3000', '\u200b'])).toMatchObject({
      wordsFound: [],
      wordsMissing: ['', ' \u3000', '\u200b'],
    })
  })

  test('is a page, too, when it says that it is none and answers 200: its words are missing', async () => {
    for (const body of [
      '404',
      '页面不存在',
      '<h1>您访问的页面已删除</h1>',
      '<script>location="/404.html"</script>',
      '',
    ]) {
      expect(await checkPage(body, [PROMISE])).toMatchObject({ outcome: 'seen', wordsMissing: [PROMISE] })
    }
  })

  test.each([
    [
      'XHTML',
      `<?xml version="1.0" encoding="utf-8"?><html><body><p>${PROMISE}</p></body></html>`,
      'application/xhtml+xml',
    ],
    ['HTML that begins as XML does', `<?xml version="1.0"?><p>${PROMISE}`, 'text/html'],
    [
      'text, with line breaks anywhere and tags as they are',
      `<p hidden>确保在9月底前\n完成滨江路\r\n路灯安装`,
      'text/plain',
    ],
    ['of a type that is not declared', `<p>${PROMISE}`, ''],
    ['with a parameter that nobody knows', `<p>${PROMISE}`, 'text/html; profile="x"; charset=utf-8'],
  ])('may be %s', async (_, body, contentType) => {
    expect(await checkPage(body, [PROMISE], { 'content-type': contentType })).toMatchObject({ wordsFound: [PROMISE] })
  })
})

describe('By its status', () => {
  test.each([
    [401, 'not-public', false],
    [403, 'not-public', false],
    [407, 'not-public', false],
    [451, 'not-public', false],
    [400, 'unreachable', false],
    [404, 'unreachable', false],
    [410, 'unreachable', false],
    [304, 'unreachable', false],
    [408, 'unreachable', true],
    [412, 'unreachable', true],
    [429, 'unreachable', true],
    [500, 'unreachable', true],
    [502, 'unreachable', true],
    [503, 'unreachable', true],
    [521, 'unreachable', true],
  ])('%i, a page is %s; to be tried again: %s', async (status, fault, transient) => {
    const body = status === 304 ? '' : `<p>${PROMISE}`
    expect(await checkPage(body, [PROMISE], {}, status)).toEqual({
      outcome: 'failed',
      fault,
      detail: `HTTP ${status}`,
      transient,
    })
  })

  test('203, it is a page', async () => {
    expect(await checkPage(`<p>${PROMISE}`, [PROMISE], {}, 203)).toMatchObject({ wordsFound: [PROMISE] })
  })
})

describe('No page is', () => {
  const pdf = Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n1 0 obj<</Type/Catalog>>endobj\n')
  const zip = Buffer.concat([Buffer.from('PK\u0003\u0004\u0014\0\0\0\0\0'), Buffer.alloc(60)])
  const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])

  test.each([
    ['a PDF', pdf, 'application/pdf', 'application/pdf is a file, not a page'],
    ['a document', compound, 'application/msword', 'application/msword is a file, not a page'],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), 'image/png', 'image/png is a file, not a page'],
    ['a download', Buffer.from(PROMISE), 'application/octet-stream', 'application/octet-stream is a file, not a page'],
    [
      'a feed',
      Buffer.from(`<rss>${PROMISE}</rss>`),
      'application/rss+xml',
      'application/rss+xml is a file, not a page',
    ],
    ['a PDF that calls itself a page', pdf, 'text/html', 'declared as text/html, it is a file: application/pdf'],
    ['a PDF that calls itself text', pdf, 'text/plain', 'declared as text/plain, it is a file: application/pdf'],
    [
      'a document that calls itself a page',
      compound,
      'text/html',
      'declared as text/html, it is a file: application/x-cfb',
    ],
    ['an archive that calls itself nothing', zip, '', 'declared as nothing, it is a file: application/zip'],
  ])('%s', async (_, body, contentType, detail) => {
    expect(await checkPage(body, [PROMISE], { 'content-type': contentType })).toEqual({
      outcome: 'failed',
      fault: 'not-a-page',
      detail,
      transient: false,
    })
  })
})

describe('Too large for a page', () => {
  test.each([
    ['elements in elements in elements', '<b>'.repeat(10_000), 'elements nested deeper than 512'],
    ['more tags than people write', '<br>'.repeat(300_000), 'more than 200000 tags and pieces of text'],
    ['more to read than a book has', `<p>${'字'.repeat(300_001)}`, 'the page shows more than 300000 characters'],
  ])('%s', async (_, body, detail) => {
    expect(await checkPage(body, [PROMISE])).toEqual({
      outcome: 'failed',
      fault: 'too-large',
      detail,
      transient: false,
    })
  })

  test('a text that grows eighteenfold when its width is normalised costs no more than a moment', async () => {
    const started = performance.now()
    expect(await checkPage('\uFDFA'.repeat(300_000), Array<string>(20).fill(PROMISE))).toMatchObject({
      outcome: 'seen',
    })
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

test('What the fetcher could not fetch is passed on as it was', async () => {
  await using web = new Web()
  web.name(HOST, '10.0.0.1')
  expect(await check(web, PROMISE)).toEqual({
    outcome: 'failed',
    fault: 'address-refused',
    detail: `${HOST} leads to 10.0.0.1: not the public internet`,
    transient: false,
  })
  expect(await createPageChecker(web.fetcher()).check({ address: PAGE, hosts: [], words: [] })).toMatchObject({
    fault: 'wrong-site',
  })
})

test('Whoever asked may stop waiting, and gets their own reason', async () => {
  await using web = new Web()
  const stop = new AbortController()
  await web.speaker(HOST, () => stop.abort(new Error('shutting down')))
  const request = { address: PAGE, hosts: [HOST], words: [PROMISE], signal: stop.signal }
  await expect(createPageChecker(web.fetcher()).check(request)).rejects.toThrow('shutting down')
})

test('A fault of ours is thrown, not blamed on the page', async () => {
  const broken: PageFetcher = { fetch: () => Promise.reject(new TypeError('broken')) }
  await expect(createPageChecker(broken).check({ address: PAGE, hosts: [HOST], words: [] })).rejects.toThrow('broken')
  await using web = new Web()
  await expect(web.fetch({ headers: { accept: 'a\nb' } })).rejects.toThrow(TypeError)
})

test('Every fault says a Chinese and an English sentence', () => {
  for (const { zh, en } of Object.values(pageFaults)) {
    expect(zh).toMatch(/^\p{Script=Han}.*。$/u)
    expect(en).toMatch(/^[A-Z].*\.$/)
  }
})
