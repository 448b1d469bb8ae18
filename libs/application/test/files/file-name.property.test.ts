import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileName } from '../../src/files/file-name.ts'

test('whatever it was called: a name that can be shown and saved, and called so again', () => {
  const characters = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({
      unit: fc.constantFrom(...Array.from('.. /\\:<\u0338=\u202E\u200D\u0000\r\n\u2028e\u0301路灯A1\uD800\u2000')),
      maxLength: 40,
    }),
    fc.string({ unit: fc.constantFrom('con', 'nul', '.', 'pdf', 'x', ' '), maxLength: 6 }),
  )
  const named = fc
    .tuple(characters, fc.constantFrom('', '.pdf', '.PDF', '.exe', '.html'))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(named, fc.constantFrom('application/pdf', 'text/plain', 'image/jpeg'), (given, mediaType) => {
      const name = fileName(given, mediaType)
      expect(fileName(name, mediaType)).toBe(name)
      expect(name).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}/\\:<>"|?*]+\.(pdf|txt|csv|jpg|jpeg|jfif)$/iu)
      expect(name).not.toMatch(/^[. ]|^(con|nul)\./i)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
    }),
    { numRuns: 500 },
  )
})
