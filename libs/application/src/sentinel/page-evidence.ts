import type { PromiseTerms } from '#domain'

/** Which words on a page show that a promise was kept: docs/decisions/0016-what-a-machine-takes-for-proof.md. */

/** How a page says of something that it is no longer only promised. */
const DONE = [
  '已完成',
  '已经完成',
  '已全部完成',
  '已完工',
  '已竣工',
  '已建成',
  '已修复',
  '已修好',
  '已更换',
  '已安装',
  '已整改',
  '已整治',
  '已解决',
  '已落实',
  '已办结',
  '已兑现',
  '已开通',
  '已通车',
  '已投入使用',
  '已投用',
  '已发放',
]
/** Characters of what is promised from which on it is not said by chance; fewer where an amount goes with it. */
const SPECIFIC_CHARACTERS = 6
const SPECIFIC_CHARACTERS_WITH_AMOUNT = 4
const PHRASE_CHARACTERS_MAX = 100
const PHRASES_MAX = 8
/** Of the promise's words, enough to know them by. */
const QUOTE_CHARACTERS = 60
/** What would make another number of the amount if it stood before it. */
const WITHIN_NUMBERS = '0123456789.,'.split('')

export interface Evidence {
  /** Each of these must be found, in one of its spellings. */
  needed: readonly (readonly string[])[]
  /** One of these, too; none: that it was done does not show on a page. */
  done: readonly string[]
  /**
   * If one of these is found, nothing is proven: the amount may be part of another number, or the page quotes the promise, as
   * the answer does that made it and a board of promises on which another is said to be done.
   */
  doubtful: readonly string[]
  /** Whether all that is proof. Else what is found only helps whoever looks. */
  isProof: boolean
}

/**
 * What to look for, from the terms that were approved with the answer: what was promised, in its own words, with its
 * amount, and said to be done.
 */
export function evidenceOf({ quote, action, class: kind, target }: PromiseTerms): Evidence {
  const phrases = [...new Set(action.split(/[\s\p{P}\p{S}]+/u))].filter((phrase) => phrase.length >= 2)
  const amounts = target === null || target.amount === 0 ? [] : spellingsOf(target.amount, target.unit)
  const characters = phrases.reduce((sum, phrase) => sum + phrase.length, 0)
  const enough = amounts.length > 0 ? SPECIFIC_CHARACTERS_WITH_AMOUNT : SPECIFIC_CHARACTERS
  const fits = phrases.length <= PHRASES_MAX && phrases.every((phrase) => phrase.length <= PHRASE_CHARACTERS_MAX)
  const words = phrases.slice(0, PHRASES_MAX).map((phrase) => [phrase.slice(0, PHRASE_CHARACTERS_MAX)])
  const opening = quote.slice(0, QUOTE_CHARACTERS)
  const isTold = !action.includes(opening)
  return {
    needed: amounts.length > 0 ? [...words, amounts] : words,
    done: DONE,
    doubtful: [
      ...amounts.flatMap((amount) => WITHIN_NUMBERS.map((character) => `${character}${amount}`)),
      ...(isTold ? [opening] : []),
    ],
    // Where promise and result are told in the same words, the page cannot tell them apart either.
    isProof: kind === 'act' && fits && isTold && characters >= enough,
  }
}

export function wordsOf({ needed, done, doubtful }: Evidence): string[] {
  return [...needed.flat(), ...done, ...doubtful]
}

/** How a page bears a promise out: wholly, in part, not at all. `words`: of those looked for, what it says of the promise. */
export function weigh(
  evidence: Evidence,
  wordsFound: readonly string[],
): { proof: 'whole' | 'partial' | 'none'; words: string[] } {
  const found = new Set(wordsFound)
  const isDoubtful = evidence.doubtful.some((word) => found.has(word))
  const needed = evidence.needed.map((spellings) => spellings.find((spelling) => found.has(spelling)))
  const words = needed.filter((word) => word !== undefined)
  if (words.length === 0) return { proof: 'none', words }
  const done = evidence.done.find((word) => found.has(word))
  const isWhole = evidence.isProof && !isDoubtful && done !== undefined && words.length === needed.length
  return { proof: isWhole ? 'whole' : 'partial', words: done === undefined ? words : [...words, done] }
}

/** As people write it: 12000平方米, 12,000平方米, 1.2万平方米. */
function spellingsOf(amount: number, unit: string): string[] {
  const plain = String(amount)
  const spellings = [plain, plain.replaceAll(/\B(?=(\d{3})+$)/g, ',')]
  // Tenths of 万: no more is usual.
  if (amount >= 10_000 && amount % 1_000 === 0) spellings.push(`${amount / 10_000}万`)
  return [...new Set(spellings)].map((spelling) => `${spelling}${unit}`)
}
