import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** Files of each kind, as small as they are still told from others. */

const ascii = (text: string) => Buffer.from(text, 'latin1')
const box = (type: string, content: string) => {
  const bytes = ascii(`    ${type}${content}`)
  bytes.writeUInt32BE(bytes.length)
  return bytes
}
const movie = (brand: string) => Buffer.concat([box('ftyp', `${brand}\0\0\0\0isom`), box('mdat', 'x'.repeat(100))])
const riff = (kind: string) => ascii(`RIFF\x40\0\0\0${kind}fmt \x10\0\0\0${'\0'.repeat(44)}`)
const pngChunk = (type: string, length: number) => {
  const bytes = Buffer.alloc(12 + length)
  bytes.writeUInt32BE(length)
  bytes.write(type, 4)
  return bytes
}
const png = (...chunks: string[]) =>
  Buffer.concat([
    ascii('\x89PNG\r\n\x1a\n'),
    pngChunk('IHDR', 13),
    ...chunks.map((type) => pngChunk(type, 20)),
    pngChunk('IEND', 0),
  ])

/** A frame header of MPEG-1 layer 3, 128 kbit/s at 44.1 kHz, and what is in the frame. */
const mp3Frame = Buffer.concat([Buffer.of(0xff, 0xfb, 0x90, 0x00), Buffer.alloc(413)])

export async function zip(entries: Record<string, string>): Promise<Buffer> {
  const file = new ZipFile()
  for (const [name, content] of Object.entries(entries)) file.addBuffer(Buffer.from(content), name)
  file.end()
  return await buffer(file.outputStream)
}

const contentTypes = (main: string) =>
  `<?xml version="1.0"?><Types><Override PartName="/x.xml" ContentType="${main}.main+xml"/></Types>`
const office = 'application/vnd.openxmlformats-officedocument'
export const officeZip = (main: string, folder: string) =>
  zip({ '[Content_Types].xml': contentTypes(main), [`${folder}/main.xml`]: '<main/>' })

export const docx = () => officeZip(`${office}.wordprocessingml.document`, 'word')
export const xlsx = () => officeZip(`${office}.spreadsheetml.sheet`, 'xl')
export const pptx = () => officeZip(`${office}.presentationml.presentation`, 'ppt')
export const docm = () => officeZip('application/vnd.ms-word.document.macroEnabled', 'word')
export const ofd = () => zip({ 'Doc_0/Document.xml': '<Document/>', 'OFD.xml': '<OFD/>' })

export const bytes = {
  pdf: ascii('%PDF-1.7\n1 0 obj <<>> endobj\n'),
  jpg: Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xe0), ascii('\0\x10JFIF\0'), Buffer.alloc(40)]),
  png: png('IDAT'),
  apng: png('acTL', 'IDAT'),
  gif: ascii(`GIF89a${'\0'.repeat(20)}`),
  webp: riff('WEBP'),
  heic: movie('heic'),
  heif: movie('mif1'),
  mp4: movie('isom'),
  mov: movie('qt  '),
  m4a: movie('M4A '),
  mp3: Buffer.concat([mp3Frame, mp3Frame]),
  taggedMp3: Buffer.concat([ascii(`ID3\x03\0\0\0\0\0\x0a${'\0'.repeat(10)}`), mp3Frame, mp3Frame]),
  wav: riff('WAVE'),
  amr: Buffer.concat([ascii('#!AMR\n'), Buffer.alloc(40)]),
  program: ascii(`MZ\x90\0\x03\0\0\0${'\0'.repeat(100)}`),
  elf: ascii(`\x7fELF\x02\x01\x01${'\0'.repeat(100)}`),
  rar: ascii(`Rar!\x1a\x07\x01\0${'\0'.repeat(100)}`),
  flash: ascii(`FWS\x05${'\0'.repeat(100)}`),
  bitmap: ascii(`BM\x40\0\0\0${'\0'.repeat(100)}`),
}

interface Stored {
  name: string
  /** Storages have entries of their own. */
  within?: Stored[]
}

