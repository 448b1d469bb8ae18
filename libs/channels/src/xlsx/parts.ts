const PACKAGE = 'http://package/'

/** Names of parts don't differ by case (ECMA-376-2, 6.2.2.3). */
export function partKey(name: string): string {
  return name.toLowerCase()
}

/** The part that a target means, seen from a part ('' for the package itself); null for one outside of the package. */
export function resolvePart(base: string, target: string): string | null {
  const url = URL.parse(target, `${PACKAGE}${base}`)
  if (!url?.href.startsWith(PACKAGE)) return null
  return decoded(url.pathname.slice(1))
}

/** Where a part's relationships stand: `xl/workbook.xml` → `xl/_rels/workbook.xml.rels`, '' → `_rels/.rels`. */
export function relationshipsOf(part: string): string {
  const slash = part.lastIndexOf('/') + 1
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`
}

/** With spaces and Chinese characters as the zip file spells them. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
