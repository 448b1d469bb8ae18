import type { ReopenableSource } from './source.ts'

/** Names of streams in a compound file ([MS-CFB] 2.6.1): what is encrypted (MS-OFFCRYPTO 2.3.4), and what is a workbook. */
const ENCRYPTED = directoryName('EncryptedPackage')
const WORKBOOKS = [directoryName('Workbook'), directoryName('Book')]
const ENTRY_BYTES = 128

/**
 * What a compound file (OLE, as Office wrote before 2007) is: an XLSX with a password, an old workbook or something else.
 * Its directory may stand anywhere and is not followed: its entries begin at multiples of 128 bytes with their name.
 */
export async function judgeCompoundFile(source: ReopenableSource): Promise<'encrypted' | 'xls' | 'other'> {
  let found: 'xls' | 'other' = 'other'
  for await (const entry of entries(source)) {
    if (startsWith(entry, ENCRYPTED)) return 'encrypted'
    if (WORKBOOKS.some((name) => startsWith(entry, name))) found = 'xls'
  }
  return found
}

/** The source in whole pieces of 128 bytes, whatever its chunks are. */
async function* entries(source: ReopenableSource): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0)
  for await (const chunk of source.open()) {
    const bytes =
      rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk])
    const end = bytes.length - (bytes.length % ENTRY_BYTES)
    for (let at = 0; at < end; at += ENTRY_BYTES) yield bytes.subarray(at, at + ENTRY_BYTES)
    rest = Buffer.from(bytes.subarray(end))
  }
}

function directoryName(name: string): Buffer {
  return Buffer.from(`${name}\0`, 'utf16le')
}

function startsWith(bytes: Buffer, name: Buffer): boolean {
  return bytes.subarray(0, name.length).equals(name)
}
