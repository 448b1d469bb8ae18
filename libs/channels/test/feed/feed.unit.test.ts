import { FEED_ENTRIES_MAX, parseFeed } from '#channels'
import type { FeedEntry } from '#channels'
import { describe, expect, test } from 'vitest'
import { inGb18030 } from '../../../../test/support/files.ts'
import { NOW } from '../reading.ts'

const ADDRESS = 'https://bbs.example.cn/forum/rss.xml'

function read(content: string | Uint8Array, charset = '') {
  const body = typeof content === 'string' ? Buffer.from(content) : content
  return parseFeed({ body, charset, address: ADDRESS, now: NOW })
}
function entries(content: string | Uint8Array, charset?: string): FeedEntry[] {
  const feed = read(content, charset)
  if (feed === null) throw new Error('no feed')
  return feed.entries
}
const rss = (...items: string[]) =>
  `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>论坛</title><link>https://bbs.example.cn/</link><atom:link rel="self" href="https://bbs.example.cn/rss"/>${items.map((item) => `<item>${item}</item>`).join('')}</channel></rss>`
const atom = (...all: string[]) =>
  `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>论坛</title>${all.map((entry) => `<entry>${entry}</entry>`).join('')}</feed>`

describe('RSS 2.0', () => {
  test('gives a post with its title, text, author, page and day', () => {
    expect(
      entries(
        rss(
          '<title>城东路坑洼</title><link>https://bbs.example.cn/t/1</link><guid isPermaLink="false">t-1</guid>' +
            '<description>摘要</description><content:encoded><![CDATA[<p>城东路<b>坑洼</b>已半年。</p><p>请修。</p>]]></content:encoded>' +
            '<dc:creator>某网友</dc:creator><pubDate>Sun, 22 Nov 2026 09:30:00 +0800</pubDate>',
        ),
      ),
    ).toEqual([
      {
        id: 't-1',
        title: '城东路坑洼',
        content: '城东路坑洼已半年。\n\n请修。',
        author: '某网友',
        link: 'https://bbs.example.cn/t/1',
        publishedAt: '2026-11-22T01:30:00.000Z',
      },
    ])
  })

  test('a guid that is an address stands for a missing link; a missing guid is left missing', () => {
    expect(entries(rss('<title>a</title><guid>https://bbs.example.cn/t/1</guid>'))).toMatchObject([
      { id: 'https://bbs.example.cn/t/1', link: 'https://bbs.example.cn/t/1' },
    ])
    expect(entries(rss('<title>a</title><guid isPermaLink="false">https://x.cn/1</guid>'))).toMatchObject([
      { link: null },
    ])
    expect(entries(rss('<title>a</title><link>/t/2</link>'))).toMatchObject([
      { id: null, link: 'https://bbs.example.cn/t/2' },
    ])
  })

  test('what other namespaces call title, link or description is not the post’s', () => {
    const item =
      '<media:title>广告</media:title><atom:link rel="self" href="https://x.cn/self"/><media:group><media:description>x</media:description><link>https://x.cn/m</link></media:group>' +
      '<title>路灯</title><link>https://bbs.example.cn/t/1</link>'
    expect(entries(rss(item))).toMatchObject([{ title: '路灯', content: '', link: 'https://bbs.example.cn/t/1' }])
  })

  test('only web pages are links', () => {
    for (const link of [
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://x.cn/1',
      'http://',
      `https://x.cn/${'a'.repeat(2_000)}`,
    ]) {
      expect(entries(rss(`<title>a</title><link>${link}</link>`)), link).toMatchObject([{ link: null }])
    }
  })
})

