import { FIELD_CHARS_MAX } from './port.ts'

/** What is no letter, digit, mark or character of private use (names of people and places are written with some): it parts words. */
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}\p{Co}]+/gu

/** Width and case make no difference: 「Ａ７」 is "a7". The final sigma is the one letter that case writes by its place. */
function fold(text: string): string {
  const narrow = text.normalize('NFKC')
  const lower = narrow.toLowerCase()
  return (lower === narrow ? lower : lower.normalize('NFKC')).replaceAll('ς', 'σ')
}

/** A document's fields as the tokens of an index, each kind parted by spaces. */
export interface Tokens {
  /**
   * At each character the pair that begins there, or the character alone where a run of them ends. So any run of characters
   * is a phrase of pairs, and no phrase goes on beyond a run.
   */
  pairs: string
  /** Each different character once. */
  characters: string
}

export function tokensOf(fields: Iterable<string>): Tokens {
  let pairs = ''
  const characters = new Set<string>()
  for (const field of fields) {
    for (const run of fold(field.slice(0, FIELD_CHARS_MAX)).split(BETWEEN_WORDS)) {
      let before = ''
      for (const character of run) {
        if (before !== '') pairs += `${before}${character} `
        characters.add(character)
        before = character
      }
      if (before !== '') pairs += `${before} `
    }
  }
  return { pairs: pairs.trimEnd(), characters: [...characters].join(' ') }
}

/** The different words of what a person typed, folded. */
export function wordsOf(text: string): string[] {
  return [...new Set(fold(text).split(BETWEEN_WORDS))].filter((word) => word !== '')
}

/** Where a word is looked for, and as what: one character among the characters, more as a phrase of pairs, parted by spaces. */
export function phraseOf(word: string): { among: keyof Tokens; phrase: string } {
  const [first = '', ...others] = Array.from(word)
  if (others.length === 0) return { among: 'characters', phrase: first }
  const pairs = others.map((character, place) => (place === 0 ? first : (others[place - 1] ?? '')) + character)
  return { among: 'pairs', phrase: pairs.join(' ') }
}
