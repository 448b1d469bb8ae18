/** The first characters of a text. Cut between characters: half of one outside the first plane would be no text. */
export function beginning(text: string, characters: number): string {
  return Array.from(text.slice(0, 2 * characters))
    .slice(0, characters)
    .join('')
}