describe('RSS 1.0 and Atom', () => {
  test('RDF: items beside the channel, named by rdf:about', () => {
    const rdf =
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="c"><title>c</title></channel>' +
      '<item rdf:about="urn:1"><title>路灯</title><link>https://x.cn/1</link><description>不亮</description><dc:date>2026-11-22T09:30:00+08:00</dc:date></item></rdf:RDF>'
    expect(entries(rdf)).toMatchObject([
      { id: 'urn:1', title: '路灯', content: '不亮', link: 'https://x.cn/1', publishedAt: '2026-11-22T01:30:00.000Z' },
    ])
  })

  test('Atom: text, HTML and XHTML, the alternate link, relative to xml:base', () => {
    const entry =
      '<id>tag:1</id><title type="html">路灯&amp;lt;不亮&amp;gt;</title><author><name>某网友</name><uri>https://x.cn/u</uri><email>a@x.cn</email></author>' +
      '<link rel="edit" href="https://x.cn/edit"/><link type="application/atom+xml" href="https://x.cn/1.atom"/><link rel="alternate" type="text/html" href="1.html"/>' +
      '<published>2026-11-22T01:30:00Z</published><updated>2026-11-23T01:30:00Z</updated>' +
      '<content type="xhtml" xml:base="https://y.cn/"><div xmlns="http://www.w3.org/1999/xhtml"><p>城东路<em>坑洼</em> 1 &lt; 2</p><script>x()</script></div></content>'
    expect(entries(atom(entry).replace('<entry>', '<entry xml:base="https://x.cn/a/b">'))).toEqual([
      {
        id: 'tag:1',
        title: '路灯<不亮>',
        content: '城东路坑洼 1 < 2',
        author: '某网友',
        link: 'https://x.cn/a/1.html',
        publishedAt: '2026-11-22T01:30:00.000Z',
      },
    ])
  })

  test('Atom: a plain text is plain, whatever it looks like', () => {
    const entry = '<id>1</id><title>1 &lt; 2 &lt;b&gt;</title><summary>&lt;p&gt;段落&lt;/p&gt;</summary>'
    expect(entries(atom(entry))).toMatchObject([{ title: '1 < 2 <b>', content: '<p>段落</p>' }])
  })

  test('Atom with a prefix of its own', () => {
    const feed =
      '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id><a:title>路灯</a:title></a:entry></a:feed>'
    expect(entries(feed)).toMatchObject([{ id: '1', title: '路灯' }])
  })
})

