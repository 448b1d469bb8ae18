import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { createPageFetcher, createResolve } from '#pages'
import { authority, expired, selfSigned, trusted } from './certificates.ts'
import { HOST, PAGE, Web, faultOf, says, textOf } from './web.ts'

const SECURE_PAGE = `https://${HOST}/`

describe('Over TLS', () => {
  beforeAll(() => setDefaultCACertificates([...getCACertificates(), authority]))

  test('a site whose certificate is in order is read; it is told by name whom we want', async () => {
    await using web = new Web()
    let asked: unknown
    await web.secureSite(HOST, trusted, (request, response) => {
      asked = [request.headers.host, 'servername' in request.socket && request.socket.servername]
      says('secure')(request, response)
    })
    expect(textOf(await web.fetch({ address: SECURE_PAGE }))).toBe('secure')
    expect(asked).toEqual([HOST, HOST])
    await expect.poll(() => web.connections).toBe(0)
  })

  test.each([
    ['signed by itself', selfSigned, HOST, /: self-signed certificate \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/],
    ['that has expired', expired, HOST, /: certificate has expired \(CERT_HAS_EXPIRED\)$/],
    ['of another name', trusted, 'files.county.example', /Hostname\/IP does not match .*ERR_TLS_CERT_ALTNAME_INVALID/],
  ])('a certificate %s is not trusted, and it will not be later', async (_, certificate, name, why) => {
    await using web = new Web()
    let requests = 0
    await web.secureSite(name, certificate, () => (requests += 1))
    const page = await web.fetch({ address: `https://${name}/`, hosts: [name] })
    expect(page).toMatchObject({ fault: 'unreachable', transient: false })
    expect(faultOf(page)).toContain(`the certificate of ${name} is not trusted: `)
    expect(faultOf(page)).toMatch(why)
    expect(requests).toBe(0)
    await expect.poll(() => web.connections).toBe(0)
  })

  test('no variable of the environment makes a bad certificate a good one', async () => {
    await using web = new Web()
    await web.secureSite(HOST, selfSigned, says('secure'))
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      expect(faultOf(await web.fetch({ address: SECURE_PAGE }))).toMatch(/self-signed/)
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
  })

  test('what does not speak TLS is unreachable, and will be later', async () => {
    await using web = new Web()
    await web.speaker(HOST, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 443)
    expect(await web.fetch({ address: SECURE_PAGE })).toMatchObject({ fault: 'unreachable', transient: false })
  })

  test('a handshake that is cut off may succeed later', async () => {
    await using web = new Web()
    await web.speaker(HOST, (socket) => socket.end(), 443)
    expect(await web.fetch({ address: SECURE_PAGE })).toMatchObject({ fault: 'unreachable', transient: true })
  })

  test('a handshake that never ends is cut off', async () => {
    await using web = new Web()
    await web.speaker(HOST, () => {}, 443)
    const page = await web.fetch({ address: SECURE_PAGE }, { connectTimeoutMs: 100 })
    expect(page).toEqual({
      outcome: 'failed',
      fault: 'too-slow',
      detail: `connecting to ${HOST} at 123.125.1.1 took more than 100 ms`,
      transient: true,
    })
    await expect.poll(() => web.connections).toBe(0)
  })
})

