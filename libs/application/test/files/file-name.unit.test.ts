import { expect, test } from 'vitest'
import { fileName } from '../../src/files/file-name.ts'

test.each([
  ['收据.pdf', 'application/pdf', '收据.pdf'],
  ['IMG_0001.JPG', 'image/jpeg', 'IMG_0001.JPG'],
  ['办理情况.wps', 'application/msword', '办理情况.wps'],
  ['名单.csv', 'text/plain', '名单.csv'],
  // Told by content: the ending that lies stays visible and is not the last.
  ['照片.jpg', 'image/png', '照片.jpg.png'],
  ['run.bat', 'text/plain', 'run.bat.txt'],
  ['说明', 'application/pdf', '说明.pdf'],
  // Where it came from is nobody's business.
  ['/home/wang/证据.pdf', 'application/pdf', '证据.pdf'],
  ['C:\\Users\\王\\证据.pdf', 'application/pdf', '证据.pdf'],
  ['../../etc/passwd', 'text/plain', 'passwd.txt'],
  ['..', 'application/pdf', '附件.pdf'],
  ['', 'application/pdf', '附件.pdf'],
  ['.pdf', 'application/pdf', 'pdf.pdf'],
  // What is not seen, or turns what is seen around.
  ['\u202Efdp.exe', 'application/pdf', 'fdp.exe.pdf'],
  ['a\u0000b\r\nc\u200B.pdf', 'application/pdf', 'abc.pdf'],
  ['a\u2028b.pdf', 'application/pdf', 'ab.pdf'],
  ['\uD800a.pdf', 'application/pdf', '\uFFFDa.pdf'],
  // What file systems don't take.
  ['a:b<c>"d|e?f*.pdf', 'application/pdf', 'a_b_c__d_e_f_.pdf'],
  ['CON.pdf', 'application/pdf', '_CON.pdf'],
  ['lpt1.x.pdf', 'application/pdf', '_lpt1.x.pdf'],
  ['.隐藏 . .pdf', 'application/pdf', '隐藏.pdf'],
  // As people on other systems wrote it.
  ['e\u0301te\u0301.pdf', 'application/pdf', 'été.pdf'],
  ['张㐂.pdf', 'application/pdf', '张㐂.pdf'],
])('%j of %s is called %j', (given, mediaType, expected) => {
  expect(fileName(given, mediaType)).toBe(expected)
})

test('a long name is cut between characters and keeps its ending', () => {
  const name = fileName(`${'𠮷'.repeat(300)}.PDF`, 'application/pdf')
  expect(name).toBe(`${'𠮷'.repeat(49)}.PDF`)
  expect(Buffer.byteLength(name)).toBe(200)
})
