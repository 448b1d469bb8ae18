import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createPageChecker } from '#pages'
import { HOST, PAGE, Web, says } from './web.ts'

/** Pages as county sites serve them, encoded by another program than ours. */
const stored = (name: string) => readFileSync(new URL(`./pages/${name}.bin`, import.meta.url))

const PROMISE = '县城管局已于2026年9月25日完成滨江路路灯安装，共安装路灯126盏，总投资38.5万元。'

/** Which of the words are found on a page of these bytes, served under this Content-Type. */
async function found(body: Uint8Array, contentType: string, ...words: string[]) {
  await using web = new Web()
  await web.site(HOST, says(body, { 'content-type': contentType }))
  const check = await createPageChecker(web.fetcher()).check({ address: PAGE, hosts: [HOST], words })
  return check.outcome === 'seen' ? check.wordsFound : check
}

describe('Stored pages of a county', () => {
  test.each([
    ['GB2312, declared by http-equiv', 'notice.gb2312', 'text/html', PROMISE],
    ['GB2312, declared by Content-Type', 'notice.gb2312', 'text/html; charset="GB2312"', PROMISE],
    ['GBK, with characters that GB2312 lacks', 'notice.gbk', 'text/html', '局长朱镕、经办人陈喆、村民張燚'],
    ['GBK, declared as GB2312', 'notice.gbk', 'text/html;charset=gb2312', '局长朱镕、经办人陈喆、村民張燚'],
    ['GBK, declared nowhere', 'notice.undeclared-gbk', 'text/html', '局长朱镕、经办人陈喆、村民張燚'],
    ['GB18030 in four bytes, declared as GB2312', 'notice.gb18030', 'text/html', '村民𠮷田、㐂、䶮'],
    ['Big5', 'notice.big5', 'text/html', '縣城管局已於２０２６年９月２５日完成濱江路路燈安裝'],
  ])('%s', async (_, name, contentType, words) => {
    expect(await found(stored(name), contentType, words, '路灯拆除')).toEqual([words])
  })

  test('the digest is that of the bytes as they came', async () => {
    await using web = new Web()
    const body = stored('notice.gbk')
    await web.site(HOST, says(body, { 'content-type': 'text/html' }))
    expect(await createPageChecker(web.fetcher()).check({ address: PAGE, hosts: [HOST], words: [] })).toEqual({
      outcome: 'seen',
      pageDigest: createHash('sha256').update(body).digest('hex'),
      wordsFound: [],
      wordsMissing: [],
      checkedAddress: PAGE,
    })
  })
})

describe('What says how a page is encoded', () => {
  const utf8 = (text: string) => Buffer.from(text)
  const gbk = Buffer.from([0xc2, 0xb7, 0xb5, 0xc6, 0xb0, 0xb2, 0xd7, 0xb0]) // 路灯安装
  const WORDS = '路灯安装'

  test.each([
    ['nothing: UTF-8, as it is valid', utf8(WORDS), 'text/html'],
    ['nothing: GBK, as UTF-8 is not valid', gbk, 'text/html'],
    ['Content-Type', gbk, 'text/html; charset=GBK'],
    ['Content-Type, in capitals and quotes', gbk, 'TEXT/HTML; Charset="gb18030"'],
    ['a meta', Buffer.concat([utf8('<meta charset=gbk>'), gbk]), 'text/html'],
    [
      'a meta among much else',
      Buffer.concat([utf8(`<!-- ${'x'.repeat(3_000)} --><meta charset=gbk>`), gbk]),
      'text/html',
    ],
    [
      'a meta after one in a comment',
      Buffer.concat([utf8('<!--<meta charset=utf-8>--><meta charset=gbk>'), gbk]),
      'text/html',
    ],
    [
      'a meta after one in a script',
      Buffer.concat([utf8('<script>"<meta charset=utf-8>"</script><meta charset=gbk>'), gbk]),
      'text/html',
    ],
    ['Content-Type before a meta', Buffer.concat([utf8('<meta charset=utf-8>'), gbk]), 'text/html; charset=gbk'],
    [
      'a mark of UTF-8 before Content-Type',
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8(WORDS)]),
      'text/html; charset=gbk',
    ],
    ['a mark of UTF-16, little end first', Buffer.from(`\uFEFF${WORDS}`, 'utf16le'), 'text/html; charset=utf-8'],
    ['a mark of UTF-16, big end first', Buffer.from(`\uFEFF${WORDS}`, 'utf16le').swap16(), 'text/html'],
    ['a meta that says UTF-16 cannot be read in UTF-16: UTF-8', utf8(`<meta charset=utf-16>${WORDS}`), 'text/html'],
    ['a name that nobody knows: nothing', gbk, 'text/html; charset=chinese-simplified'],
    ['an unreadable Content-Type: nothing', gbk, ';charset'],
    ['a Content-Type with an empty parameter', gbk, 'text/html;;charset=gbk;'],
  ])('%s', async (_, body, contentType) => {
    expect(await found(body, contentType, WORDS)).toEqual([WORDS])
  })

  test('a page that is served under the wrong encoding shows nobody its words', async () => {
    expect(await found(gbk, 'text/html; charset=utf-8', WORDS)).toEqual([])
    expect(await found(utf8(WORDS), 'text/html; charset=iso-8859-1', WORDS)).toEqual([])
  })

  test('a damaged character costs that character only', async () => {
    const damaged = Buffer.concat([utf8('<meta charset=gbk>'), gbk.subarray(0, 4), Buffer.from([0xff]), gbk])
    expect(await found(damaged, 'text/html', WORDS)).toEqual([WORDS])
  })
})