describe('A site that', () => {
  test.each([
    ['refuses connections', null, true, /ECONNREFUSED/],
    ['closes at once', (socket) => socket.end(), true, /other side closed|before the answer/],
    ['resets the connection', (socket) => socket.resetAndDestroy(), true, /ECONNRESET|closed/],
    ['closes within the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'), true, /closed/],
    [
      'closes within the body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
      true,
      /closed|mismatch/i,
    ],
    [
      'closes within a chunk',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf'),
      true,
      /closed/,
    ],
    ['speaks something else, first', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'), false, /HTTP/],
    [
      'speaks another protocol',
      (socket) => socket.once('data', () => socket.write('-ERR wrong number of arguments\r\n')),
      false,
      /HTTP/,
    ],
    [
      'declares two lengths',
      (socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc')),
      true,
      /does not match/,
    ],
    [
      'wants another protocol',
      (socket) =>
        socket.once('data', () =>
          socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
        ),
      true,
      /upgrade/,
    ],
  ] satisfies [string, ((socket: import('node:net').Socket) => void) | null, boolean, RegExp][])(
    '%s is unreachable',
    async (_, speak, transient, why) => {
      await using web = new Web()
      if (speak === null) web.name(HOST, '123.125.1.1')
      else await web.speaker(HOST, speak)
      const page = await web.fetch({}, { totalTimeoutMs: 5_000 })
      expect(page).toMatchObject({ fault: 'unreachable', transient })
      expect(faultOf(page)).toMatch(why)
      await expect.poll(() => web.connections).toBe(0)
    },
  )

  test('answers and closes without saying how long its body is, is read to its end', async () => {
    await using web = new Web()
    await web.speaker(HOST, (socket) => socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nold')))
    expect(textOf(await web.fetch())).toBe('old')
  })

  test('writes control characters and line breaks into what we report of it, writes none', async () => {
    await using web = new Web()
    await web.site(HOST, (_, response) =>
      response.writeHead(302, { location: `\tfoo:\u0085${'x'.repeat(5_000)}` }).end(),
    )
    const detail = faultOf(await web.fetch())
    expect(detail).toMatch(/^address-refused: /)
    expect(detail.length).toBeLessThan(400)
    expect(detail).not.toMatch(/\p{Cc}/u)
  })
})

describe('A name', () => {
  const failing = (code: string) =>
    createPageFetcher({
      resolve: async () => {
        throw Object.assign(new Error('query'), { code })
      },
    }).fetch({ address: PAGE, hosts: [HOST] })

  test.each(['ENOTFOUND', 'ENODATA'])('that does not exist (%s) will not later', async (code) => {
    expect(await failing(code)).toEqual({
      outcome: 'failed',
      fault: 'unreachable',
      detail: `${HOST} could not be resolved (${code})`,
      transient: false,
    })
  })

  test.each(['ESERVFAIL', 'EAI_AGAIN', 'ETIMEOUT', 'ECONNREFUSED', 'EREFUSED'])(
    'whose servers fail (%s) may be known later',
    async (code) => {
      expect(await failing(code)).toMatchObject({ fault: 'unreachable', transient: true })
    },
  )

  test('whose resolver breaks without a code is a fault of ours', async () => {
    const resolve = async () => {
      throw new TypeError('broken')
    }
    await expect(createPageFetcher({ resolve }).fetch({ address: PAGE, hosts: [HOST] })).rejects.toThrow('broken')
  })

  test('is looked up for IPv4 and IPv6, and what fails for one does not harm the other', async () => {
    await using dns = await nameServer({ A: ['123.125.1.1', '10.0.0.1'], AAAA: ['2400:3200::1'] })
    expect(await dns.resolve(HOST, never)).toEqual(['123.125.1.1', '10.0.0.1', '2400:3200::1'])
    dns.answers = { A: 'refused', AAAA: ['2400:3200::1'] }
    expect(await dns.resolve(HOST, never)).toEqual(['2400:3200::1'])
    dns.answers = { A: ['123.125.1.1'], AAAA: 'unknown' }
    expect(await dns.resolve(HOST, never)).toEqual(['123.125.1.1'])
  })

  test('is unknown only where no server failed', async () => {
    await using dns = await nameServer({ A: 'unknown', AAAA: 'unknown' })
    await expect(dns.resolve(HOST, never)).rejects.toMatchObject({ code: 'ENOTFOUND' })
    dns.answers = { A: [], AAAA: [] }
    await expect(dns.resolve(HOST, never)).rejects.toMatchObject({ code: 'ENODATA' })
    dns.answers = { A: 'unknown', AAAA: 'refused' }
    await expect(dns.resolve(HOST, never)).rejects.toMatchObject({ code: 'EREFUSED' })
  })

  test('whose server is silent is given up with the fetch', async () => {
    await using dns = await nameServer({ A: 'silent', AAAA: 'silent' })
    const fetcher = createPageFetcher({ resolve: dns.resolve, limits: { totalTimeoutMs: 100 } })
    expect(await fetcher.fetch({ address: PAGE, hosts: [HOST] })).toEqual({
      outcome: 'failed',
      fault: 'too-slow',
      detail: 'the page took more than 100 ms',
      transient: true,
    })
  })
})

const never = new AbortController().signal

type Records = { A: NameAnswer; AAAA: NameAnswer }
type NameAnswer = readonly string[] | 'unknown' | 'refused' | 'silent'

/** A name server on 127.0.0.1 (RFC 1035) that gives every name the same answers, and a `Resolve` that asks it. */
async function nameServer(answers: Records) {
  const socket = createSocket('udp4')
  const server = {
    answers,
    resolve: createResolve(),
    async [Symbol.asyncDispose]() {
      socket.close()
      await once(socket, 'close')
    },
  }
  socket.on('message', (query, from) => {
    const questionEnd = query.indexOf(0, 12) + 5 // the name's last label is empty; type and class follow
    const type = query.readUInt16BE(questionEnd - 4) === 1 ? 'A' : 'AAAA'
    const answer = server.answers[type]
    if (answer === 'silent') return
    const addresses = typeof answer === 'string' ? [] : answer
    const header = Buffer.alloc(12)
    query.copy(header, 0, 0, 2)
    header.writeUInt16BE(0x8180 | (answer === 'unknown' ? 3 : answer === 'refused' ? 5 : 0), 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(addresses.length, 6)
    const records = addresses.map((address) => {
      const data = type === 'A' ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address)
      const head = Buffer.from([0xc0, 12, 0, type === 'A' ? 1 : 28, 0, 1, 0, 0, 0, 60, 0, data.length])
      return Buffer.concat([head, data])
    })
    socket.send(Buffer.concat([header, query.subarray(12, questionEnd), ...records]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  server.resolve = createResolve([`127.0.0.1:${socket.address().port}`])
  return server
}

/** Of an address with one `::` in it. */
function ipv6Bytes(address: string): Buffer {
  const [before = [], after = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after]
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex')
}
