import { extensionsOf } from '#blob-store'

/** In UTF-8: file systems take 255 bytes, and who saves a file twice has a number added. */
const NAME_BYTES_MAX = 200
/** Where nothing else is left of a name. */
const NAMELESS = '附件'

/** Control characters, marks that turn the direction of writing or are not seen, separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
/** What file systems don't take within a name. */
const FORBIDDEN = /[<>:"|?*]/g
/** Names of devices, whatever stands after a dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i
const ENDING = /\.([a-z0-9]+)$/i

/**
 * What a file is called here and when it is saved again: the last part of what it was called, seen as it is, its ending
 * kept where it is one of its type and else followed by one, so that a page is never called a picture and a text never a
 * program. Of a name that it made, it makes the same.
 */
export function fileName(given: string, mediaType: string): string {
  const extensions = extensionsOf(mediaType)
  const whole = trimmed(
    given
      .slice(-1_000)
      .toWellFormed()
      .replace(/^.*[/\\]/s, '')
      .normalize('NFC')
      .replace(UNSEEN, '')
      .replace(FORBIDDEN, '_')
      .replace(/\s+/g, ' ')
      .normalize('NFC'),
  )
  const ending = ENDING.exec(whole)?.[1]
  const isKept = ending !== undefined && extensions.includes(ending.toLowerCase())
  const extension = isKept ? ending : extensions[0]
  const suffix = extension === undefined ? '' : `.${extension}`
  const stem = (isKept ? trimmed(whole.slice(0, -suffix.length)) : whole) || NAMELESS
  return cut(stem.replace(DEVICE, '_$&'), NAME_BYTES_MAX - suffix.length) + suffix
}

/** Without dots and spaces at either end: a name that begins with a dot is hidden, one that ends with it loses it. */
function trimmed(name: string): string {
  return name.replace(/^[. ]+|[. ]+$/g, '')
}

function cut(name: string, bytesMax: number): string {
  let kept = ''
  let bytes = 0
  for (const character of name) {
    bytes += Buffer.byteLength(character)
    if (bytes > bytesMax) break
    kept += character
  }
  return trimmed(kept)
}
