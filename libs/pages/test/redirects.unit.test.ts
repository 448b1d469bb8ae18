import { expect, test } from 'vitest'
import { trusted } from './certificates.ts'
import { HOST, Web, faultOf, redirectsTo, says, textOf } from './web.ts'

test('A redirect within the site is followed, and says where it led', async () => {
  await using web = new Web()
  await web.site(HOST, (request, response) => {
    if (request.url === '/') redirectsTo('notices/../公开/1.html?年=2026#top')(request, response)
    else says(request.url ?? '')(request, response)
  })
  const page = await web.fetch()
  expect(page).toMatchObject({ status: 200, address: `http://${HOST}/%E5%85%AC%E5%BC%80/1.html?%E5%B9%B4=2026#top` })
  expect(textOf(page)).toBe('/%E5%85%AC%E5%BC%80/1.html?%E5%B9%B4=2026')
})

test.each([301, 302, 303, 307, 308])('Status %i redirects', async (status) => {
  await using web = new Web()
  await web.site(HOST, (request, response) =>
    (request.url === '/' ? redirectsTo('/there', status) : says('there'))(request, response),
  )
  expect(textOf(await web.fetch())).toBe('there')
})

test('Between two listed sites is followed; to any other, even one that ends like a listed one, is the wrong site', async () => {
  await using web = new Web()
  let target = 'http://files.county.example/1'
  await web.site(HOST, (request, response) => redirectsTo(target)(request, response))
  await web.site('files.county.example', says('listed'))
  const hosts = [HOST, 'files.county.example']
  expect(textOf(await web.fetch({ hosts }))).toBe('listed')
  target = 'http://evilfiles.county.example/1'
  expect(faultOf(await web.fetch({ hosts }))).toBe('wrong-site: evilfiles.county.example is not listed')
  target = '//login.example/?back=http://www.county.example/'
  expect(faultOf(await web.fetch({ hosts }))).toBe('wrong-site: login.example is not listed')
  expect(web.dialled).toHaveLength(4)
})

test.each([
  ['a private address', 'http://192.168.1.1/admin'],
  ['loopback in hexadecimal', 'http://0x7f.1/'],
  ['loopback in IPv6', 'http://[::1]/'],
  ['metadata of a cloud', 'http://169.254.169.254/latest/meta-data/'],
  ['another port', `http://${HOST}:6379/`],
  ['another scheme', 'file:///etc/passwd'],
  ['credentials', `http://admin:admin@${HOST}/`],
  ['no address', 'http://'],
])('A redirect to %s is refused, whatever hosts may be visited', async (_, location) => {
  await using web = new Web()
  await web.site(HOST, redirectsTo(location))
  expect(faultOf(await web.fetch())).toMatch(/^address-refused: /)
  expect(faultOf(await web.fetch({ hosts: 'any-public' }))).toMatch(/^address-refused: /)
  expect(web.dialled).toHaveLength(2)
})

test('A redirect to a name that leads to a private address is refused', async () => {
  await using web = new Web()
  await web.site(HOST, redirectsTo('http://inside.example/'))
  web.name('inside.example', '10.1.2.3')
  expect(faultOf(await web.fetch({ hosts: 'any-public' }))).toBe(
    'address-refused: inside.example leads to 10.1.2.3: not the public internet',
  )
  expect(web.dialled).toHaveLength(1)
})

test('From http to https is followed; from https to http is refused', async () => {
  const { getCACertificates, setDefaultCACertificates } = await import('node:tls')
  const { authority } = await import('./certificates.ts')
  setDefaultCACertificates([...getCACertificates(), authority])
  await using web = new Web()
  await web.site(HOST, redirectsTo(`https://${HOST}/secure`))
  await web.secureSite(HOST, trusted, (request, response) =>
    (request.url === '/secure' ? says('secure') : redirectsTo(`http://${HOST}/`))(request, response),
  )
  expect(textOf(await web.fetch())).toBe('secure')
  expect(faultOf(await web.fetch({ address: `https://${HOST}/down` }))).toBe(
    `address-refused: ${HOST} redirects from https to http: http://${HOST}/`,
  )
})

test('Five redirects are followed, a sixth is not, nor is one that leads to itself', async () => {
  await using web = new Web()
  await web.site(HOST, (request, response) => {
    const left = Number(request.url?.slice(1))
    ;(left > 0 ? redirectsTo(`/${left - 1}`) : says('arrived'))(request, response)
  })
  expect(textOf(await web.fetch({ address: `http://${HOST}/5` }))).toBe('arrived')
  expect(await web.fetch({ address: `http://${HOST}/6` })).toMatchObject({
    fault: 'too-many-redirects',
    detail: `more than 5 redirects, the last to http://${HOST}/0`,
    transient: false,
  })
  await web.site('loop.example', redirectsTo('/'))
  expect(faultOf(await web.fetch({ address: 'http://loop.example/', hosts: ['loop.example'] }))).toMatch(
    /^too-many-redirects/,
  )
})

test('The body of a redirect is not read, however large', async () => {
  await using web = new Web()
  await web.site(HOST, (request, response) => {
    if (request.url !== '/') return says('there')(request, response)
    response.writeHead(302, { location: '/there' })
    const flood = () => {
      while (response.write('x'.repeat(65_536)));
    }
    response.on('drain', flood)
    flood()
  })
  expect(textOf(await web.fetch())).toBe('there')
  await expect.poll(() => web.connections).toBe(0)
})

test('A redirect without a target is an answer like any other', async () => {
  await using web = new Web()
  await web.site(HOST, says('moved', {}, 301))
  expect(await web.fetch()).toMatchObject({ outcome: 'fetched', status: 301 })
})

test('Headers of the caller go to the first origin only', async () => {
  await using web = new Web()
  const got: (string | undefined)[] = []
  await web.site(HOST, (request, response) => {
    got.push(request.headers['if-none-match'])
    redirectsTo(request.url === '/' ? '/again' : 'http://other.example/')(request, response)
  })
  await web.site('other.example', (request, response) => {
    got.push(request.headers['if-none-match'])
    says('', {}, 304)(request, response)
  })
  const page = await web.fetch({ hosts: 'any-public', headers: { 'If-None-Match': '"1"' } })
  expect(got).toEqual(['"1"', '"1"', undefined])
  expect(page).toMatchObject({ outcome: 'fetched', status: 304 })
})
