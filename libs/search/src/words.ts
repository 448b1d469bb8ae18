import { FIELD_CHARS_MAX } from './port.ts'

/** What is no letter, digit, mark or character of private use (names of people and places are written with some): it parts words. */
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}\p{Co}]+/gu

/** Stands where words are parted. Itself no letter, so that no text and no search can hold it. */
const PART = '¶'

/** Width and case make no difference: 「Ａ７」 is "a7". The final sigma is the one letter that case writes by its place. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ')
}

/**
 * A document's fields as the tokens of an index: each character for itself, parted by spaces, so that any run of them is
 * a phrase whatever its length; one `¶` where punctuation or the end of a field parts words.
 */
export function tokensOf(fields: Iterable<string>): string {
  const text = Array.from(fields, (field) => fold(field.slice(0, FIELD_CHARS_MAX))).join('\n')
  return Array.from(text.replaceAll(BETWEEN_WORDS, PART)).join(' ')
}

/** The different words of what a person typed, folded. */
export function wordsOf(text: string): string[] {
  return [...new Set(fold(text).split(BETWEEN_WORDS))].filter((word) => word !== '')
}

/** A word as FTS5's phrase of single characters. Holds letters and spaces only, so nothing in it is syntax. */
export function phraseOf(word: string): string {
  return `"${Array.from(word).join(' ')}"`
}