const SECTOR = 512
const FREE = 0xffff_ffff
const END = 0xffff_fffe
const FAT = 0xffff_fffd
const DIFAT = 0xffff_fffc

/**
 * An OLE compound file with these streams and storages at its root and so many sectors of content before its directory, so
 * that the table of sectors outgrows its header.
 */
export function compoundFile(stored: Stored[], contentSectors = 1): Buffer {
  const entries = directory(stored)
  const directorySectors = Math.ceil((entries.length * 128) / SECTOR)
  let fatSectors = 1
  let difatSectors = 0
  for (let before = 0; before !== fatSectors + difatSectors;) {
    before = fatSectors + difatSectors
    fatSectors = Math.ceil((contentSectors + directorySectors + before) / 128)
    difatSectors = Math.ceil(Math.max(0, fatSectors - 109) / 127)
  }
  const firstDirectory = contentSectors
  const firstFat = firstDirectory + directorySectors
  const firstDifat = firstFat + fatSectors
  const file = Buffer.alloc((1 + firstDifat + difatSectors) * SECTOR)
  const at = (sector: number) => (sector + 1) * SECTOR

  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file)
  file.writeUInt16LE(0x3e, 0x18)
  file.writeUInt16LE(3, 0x1a)
  file.writeUInt16LE(0xfffe, 0x1c)
  file.writeUInt16LE(9, 0x1e)
  file.writeUInt32LE(fatSectors, 0x2c)
  file.writeUInt32LE(firstDirectory, 0x30)
  file.writeUInt32LE(END, 0x3c)
  file.writeUInt32LE(difatSectors === 0 ? END : firstDifat, 0x44)
  file.writeUInt32LE(difatSectors, 0x48)
  for (let index = 0; index < 109; index += 1) {
    file.writeUInt32LE(index < fatSectors ? firstFat + index : FREE, 0x4c + index * 4)
  }
  for (let index = 0; index < difatSectors; index += 1) {
    for (let slot = 0; slot < 127; slot += 1) {
      const listed = 109 + index * 127 + slot
      file.writeUInt32LE(listed < fatSectors ? firstFat + listed : FREE, at(firstDifat + index) + slot * 4)
    }
    file.writeUInt32LE(index + 1 < difatSectors ? firstDifat + index + 1 : END, at(firstDifat + index) + 127 * 4)
  }
  const isLast = (sector: number) => sector === firstDirectory - 1 || sector === firstFat - 1
  for (let sector = 0; sector < fatSectors * 128; sector += 1) {
    let next = FREE
    if (sector < firstFat) next = isLast(sector) ? END : sector + 1
    else if (sector < firstDifat) next = FAT
    else if (sector < firstDifat + difatSectors) next = DIFAT
    file.writeUInt32LE(next, at(firstFat) + sector * 4)
  }
  entries.forEach((entry, index) => entry.copy(file, at(firstDirectory) + index * 128))
  return file
}

/** Entries of 128 bytes, the root first; the entries of a storage hang on each other to the right. */
function directory(stored: Stored[]): Buffer[] {
  const entries: Buffer[] = []
  const add = (name: string, type: number): Buffer => {
    const entry = Buffer.alloc(128)
    entry.write(name, 'utf16le')
    entry.writeUInt16LE((name.length + 1) * 2, 0x40)
    entry[0x42] = type
    for (const place of [0x44, 0x48, 0x4c]) entry.writeUInt32LE(FREE, place)
    entries.push(entry)
    return entry
  }
  const fill = (storage: Buffer, children: Stored[]) => {
    let before: { entry: Buffer; place: number } = { entry: storage, place: 0x4c }
    for (const { name, within } of children) {
      before.entry.writeUInt32LE(entries.length, before.place)
      const entry = add(name, within ? 1 : 2)
      if (within) fill(entry, within)
      before = { entry, place: 0x48 }
    }
  }
  fill(add('Root Entry', 5), stored)
  return entries
}
