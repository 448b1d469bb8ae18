import { TOKEN_CHARS_MAX, TRAITS_MAX } from '../port.ts'

/** Within the bounds of the port. */
export function areTraits(traits: readonly string[]): boolean {
  return (
    traits.length <= TRAITS_MAX && traits.every((trait) => trait.length <= TOKEN_CHARS_MAX && !trait.includes('\n'))
  )
}

/** A trait as it stands among others, so that none is found inside another. */
export function traitToken(trait: string): string {
  return `\n${trait}\n`
}