describe('what sites really send', () => {
  test('GBK, whatever is said of it', () => {
    const text = rss('<title>城东路坑洼</title><description>已半年</description>')
    for (const declared of ['gbk', 'gb2312', 'utf-8']) {
      for (const charset of ['', 'gbk', 'iso-8859-1x']) {
        const bytes = inGb18030(text.replace('utf-8', declared))
        expect(entries(bytes, charset), `${declared} ${charset}`).toMatchObject([
          { title: '城东路坑洼', content: '已半年' },
        ])
      }
    }
    expect(entries(Buffer.from(text.replace('utf-8', 'gbk')), 'gb2312')).toMatchObject([{ title: '城东路坑洼' }])
  })

  test('UTF-16 with a mark, and UTF-8 cut within a character', () => {
    const text = rss('<title>城东路坑洼</title>')
    expect(entries(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toMatchObject([{ title: '城东路坑洼' }])
    const cut = Buffer.concat([Buffer.from(text), Uint8Array.of(0xe5, 0x9f)])
    expect(entries(cut)).toMatchObject([{ title: expect.stringContaining('坑洼') }])
  })

  test('an & that was not escaped, a tag that was not closed, markup that was not wrapped', () => {
    const item =
      '<title>问 & 答 &nbsp;&hellip;</title><description>第一<br>第二<p>第三</description><link>https://x.cn/?a=1&b=2</link>'
    expect(entries(rss(item))).toMatchObject([{ title: '问 & 答 …', link: 'https://x.cn/?a=1&b=2' }])
    expect(entries(rss(item))[0]!.content).toContain('第二')
  })

  test('HTML becomes what is read of it', () => {
    const html =
      '&lt;style&gt;p{}&lt;/style&gt;&lt;p onclick="x()"&gt;城东路&lt;a href="javascript:x"&gt;坑洼&lt;/a&gt;&amp;nbsp;半年&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;ul&gt;&lt;li&gt;一&lt;/li&gt;&lt;li&gt;二&lt;/li&gt;&lt;/ul&gt;&lt;img src=x onerror=alert(1)&gt;'
    expect(entries(rss(`<title>a</title><description>${html}</description>`))[0]!.content).toBe(
      '城东路坑洼 半年\n\n一\n\n二',
    )
  })

  test.each([
    ['Sun, 22 Nov 2026 09:30:00 +0800', '2026-11-22T01:30:00.000Z'],
    ['22 Nov 26 09:30 GMT', '2026-11-22T09:30:00.000Z'],
    ['Sunday, 22-Nov-26 09:30:05 CST', '2026-11-22T01:30:05.000Z'],
    ['Sun, 22 Nov 2026 09:30:00', '2026-11-22T01:30:00.000Z'],
    ['Sun, 22 November 2026 09:30:00 EST', '2026-11-22T14:30:00.000Z'],
    ['2026-11-22T09:30:00+08:00', '2026-11-22T01:30:00.000Z'],
    ['2026-11-22 09:30:00', '2026-11-22T01:30:00.000Z'],
    ['2026年11月22日 9时30分', '2026-11-22T01:30:00.000Z'],
    ['Mon, 31 Feb 2026 09:30:00 GMT', null],
    ['22 Foo 2026 09:30:00 GMT', null],
    ['Sun, 22 Nov 2026 25:61:00 GMT', null],
    ['Sun, 22 Nov 2026 09:30:00 XYZ', null],
    ['Fri, 01 Jan 2038 00:00:00 GMT', null],
    ['Thu, 01 Jan 1970 00:00:00 GMT', null],
    ['刚刚', null],
    ['', null],
  ])('the date %j', (given, expected) => {
    expect(entries(rss(`<title>a</title><pubDate>${given}</pubDate>`))).toMatchObject([{ publishedAt: expected }])
  })
})

describe('what means harm', () => {
  test('entities that are declared are not expanded, files not read', () => {
    const bomb =
      '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "哈哈哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>' +
      '<rss><channel><item><title>&b;&x;</title><description>正文</description></item></channel></rss>'
    expect(entries(bomb)).toMatchObject([{ title: '&b;&x;', content: '正文' }])
  })

  test('a page is no feed; neither is anything else', () => {
    for (const text of [
      '<!DOCTYPE html><html><head><title>404</title></head><body><rss><item></item></rss></body></html>',
      '{"items":[]}',
      '',
      'rss',
      '<opml><body/></opml>',
    ]) {
      expect(read(text), text).toBeNull()
    }
    expect(read(Uint8Array.from({ length: 10_000 }, (_, at) => (at * 7919) & 0xff))).toBeNull()
  })

  test('of more entries than are taken the first are, and it says so', () => {
    const feed = read(
      rss(...Array.from({ length: FEED_ENTRIES_MAX + 1 }, (_, at) => `<guid>${at}</guid><title>a</title>`)),
    )
    expect(feed?.entries).toHaveLength(FEED_ENTRIES_MAX)
    expect(feed?.entries.at(-1)).toMatchObject({ id: String(FEED_ENTRIES_MAX - 1) })
    expect(feed?.more).toBe(true)
    expect(read(rss('<title>a</title>'))?.more).toBe(false)
  })

  test('five megabytes of open tags, of closing ones and of one text cost no more than a second each', () => {
    const begin = '<rss><channel><item><title>a</title><description>'
    for (const content of [
      '<a>'.repeat(900_000) + '</b>'.repeat(500_000),
      `${begin}${'<a>'.repeat(900_000)}${'</b>'.repeat(500_000)}`,
      `${begin}<![CDATA[${'<b>'.repeat(900_000)}${'</i>'.repeat(500_000)}]]>`,
      `${begin}${'长'.repeat(1_700_000)}</description></item></channel></rss>`,
      `<rss ${'x="1" '.repeat(800_000)}>`,
    ]) {
      const started = performance.now()
      read(content)
      expect(performance.now() - started).toBeLessThan(3_000)
    }
  })

  test('an unfinished feed gives what was whole', () => {
    expect(entries('<rss><channel><item><title>一</title></item><item><title>二')).toMatchObject([{ title: '一' }])
  })
})
