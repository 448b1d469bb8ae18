import { describe, expect, test } from 'vitest'
import { extensionsOf, tellMediaType } from '#blob-store'
import type { RandomAccess } from '#blob-store'
import { inGb18030 } from '../../../test/support/files.ts'
import { bytes, compoundFile, docm, docx, ofd, officeZip, pptx, xlsx, zip } from './samples.ts'

/** Some looks at a large document are some hundred; who goes on and on goes in a circle. */
const READS_MAX = 5_000

function inMemory(content: Uint8Array): RandomAccess {
  let reads = 0
  return {
    sizeBytes: content.length,
    read: async (position, length) => {
      if (++reads > READS_MAX) throw new Error('it never ends')
      return content.subarray(position, position + length)
    },
  }
}
const tell = (content: Uint8Array | string) => tellMediaType(inMemory(Buffer.from(content as string)))
const taken = (mediaType: string) => ({ taken: true, mediaType })
const notTaken = (is: string) => ({ taken: false, is })

const office = 'application/vnd.openxmlformats-officedocument'

describe('taken as evidence', () => {
  test.each([
    ['a PDF', bytes.pdf, 'application/pdf'],
    ['a JPEG', bytes.jpg, 'image/jpeg'],
    ['a PNG', bytes.png, 'image/png'],
    ['a PNG that moves', bytes.apng, 'image/png'],
    ['a GIF', bytes.gif, 'image/gif'],
    ['a WebP', bytes.webp, 'image/webp'],
    ['a photo of a telephone', bytes.heic, 'image/heic'],
    ['one of another', bytes.heif, 'image/heic'],
    ['an MP4', bytes.mp4, 'video/mp4'],
    ['a QuickTime film', bytes.mov, 'video/quicktime'],
    ['a voice memo', bytes.m4a, 'audio/mp4'],
    ['an MP3', bytes.mp3, 'audio/mpeg'],
    ['an MP3 with tags', bytes.taggedMp3, 'audio/mpeg'],
    ['a WAV', bytes.wav, 'audio/wav'],
    ['a recorded call', bytes.amr, 'audio/amr'],
    ['a Word document', compoundFile([{ name: 'WordDocument' }]), 'application/msword'],
    ['an Excel sheet', compoundFile([{ name: 'Workbook' }]), 'application/vnd.ms-excel'],
    ['an Excel sheet of 1995', compoundFile([{ name: 'Book' }]), 'application/vnd.ms-excel'],
    [
      'slides',
      compoundFile([{ name: 'Current User' }, { name: 'PowerPoint Document' }]),
      'application/vnd.ms-powerpoint',
    ],
  ])('%s', async (_, content, mediaType) => {
    expect(await tell(content)).toEqual(taken(mediaType))
  })

  test.each([
    ['DOCX', docx, `${office}.wordprocessingml.document`],
    ['XLSX', xlsx, `${office}.spreadsheetml.sheet`],
    ['PPTX', pptx, `${office}.presentationml.presentation`],
    ['OFD', ofd, 'application/ofd'],
  ])('%s', async (_, make, mediaType) => {
    expect(await tell(await make())).toEqual(taken(mediaType))
  })

  test('a sheet with a document embedded is a sheet, and the other way round', async () => {
    const embedded = (name: string) => ({ name: 'ObjectPool', within: [{ name: '_1', within: [{ name }] }] })
    expect(await tell(compoundFile([embedded('WordDocument'), { name: 'Workbook' }]))).toEqual(
      taken('application/vnd.ms-excel'),
    )
    expect(await tell(compoundFile([{ name: 'WordDocument' }, embedded('Workbook')]))).toEqual(
      taken('application/msword'),
    )
  })

  test('a document so large that the table of its sectors outgrows the header', async () => {
    const large = compoundFile([{ name: 'WordDocument' }], 20_000)
    expect(large.length).toBeGreaterThan(10_000_000)
    expect(await tell(large)).toEqual(taken('application/msword'))
  })

  test.each([
    ['in UTF-8', Buffer.from('路灯坏了半个月。\r\n\t请尽快修复。')],
    ['with a byte order mark', Buffer.from('\uFEFF编号,内容\n1,路灯')],
    ['in GB18030', inGb18030('编号,内容\n1,路灯坏了半个月')],
    ['longer than one look, a character across the cut', Buffer.from(`a${'路灯'.repeat(60_000)}`)],
    ['that begins as a bitmap does', Buffer.from('BMW 车停在消防通道上。')],
    ['that begins as a program does', Buffer.from('MZ 是什么？')],
    ['that has the mark of a film in it', Buffer.from(`G${'x'.repeat(187)}G${'x'.repeat(187)}G`)],
    ['that quotes a tag', Buffer.from('网页上有 <script> 字样。')],
    ['that begins with a title', Buffer.from('<承诺书> 我单位承诺……')],
    ['of one character', Buffer.from('好')],
  ])('a text %s', async (_, content) => {
    expect(await tell(content)).toEqual(taken('text/plain'))
  })
})

