/** Each in its transitional and its strict form (ISO/IEC 29500-4 and -1). */
const both = (transitional: string, strict: string): ReadonlySet<string> => new Set([transitional, strict])

export const SPREADSHEET = both(
  'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  'http://purl.oclc.org/ooxml/spreadsheetml/main',
)

/** Of the attribute that names a relationship. */
export const RELATIONSHIP_IDS = both(
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  'http://purl.oclc.org/ooxml/officeDocument/relationships',
)

/** Of the parts that say what a part is related to. */
export const PACKAGE_RELATIONSHIPS: ReadonlySet<string> = new Set([
  'http://schemas.openxmlformats.org/package/2006/relationships',
])
