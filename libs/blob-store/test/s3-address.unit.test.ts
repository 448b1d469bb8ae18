import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { openShelf } from '#blob-store'
import { s3PlaceOf } from '../src/s3/address.ts'

test('an address says bucket, prefix and server', () => {
  expect(
    s3PlaceOf('s3://evidence/county/files?endpoint=http://127.0.0.1:19000&region=cn-north-1&pathStyle=true'),
  ).toEqual({
    bucket: 'evidence',
    prefix: 'county/files/',
    endpoint: 'http://127.0.0.1:19000',
    region: 'cn-north-1',
    isPathStyle: true,
    draftsFolder: tmpdir(),
  })
  expect(s3PlaceOf('s3://evidence?drafts=/var/lib/huiying/uploads')).toMatchObject({
    prefix: '',
    endpoint: null,
    region: null,
    isPathStyle: false,
    draftsFolder: '/var/lib/huiying/uploads',
  })
  expect(s3PlaceOf('file:./blobs')).toBeNull()
})

test.each([
  ['a password', 's3://key:secret@evidence/county'],
  ['a password for the server', 's3://evidence/county?endpoint=http://key:secret@127.0.0.1:9000'],
  ['a parameter that there is not', 's3://evidence/county?secretAccessKey=secret'],
  ['no bucket', 's3:///county'],
  ['no bucket by its name', 's3://E/county'],
  ['a prefix that leads elsewhere', 's3://evidence/a%2F..%2Fb'],
  ['a server by another protocol', 's3://evidence?endpoint=ftp://127.0.0.1'],
  ['another style', 's3://evidence?pathStyle=yes'],
])('an address with %s is refused, and not repeated', (_, address) => {
  expect(() => openShelf(address)).toThrow(
    expect.objectContaining({ code: 'BLOB_STORE_ADDRESS_INVALID', message: expect.not.stringContaining('secret@') }),
  )
})
