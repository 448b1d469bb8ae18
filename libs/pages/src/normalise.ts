/** White space of every kind; zero-width characters, soft hyphens, marks of direction and variation; controls. */
const UNSEEN = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}]+/gu
const QUOTES = /[\p{Quotation_Mark}′‵`]+/gu
/** With the tilde of ranges (3～5日, 3—5日), and the line of boxes that many type for a dash. */
const DASHES = /[\p{Dash}~─━]+/gu

/**
 * A text in the form in which words are compared: width, case, kinds of quotes and dashes make no difference, and what
 * takes no ink is gone, because Chinese pages break lines anywhere.
 */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(UNSEEN, '')
    .toLowerCase()
    .replaceAll('ς', 'σ') // the one letter that case writes by its place
    .replaceAll(QUOTES, '"')
    .replaceAll(DASHES, '-')
    .normalize('NFKC')
}
