import { expect, test } from 'vitest'
import { downloadOf } from '../../src/files/download.ts'

const content = (async function* () {
  yield Buffer.from('x')
})()

function download(name: string, range = { start: 0, end: 99 }, isPart = false) {
  const stored = { blobId: 'b', digest: 'd', mediaType: 'application/pdf', sizeBytes: 100 }
  return downloadOf({ ...stored, name }, { ...stored, range, content }, isPart)
}

test('a file is saved and never shown, whoever opens it in what', () => {
  const { status, headers } = download('收据.pdf')
  expect(status).toBe(200)
  expect(headers).toEqual({
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="__.pdf"; filename*=UTF-8''%E6%94%B6%E6%8D%AE.pdf`,
    'content-length': '100',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-store',
  })
})

test('a part says which it is', () => {
  const { status, headers } = download('a.pdf', { start: 10, end: 19 }, true)
  expect(status).toBe(206)
  expect(headers).toMatchObject({ 'content-length': '10', 'content-range': 'bytes 10-19/100' })
})

test.each([
  [`a"b\\c%d.pdf`, `filename="a_b_c_d.pdf"; filename*=UTF-8''a%22b%5Cc%25d.pdf`],
  [`it's (1)*.pdf`, `filename="it's (1)*.pdf"; filename*=UTF-8''it%27s%20%281%29%2a.pdf`],
  ['𠮷.pdf', `filename="_.pdf"; filename*=UTF-8''%F0%A0%AE%B7.pdf`],
  ['a\r\nset-cookie: x.pdf', `filename="a__set-cookie: x.pdf"; filename*=UTF-8''a%0D%0Aset-cookie%3A%20x.pdf`],
])('no name %j breaks out of its header', (name, expected) => {
  expect(download(name).headers['content-disposition']).toBe(`attachment; ${expected}`)
})
