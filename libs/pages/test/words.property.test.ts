import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalise, visibleText } from '#pages'

/** Letters of a promise; none that joins with its neighbour when it is normalised. */
const word = fc.string({
  unit: fc.constantFrom(...Array.from('确保在月底前完成路灯安装，。（）「」—～-0129AbGp€𠮷')),
  minLength: 1,
  maxLength: 12,
})

/** One character as pages may write it. */
const written = (character: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    character,
    `&#${character.codePointAt(0)};`,
    `&#x${character.codePointAt(0)?.toString(16)};`,
    wide(character),
    character.toUpperCase(),
    character.toLowerCase(),
  )

const wide = (character: string) =>
  /^[!-~]$/.test(character) ? String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0) : character

const SECRET = '密'

/** Ways to hide what stands between two tags. */
const hiding = fc.constantFrom(
  ['<span hidden>', '</span>'],
  ['<span style="display:none">', '</span>'],
  ['<i style="color: red; DISPLAY: none !important">', '</i>'],
  ["<b style='visibility : hidden'>", '</b>'],
  ['<script>', '</script>'],
  ['<style>', '</style>'],
  ['<template>', '</template>'],
  ['<noscript>', '</noscript>'],
  ['<!--', '-->'],
  ['<img alt="', '">'],
  ['<input type=hidden value="', '">'],
  ['<div style="display: none">', '</div>'],
  ['<title>', '</title>'],
)

const hiddenWith = (...contents: string[]) =>
  fc.tuple(hiding, fc.constantFrom(...contents)).map(([[open, close], content]) => `${open}${content}${close}`)

const hiddenWithinLine = hiddenWith(SECRET, ` ${SECRET}<em>${SECRET}</em>`, `${SECRET}<br>`)
const hidden = fc.oneof(hiddenWithinLine, hiddenWith(`<p>${SECRET}<p>${SECRET}</p>`, `<div><b>${SECRET}</b></div>`))

/** What leaves no gap between the characters on its two sides. */
const joint = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.constantFrom(
    '\n',
    ' ',
    '\u3000',
    '&nbsp;',
    '<br>',
    '<br/>',
    '<wbr>',
    '\u200b',
    '&shy;',
    '&#8288;',
    '<img src=x>',
    '<!-- x -->',
  ),
  hiddenWithinLine,
)

const wrapping = fc.constantFrom(
  ['', ''],
  ['<span class=x>', '</span>'],
  ['<font color="red">', '</font>'],
  ['<a href="/x?a=1&b=2">', '</a>'],
  ['<STRONG>', '</STRONG>'],
  ['<b style="color:red">', '</b>'],
  ['<u><i>', '</i></u>'],
)

/** The word's characters, each as it may be written, with joints between them and parts of it wrapped, all at random. */
const split = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(...Array.from(text, (character) => fc.tuple(joint, wrapping, written(character), joint)))
    .map((pieces) =>
      pieces.map(([before, [open, close], character, after]) => before + open + character + after + close).join(''),
    )

const around = fc.constantFrom('', '甲', '<b>乙</b>', '丙 ', '<br>丁')

test('A word is found however its characters are split over tags, widths, white space and hidden text', () => {
  fc.assert(
    fc.property(
      word.chain((text) => fc.tuple(fc.constant(text), around, split(text), around)),
      ([text, before, html, after]) => {
        const lines = visibleText(`<p>戊</p><div>${before}${html}${after}</div><p>己</p>`).split('\n').map(normalise)
        expect(lines.some((line) => line.includes(normalise(text)))).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})

test('Hidden text is never found, wherever it stands', () => {
  const page = fc.array(
    fc.oneof(hidden, word.chain(split), fc.constantFrom('<p>', '</p>', '<div>', '</div>', '<td>', '<li>')),
  )
  fc.assert(
    fc.property(page, (pieces) => {
      expect(visibleText(pieces.join(''))).not.toContain(SECRET)
    }),
    { numRuns: 500 },
  )
})

test('A word that two blocks share is not found', () => {
  const between = fc.constantFrom(
    '</p><p>',
    '<div>',
    '<hr>',
    '<li>',
    '<td>',
    '<h2>',
    '<table><tr><td>',
    '<p hidden>密</p><p>',
  )
  // Different characters, so that no part of the word repeats its whole.
  const text = fc.uniqueArray(fc.constantFrom(...Array.from('确保在月底前完成路灯')), { minLength: 2, maxLength: 8 })
  fc.assert(
    fc.property(text, fc.nat(), between, (characters, cut, gap) => {
      const at = 1 + (cut % (characters.length - 1))
      const html = `<p>${characters.slice(0, at).join('')}${gap}${characters.slice(at).join('')}`
      const lines = visibleText(html).split('\n').map(normalise)
      expect(lines).toHaveLength(2)
      expect(lines.join('')).toBe(characters.join(''))
    }),
    { numRuns: 200 },
  )
})

test('What is normalised stays as it is when it is normalised again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(normalise(normalise(text))).toBe(normalise(text))
    }),
    { numRuns: 2_000 },
  )
  for (let block = 0; block <= 0x1ff; block += 1) {
    const text = Array.from({ length: 0x100 }, (_, index) => `中${String.fromCodePoint(block * 0x100 + index)}`).join(
      '',
    )
    expect(normalise(normalise(text))).toBe(normalise(text))
  }
})

test('Any text at all is read, and the same text twice', () => {
  const noise = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '<',
        '>',
        '</',
        '<!--',
        '-->',
        '<![CDATA[',
        '<script>',
        '<svg>',
        '<p',
        ' style="',
        'display:none',
        '"',
        '&',
        ';',
        '<form>',
        '</form>',
        '<table>',
        '<br',
        '/>',
      ),
    ),
  )
  fc.assert(
    fc.property(noise, (pieces) => {
      const html = pieces.join('')
      expect(visibleText(html)).toBe(visibleText(html))
    }),
    { numRuns: 1_000 },
  )
})
