import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createPageFetcher } from '#pages'
import { HOST, PAGE, Web, faultOf, says, textOf } from './web.ts'

describe('An address that is dialled is public', () => {
  test.each([
    ['this network', '0.0.0.0', '0.1.2.3'],
    ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ['a carrier’s, and a cloud’s metadata', '100.64.0.1', '100.100.100.200', '100.127.255.255'],
    ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
    ['link-local, and a cloud’s metadata', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fe80::1%2'],
    ['a cloud’s own service', '168.63.129.16'],
    ['protocol assignments', '192.0.0.8', '192.88.99.1', '2001::1', '2001:2::1', '2001:20::1', '2001:1ff:ffff::1'],
    ['documentation', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1', '3fff:fff::1'],
    ['benchmarks', '198.18.0.1', '198.19.255.255'],
    ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
    ['reserved or broadcast', '240.0.0.1', '255.255.255.255'],
    ['unique local or site-local', 'fc00::1', 'fd00:ec2::254', 'fdff::1', 'fec0::1'],
    ['unspecified', '::'],
    ['IPv4 in IPv6: mapped', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '0:0:0:0:0:FFFF:0A00:0001'],
    ['IPv4 in IPv6: mapped, even public', '::ffff:123.125.1.1'],
    ['IPv4 in IPv6: compatible', '::127.0.0.1', '::7f00:1', '::ffff:0:127.0.0.1'],
    ['IPv4 in IPv6: 6to4', '2002:7f00:1::', '2002:0a00:0001::1', '2002:c0a8:101::1'],
    ['IPv4 in IPv6: NAT64', '64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::a00:1'],
    ['IPv4 in IPv6: Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['discarded, or not assigned', '100::1', '4000::1', '5f00::1', 'e000::1'],
    ['no address at all', 'localhost', '', '127.1', '0x7f000001', '2130706433', '123.125.1.1.', 'www.county.example'],
  ])('%s: refused', async (_, ...addresses) => {
    await using web = new Web()
    for (const address of addresses) {
      web.name(HOST, address)
      expect(faultOf(await web.fetch()), address).toBe(
        `address-refused: ${HOST} leads to ${address}: not the public internet`,
      )
    }
    expect(web.dialled).toEqual([])
  })

  test.each(['1.1.1.1', '99.255.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1', '192.0.1.1', '223.255.255.255'])(
    '%s: dialled',
    async (address) => {
      await using web = new Web()
      web.name(HOST, address)
      await web.site(HOST, says('ok'))
      expect(textOf(await web.fetch())).toBe('ok')
      expect(web.dialled).toEqual([`${address}:80`])
    },
  )

  test.each(['2400:3200::1', '240e:0:9000::1', '2001:200::1', '2001:da8::1', '2003::1'])(
    '%s: dialled',
    async (address) => {
      await using web = new Web()
      web.name(HOST, address)
      await web.site(HOST, says('ok'))
      expect(textOf(await web.fetch())).toBe('ok')
    },
  )

  test('of several, the private ones are left out and the next is tried where one does not answer', async () => {
    await using web = new Web()
    web.name(HOST, '10.0.0.1', '123.125.9.9', '192.168.0.1', '123.125.1.1')
    web.name('elsewhere.example', '123.125.1.1')
    await web.site('elsewhere.example', says('ok'))
    expect(textOf(await web.fetch())).toBe('ok')
    expect(web.dialled).toEqual(['123.125.9.9:80', '123.125.1.1:80'])
  })

  test('no more than four are tried', async () => {
    await using web = new Web()
    web.name(HOST, ...Array.from({ length: 40 }, (_, index) => `123.125.1.${index}`))
    expect(await web.fetch()).toMatchObject({ fault: 'unreachable', transient: true })
    expect(web.dialled).toHaveLength(4)
  })

  test('without an injected dialer, too: what listens on this machine hears nothing', async () => {
    await using web = new Web()
    let heard = 0
    await web.speaker(HOST, () => (heard += 1))
    const fetcher = createPageFetcher({ resolve: async () => ['127.0.0.1'] })
    expect(faultOf(await fetcher.fetch({ address: PAGE, hosts: 'any-public' }))).toMatch(/^address-refused/)
    expect(heard).toBe(0)
  })
})

describe('DNS rebinding: an answer that changes between check and connection', () => {
  test('is asked for once, and the address that was checked is the one dialled', async () => {
    await using web = new Web()
    web.name(HOST, '123.125.1.1')
    await web.site(HOST, says('the public page'))
    const answers = ['123.125.1.1', '127.0.0.1', '127.0.0.1']
    let asked = 0
    const fetcher = createPageFetcher({ resolve: async () => [answers[asked++] ?? ''], connect: web.dial })
    expect(textOf(await fetcher.fetch({ address: PAGE, hosts: [HOST] }))).toBe('the public page')
    expect(asked).toBe(1)
    expect(web.dialled).toEqual(['123.125.1.1:80'])
  })

  test('is asked for anew at a redirect to the same name, and refused then', async () => {
    await using web = new Web()
    web.name(HOST, '123.125.1.1')
    await web.site(HOST, (_, response) => response.writeHead(302, { location: '/again' }).end())
    const answers = ['123.125.1.1', '127.0.0.1']
    const fetcher = createPageFetcher({ resolve: async () => [answers.shift() ?? ''], connect: web.dial })
    expect(faultOf(await fetcher.fetch({ address: PAGE, hosts: [HOST] }))).toBe(
      `address-refused: ${HOST} leads to 127.0.0.1: not the public internet`,
    )
    expect(web.dialled).toEqual(['123.125.1.1:80'])
  })

  test('finds no pooled connection to go on with: each page has one of its own', async () => {
    await using web = new Web()
    await web.site(HOST, says('ok'))
    const fetcher = web.fetcher()
    for (let count = 0; count < 3; count += 1) await fetcher.fetch({ address: PAGE, hosts: [HOST] })
    expect(web.dialled).toHaveLength(3)
    await expect.poll(() => web.connections).toBe(0)
  })
})

describe('An address that is no name on the web is refused before anything is resolved', () => {
  const resolved: string[] = []
  const fetcher = createPageFetcher({
    resolve: async (name) => {
      resolved.push(name)
      return ['123.125.1.1']
    },
    connect: () => connect({ host: '127.0.0.1', port: 1 }),
  })

  test.each([
    ['an IPv4 address', 'http://127.0.0.1/', 'http://123.125.1.1/', 'http://127.0.0.1./'],
    ['in decimal', 'http://2130706433/'],
    ['in octal', 'http://0177.0.0.1/', 'http://017700000001/'],
    ['in hexadecimal', 'http://0x7f.0.0.1/', 'http://0x7f000001/', 'http://0x7F.1/'],
    ['shortened', 'http://127.1/', 'http://0/', 'http://127.0.1/'],
    ['in full width, or circled', 'http://１２７.０.０.１/', 'http://①②⑦.0.0.1/', 'http://127。0。0。1/'],
    ['percent-encoded', 'http://%31%32%37.0.0.1/'],
    ['IPv6', 'http://[::1]/', 'http://[fd00::1]/', 'http://[2400:3200::1]/'],
    [
      'IPv4 mapped into IPv6',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:7f00:1]/',
      'http://[0:0:0:0:0:ffff:7f00:1]/',
    ],
    ['IPv6 with a zone', 'http://[fe80::1%25eth0]/', 'http://[fe80::1%eth0]/'],
    [
      'another scheme',
      'ftp://www.county.example/',
      'file:///etc/passwd',
      'gopher://www.county.example/',
      'data:text/html,x',
    ],
    ['a script', 'javascript:alert(1)'],
    [
      'another port',
      'http://www.county.example:8080/',
      'https://www.county.example:22/',
      'http://www.county.example:0/',
    ],
    [
      'a user name or password',
      'http://user@www.county.example/',
      'http://www.county.example:80@10.0.0.1/',
      'http://:secret@www.county.example/',
    ],
    [
      'nothing of an address',
      '',
      'www.county.example',
      '/notice',
      'http://',
      'http:///',
      'http://a b/',
      'http://www.county.example:99999/',
    ],
  ])('%s', async (_, ...addresses) => {
    for (const address of addresses) {
      for (const hosts of ['any-public', [HOST, '127.0.0.1', '[::1]', '']] as const) {
        expect(faultOf(await fetcher.fetch({ address, hosts })), address).toMatch(/^address-refused: /)
      }
    }
    expect(resolved).toEqual([])
  })

  test.each([
    ['above a listed name', 'http://county.example/'],
    ['that only begins or ends like one', 'http://www.county.example.evil.example/', 'http://notwww.county.example/'],
    ['with a backslash for a slash', 'http://evil.example\\@www.county.example/'],
    ['with letters that look alike', 'http://www.соunty.example/'],
  ])('a name %s is the wrong site', async (_, ...addresses) => {
    for (const address of addresses) {
      expect(faultOf(await fetcher.fetch({ address, hosts: [HOST] })), address).toMatch(/^wrong-site: /)
    }
    expect(resolved).toEqual([])
  })

  test('where no site is listed, every site is the wrong one', async () => {
    expect(faultOf(await fetcher.fetch({ address: PAGE, hosts: [] }))).toBe(`wrong-site: ${HOST} is not listed`)
  })
})

describe('A name of the web is taken', () => {
  test.each([
    ['in capitals', 'HTTP://WWW.County.EXAMPLE/', HOST],
    ['with the dot of the root', 'http://www.county.example./', HOST],
    ['with its usual port', 'http://www.county.example:80/', HOST],
    ['in Chinese', 'http://浮梁.政务.example/', '浮梁.政务.example'],
    ['in Chinese, listed in its ASCII form', 'http://浮梁.政务.example/', 'xn--zzvz8h.xn--zfr164b.example'],
    ['in full width', 'http://ｗｗｗ.ｃｏｕｎｔｙ.example/', HOST],
    ['below a listed one', 'http://notices.www.county.example/', HOST],
  ])('%s', async (_, address, listed) => {
    await using web = new Web()
    const name = new URL(address).hostname.replace(/\.$/, '')
    let asked = ''
    await web.site(name, (request, response) => {
      asked = request.headers.host ?? ''
      response.end('ok')
    })
    expect(textOf(await web.fetch({ address, hosts: [listed] }))).toBe('ok')
    expect(asked).toBe(name)
  })
})
