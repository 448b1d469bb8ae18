/** What follows the prefix of a stream's name: the id in `case-{id}`. */
export function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1)
}
