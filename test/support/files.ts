import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A file beside the stores of a test, which is removed with them. */
export async function fileIn(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

export const jsonLines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** A row as channels give it, with what is said otherwise. */
export const row = (id: string, fields: Record<string, unknown> = {}) => ({
  id,
  user: '市民',
  subject: `路灯不亮 ${id}`,
  time: '2026-03-02T10:00:00+08:00',
  body: '小区门口的路灯坏了半个月。',
  ...fields,
})

/** A file with one line of so many bytes between other lines: a hole, which takes no room on disk and reads as NULs. */
export async function fileWithHole(path: string, before: string, holeBytes: number, after: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    const { bytesWritten } = await file.write(before)
    await file.write(`\n${after}`, bytesWritten + holeBytes)
  } finally {
    await file.close()
  }
}

let gb18030Codes: Map<string, number> | null = null

/** Text in GB18030, which Node reads but does not write: ASCII and characters of two bytes. */
export function inGb18030(text: string): Uint8Array {
  gb18030Codes ??= codesOfTwoBytes()
  const bytes: number[] = []
  for (const character of text) {
    const code = character < '\u0080' ? character.charCodeAt(0) : gb18030Codes.get(character)
    if (code === undefined) throw new RangeError(`${character} has no two-byte code in GB18030`)
    if (code > 0xff) bytes.push(code >> 8)
    bytes.push(code & 0xff)
  }
  return Uint8Array.from(bytes)
}

function codesOfTwoBytes(): Map<string, number> {
  const decoder = new TextDecoder('gb18030')
  const codes = new Map<string, number>()
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail !== 0x7f) codes.set(decoder.decode(Uint8Array.of(lead, trail)), (lead << 8) | trail)
    }
  }
  return codes
}
