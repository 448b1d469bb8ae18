import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openBytes, sealBytes } from '../src/index.ts'

const key = randomBytes(32)
const clear = Buffer.from('路灯不亮')

test.each([[Buffer.alloc(0)], [clear], [randomBytes(1_000_000)]])('bytes of any length come back', (bytes) => {
  const sealed = sealBytes(key, 'letter 1', bytes)
  expect(Buffer.compare(openBytes(key, 'letter 1', sealed)!, bytes)).toBe(0)
  expect(sealed.ciphertext.length).toBe(bytes.length)
})

test('the same bytes are sealed otherwise each time', () => {
  expect(sealBytes(key, 'a', clear)).not.toEqual(sealBytes(key, 'a', clear))
})

test('what was changed, moved, cut or is another key’s does not open', () => {
  const sealed = sealBytes(key, 'a', clear)
  const changed = Buffer.from(sealed.ciphertext)
  changed[0]! ^= 1
  expect(openBytes(key, 'a', { ...sealed, ciphertext: changed })).toBeNull()
  expect(openBytes(key, 'a', { ...sealed, ciphertext: changed.subarray(1) })).toBeNull()
  expect(openBytes(key, 'b', sealed)).toBeNull()
  expect(openBytes(randomBytes(32), 'a', sealed)).toBeNull()
  expect(openBytes(key, 'a', { ...sealed, tag: sealed.tag.slice(0, 8) })).toBeNull()
  expect(openBytes(key, 'a', { ...sealed, iv: '' })).toBeNull()
})