describe('told by its content, whatever its name is, and refused', () => {
  test.each([
    ['a program', bytes.program, 'application/x-msdownload'],
    ['a program of Linux', bytes.elf, 'application/x-elf'],
    ['a RAR archive', bytes.rar, 'application/x-rar-compressed'],
    ['Flash', bytes.flash, 'application/x-shockwave-flash'],
    ['a bitmap', bytes.bitmap, 'image/bmp'],
    ['a page', '<!DOCTYPE html><html><script>alert(1)</script></html>', 'text/html'],
    ['a page after white space and a byte order mark', '\uFEFF\r\n \t<HTML>', 'text/html'],
    ['a page in GB18030', inGb18030('<html>路灯</html>'), 'text/html'],
    ['a page behind a comment', '<!-- 说明 --><script>alert(1)</script>', 'text/html'],
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'text/html'],
    ['a drawing with a declaration', '<?xml version="1.0"?><svg/>', 'application/xml'],
    ['a script', '#!/bin/sh\nrm -rf ~', 'text/x-shellscript'],
    ['rich text', String.raw`{\rtf1 text}`, 'application/rtf'],
    ['PostScript', '%!PS-Adobe-3.0\nshowpage', 'application/postscript'],
    ['an installer', compoundFile([{ name: '䡀㼿䕷䑬' }]), 'application/x-cfb'],
    ['an encrypted document', compoundFile([{ name: 'EncryptedPackage' }]), 'application/x-cfb'],
    [
      'a document with macros',
      compoundFile([{ name: 'WordDocument' }, { name: 'Macros', within: [{ name: 'VBA', within: [] }] }]),
      'application/x-cfb',
    ],
    ['a compound file cut off', compoundFile([{ name: 'WordDocument' }]).subarray(0, 700), 'application/x-cfb'],
    ['a text with a NUL in it', Buffer.from('路灯\0'), 'application/octet-stream'],
    ['a text cut within a character', Buffer.from('路灯').subarray(0, -1), 'application/octet-stream'],
    ['bytes that mean nothing', Buffer.from([0x80, 0xff, 0x00, 0xfe, 0x01]), 'application/octet-stream'],
  ])('%s', async (_, content, is) => {
    expect(await tell(content as Buffer)).toEqual(notTaken(is))
  })

  test('an archive, whatever its entries are called', async () => {
    expect(await tell(await zip({ 'evidence.pdf': '%PDF-1.7' }))).toEqual(notTaken('application/zip'))
    expect(await tell(await zip({ 'docs/OFD.xml': '<OFD/>' }))).toEqual(notTaken('application/zip'))
  })

  test('a DOCX that is only a ZIP', async () => {
    const told = await tell(await zip({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w:document/>' }))
    expect(told).toEqual(notTaken('application/zip'))
  })

  test('a document with macros, and a Java program', async () => {
    expect(await tell(await docm())).toMatchObject({ taken: false })
    expect(await tell(await zip({ 'META-INF/MANIFEST.MF': '' }))).toEqual(notTaken('application/java-archive'))
    expect(await tell(await officeZip('application/vnd.ms-excel.sheet.macroEnabled', 'xl'))).toMatchObject({
      taken: false,
    })
  })
})

describe('content made to trip who looks at it', () => {
  const bases = async () => [
    await docx(),
    await ofd(),
    compoundFile([{ name: 'WordDocument' }]),
    ...Object.values(bytes),
  ]

  test('is told or refused, and neither fails nor goes on for ever', async () => {
    let state = 1
    const draw = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    for (const base of await bases()) {
      for (let round = 0; round < 100; round += 1) {
        const content = Buffer.from(base)
        for (let changes = 0; changes <= draw(6); changes += 1) content[draw(content.length)] = draw(256)
        const told = await tell(round % 3 === 0 ? content.subarray(0, draw(content.length)) : content)
        expect(typeof told.taken).toBe('boolean')
      }
    }
  })

  test('a directory that is a circle, or begins beyond the end, or an archive that lies about its own, is refused', async () => {
    // A sector of content, then the directory in sector 1, then the table, which says what follows what.
    const circle = compoundFile([{ name: 'Other' }])
    circle.writeUInt32LE(1, 3 * 512 + 4)
    expect(await tell(circle)).toEqual(notTaken('application/x-cfb'))
    const beyond = compoundFile([{ name: 'Other' }])
    beyond.writeUInt32LE(100, 0x30)
    beyond.writeUInt32LE(100, 3 * 512 + 100 * 4)
    expect(await tell(beyond)).toEqual(notTaken('application/x-cfb'))
    const lying = await zip({ 'a.txt': 'a' })
    lying.writeUInt32LE(0xffff_fff0, lying.length - 6)
    expect(await tell(lying)).toEqual(notTaken('application/zip'))
  })

  test('that the bytes cannot be read is no refusal of the file', async () => {
    const unreadable = { sizeBytes: 100, read: () => Promise.reject(new Error('EIO')) }
    await expect(tellMediaType(unreadable)).rejects.toThrow('EIO')
  })
})

test('names have the endings of their type', () => {
  expect(extensionsOf('image/jpeg')).toEqual(['jpg', 'jpeg', 'jfif'])
  expect(extensionsOf('application/msword')).toContain('wps')
  expect(extensionsOf('text/html')).toEqual([])
})
