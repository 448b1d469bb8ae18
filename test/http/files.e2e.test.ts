import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor, StoredFile } from '#domain'
import { staff } from '../support/county.ts'
import { HttpCounty } from '../support/http.ts'
import { Scenes } from './scenarios.ts'

let http: HttpCounty
let scenes: Scenes
beforeAll(async () => {
  http = await HttpCounty.open()
  scenes = new Scenes(http)
})
afterAll(() => http.close())

const pdf = Buffer.from('%PDF-1.7\n验收单')

async function store(id: string, content = pdf, fileName = '验收单.pdf', as: Actor = staff.transportOfficer) {
  const path = `/api/cases/${id}/files?fileName=${encodeURIComponent(fileName)}`
  const headers = { 'Content-Type': 'application/octet-stream' }
  return await http.send<StoredFile>('POST', path, content as Uint8Array<ArrayBuffer>, { as, headers })
}

test('a file is stored, named by a command, and opened by who may see the case, to be saved', async () => {
  const id = await scenes.signed()
  await http.county.huiying.settled()
  const stored = await store(id)
  expect(stored).toMatchObject({ status: 201, body: { name: '验收单.pdf', mediaType: 'application/pdf' } })
  const { blobId } = stored.body
  expect((await http.get(`/api/cases/${id}/files/${blobId}`, { as: staff.auditor })).status).toBe(404)

  const supplement = { request: null, text: '补充验收单', attachments: [stored.body], receivedAt: null }
  const { token } = await scenes.give('RecordSupplement', id, supplement, staff.monitor)
  const response = await fetch(`${http.serving.address}/api/cases/${id}/files/${blobId}?token=${token}`, {
    headers: http.headersOf(staff.auditor),
  })
  expect(Buffer.from(await response.arrayBuffer())).toEqual(pdf)
  expect(response.headers.get('content-disposition')).toMatch(/^attachment;/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await http.get(`/api/cases/${id}/files/${blobId}`, { as: staff.housingOfficer })).status).toBe(404)
})

test('a page that calls itself a picture, nothing at all, and another’s case are refused', async () => {
  const id = await scenes.signed()
  await http.county.huiying.settled()
  expect(await store(id, Buffer.from('<html><script>alert(1)</script>'), '照片.jpg')).toMatchObject({
    body: { code: 'FILE_TYPE_NOT_ALLOWED' },
  })
  expect(await store(id, Buffer.alloc(0))).toMatchObject({ body: { code: 'FILE_HAS_NO_CONTENT' } })
  expect(await store(id, pdf, '验收单.pdf', staff.housingOfficer)).toMatchObject({ status: 404 })
})

test('a command that names a file of another case is refused', async () => {
  const [one, other] = [await scenes.signed(), await scenes.signed()]
  await http.county.huiying.settled()
  const { body: file } = await store(one)
  const supplement = { request: null, text: '补充', attachments: [file], receivedAt: null }
  expect(await http.refused('RecordSupplement', other, supplement, staff.monitor)).toMatchObject({
    code: 'FILE_UNKNOWN',
  })
})
