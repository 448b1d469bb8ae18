/** What a cell holds at most, in UTF-16 code units. */
export const CELL_CHARACTERS_MAX = 32_767
const CUT = '…（过长，已截断）'

/** A text as the content of an XML element, cut where it is longer than a cell takes. */
export function cellText(text: string): string {
  return xmlText(text.length > CELL_CHARACTERS_MAX ? `${text.slice(0, CELL_CHARACTERS_MAX - CUT.length)}${CUT}` : text)
}

/**
 * A text as the content of an XML element. Characters that XML forbids, and the carriage return that it would turn into
 * another, are written as spreadsheets write them, `_x000B_` (ECMA-376, ST_Xstring), and so is what looks like it.
 */
export function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/gu, '_x005F_')
    .replaceAll(
      // oxlint-disable-next-line no-control-regex -- these are what it is about
      /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/gu,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replaceAll(/[&<>]/gu, (character) => ENTITIES[character as '&' | '<' | '>'])
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const

export function xmlAttribute(text: string): string {
  return xmlText(text).replaceAll('"', '&quot;')
}
