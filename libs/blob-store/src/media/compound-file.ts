import type { RandomAccess } from '../random-access.ts'

// MS-CFB, the form of Office documents until 2003 and of those of WPS: a file system in sectors.
const HEADER_BYTES = 512
const HEADER_FAT_SECTORS = 109
const ENTRY_BYTES = 128
const NONE = 0xffff_fffa // Any from here on is no sector and no entry.
const ROOT = 5

/** Sectors of a directory that are looked at: some thousand entries. */
const DIRECTORY_SECTORS_MAX = 1_024
/** Sectors that say where the table of sectors is: enough for 2 GiB. */
const DIFAT_SECTORS_MAX = 260

/** The stream that each kind of document has at its root. */
const documents: Readonly<Record<string, string>> = {
  WordDocument: 'doc',
  Workbook: 'xls',
  Book: 'xls',
  'PowerPoint Document': 'ppt',
}
/** What holds macros, in any of them. */
const macros = new Set(['VBA', '_VBA_PROJECT', '_VBA_PROJECT_CUR'])

interface Entry {
  name: string
  type: number
  left: number
  right: number
  child: number
}

/**
 * Which document an OLE compound file is, by the name of its stream: `doc`, `xls`, `ppt`; null for any other, an installer
 * say, an encrypted document that nobody can look into, and one with macros. Throws, or gives null, where it is damaged.
 */
export async function tellCompoundFile(bytes: RandomAccess): Promise<string | null> {
  const entries = await readDirectory(bytes)
  if (entries.some(({ name }) => macros.has(name))) return null
  for (const name of namesAtRoot(entries)) if (Object.hasOwn(documents, name)) return documents[name]!
  return null
}

async function readDirectory(bytes: RandomAccess): Promise<Entry[]> {
  const header = Buffer.from(await bytes.read(0, HEADER_BYTES))
  const sectorBytes = 1 << header.readUInt16LE(0x1e)
  if (sectorBytes !== 512 && sectorBytes !== 4096) return []
  const sector = async (number: number) => Buffer.from(await bytes.read((number + 1) * sectorBytes, sectorBytes))
  const fatSectors = await listFatSectors(header, sector)
  const following = async (number: number): Promise<number> => {
    const perSector = sectorBytes / 4
    const fat = await sector(fatSectors[Math.floor(number / perSector)] ?? NONE)
    return fat.readUInt32LE((number % perSector) * 4)
  }

  const entries: Entry[] = []
  let at = header.readUInt32LE(0x30)
  for (let count = 0; at < NONE && count < DIRECTORY_SECTORS_MAX; count += 1, at = await following(at)) {
    const read = await sector(at)
    for (let offset = 0; offset + ENTRY_BYTES <= read.length; offset += ENTRY_BYTES) {
      entries.push(entryOf(read.subarray(offset, offset + ENTRY_BYTES)))
    }
  }
  return entries
}

/** Where the sectors of the table of sectors are: the first in the header, further ones in a chain of their own. */
async function listFatSectors(header: Buffer, sector: (number: number) => Promise<Buffer>): Promise<number[]> {
  const listed = Array.from({ length: HEADER_FAT_SECTORS }, (_, at) => header.readUInt32LE(0x4c + at * 4))
  let next = header.readUInt32LE(0x44)
  for (let count = 0; next < NONE && count < DIFAT_SECTORS_MAX; count += 1) {
    const more = await sector(next)
    for (let at = 0; at < more.length - 4; at += 4) listed.push(more.readUInt32LE(at))
    next = more.readUInt32LE(more.length - 4)
  }
  return listed
}

function entryOf(bytes: Buffer): Entry {
  const nameBytes = Math.min(bytes.readUInt16LE(0x40), 64)
  return {
    name: bytes.toString('utf16le', 0, Math.max(nameBytes - 2, 0)),
    type: bytes[0x42]!,
    left: bytes.readUInt32LE(0x44),
    right: bytes.readUInt32LE(0x48),
    child: bytes.readUInt32LE(0x4c),
  }
}

/** Names directly under the root: what a document has embedded has the names of its own kind further below. */
function namesAtRoot(entries: readonly Entry[]): Set<string> {
  const names = new Set<string>()
  const seen = new Set<number>()
  const open = [entries.find(({ type }) => type === ROOT)?.child ?? NONE]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const entry = entries[at]
    if (entry === undefined || seen.has(at)) continue
    seen.add(at)
    names.add(entry.name)
    open.push(entry.left, entry.right)
  }
  return names
}
