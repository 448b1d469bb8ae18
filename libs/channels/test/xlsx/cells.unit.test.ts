import { describe, expect, test } from 'vitest'
import type { RowOutcome } from '#channels'
import { HEADER, empty, number, oneSheet, row, shared, taken, text, typed } from '../../../../test/support/workbook.ts'
import { summary } from '../reading.ts'
import { readParts, readSheetOf } from './files.ts'

const TIME = text('2026-11-01 08:00')
const contents = (outcomes: readonly RowOutcome[]) =>
  outcomes.map((outcome) => (outcome.kind === 'row' ? outcome.record.content : outcome.code))
/** What becomes of cells in the column of the content. */
const contentOf = async (cells: string[], more: Parameters<typeof readSheetOf>[1] = {}) =>
  contents(
    await readSheetOf([HEADER, ...cells.map((cell, index) => row(text(`${index}`), text('题'), cell, TIME))], more),
  )
const ids = async (cells: string[], more: Parameters<typeof readSheetOf>[1] = {}) =>
  summary(await readSheetOf([HEADER, ...cells.map((cell) => row(cell, text('题'), text('文'), TIME))], more))

describe('A text is read', () => {
  test('from the shared strings, inline, and as the result of a formula', async () => {
    const formula = '<c t="str"><f>A1&amp;"亮"</f><v>不亮</v></c>'
    expect(await contentOf([shared(1), text('内联'), formula], { strings: ['<t>甲</t>', '<t>乙</t>'] })).toEqual([
      '乙',
      '内联',
      '不亮',
    ])
  })

  test('from runs of rich text, joined, without what says how it is read aloud', async () => {
    const rich =
      '<r><rPr><b/></rPr><t xml:space="preserve">路灯 </t></r><r><t>不亮</t></r><rPh sb="0" eb="2"><t>ludeng</t></rPh><phoneticPr fontId="1"/>'
    expect(await contentOf([shared(0), `<c t="inlineStr"><is>${rich}</is></c>`], { strings: [rich] })).toEqual([
      '路灯 不亮',
      '路灯 不亮',
    ])
  })

  test('with its line breaks, entities and escapes', async () => {
    const strings = [
      '<t>第一行&#10;第二行</t>',
      '<t>第一行_x000D_\n第二行</t>',
      '<t>a_x0009_b</t>',
      '<t>&lt;b&gt; &amp;amp; &#x8DEF;</t>',
      '<t>_x005F_x000D_ 原样</t>',
      '<t><![CDATA[<灯>]]></t>',
      '<t>_xD83D__xDE00_</t>',
    ]
    expect(
      await contentOf(
        strings.map((_, index) => shared(index)),
        { strings },
      ),
    ).toEqual(['第一行\n第二行', '第一行\r\n第二行', 'a\tb', '<b> &amp; 路', '_x000D_ 原样', '<灯>', '😀'])
  })

  test('with the white space within it, asked for or not', async () => {
    const strings = ['<r><t xml:space="preserve">甲  </t></r><r><t> 乙</t></r>']
    expect(await contentOf([shared(0)], { strings })).toEqual(['甲   乙'])
  })

  test('and refused where it holds half a character or a control character', async () => {
    expect(await contentOf([shared(0), shared(1)], { strings: ['<t>_xD83D_</t>', '<t>a_x0007_</t>'] })).toEqual([
      'CONTROL_CHARACTERS',
      'CONTROL_CHARACTERS',
    ])
  })
})

describe('A number is read as a person sees it', () => {
  test.each([
    ['20230100012', '20230100012'],
    ['2.0230100012E10', '20230100012'],
    ['999999999999999', '999999999999999'],
    ['13800000000', '13800000000'],
    ['0.30000000000000004', '0.3'],
    ['1234.5', '1234.5'],
    ['1E-7', '0.0000001'],
    ['-5', '-5'],
    ['007', '7'],
  ])('%s is %s', async (written, seen) => {
    expect(await ids([number(written)])).toEqual([seen])
  })

  test('with the zeros that its format puts before it', async () => {
    expect(await ids([number(42, 1), number(12345678, 1)], { formats: ['000000'] })).toEqual(['000042', '12345678'])
  })

  test.each(['1.1010119900307101E+17', '110101199003071008', '1E15'])(
    'ID_DAMAGED: %s, an id beyond the 15 digits that a spreadsheet keeps, whatever its format',
    async (written) => {
      expect(await ids([number(written), number(written, 1)], { formats: ['0'] })).toEqual(['ID_DAMAGED', 'ID_DAMAGED'])
    },
  )

  test('CELL_UNREADABLE: what is no number', async () => {
    const cells = ['abc', '1e999', 'NaN', '0x10', '1'.repeat(100_000) + 'x'].map((written) => number(written))
    expect(await ids(cells)).toEqual(cells.map(() => 'CELL_UNREADABLE'))
  })
})

describe('A cell of another kind', () => {
  test('booleans say TRUE and FALSE, and so whether the author wants it public', async () => {
    const header = row(text('id'), text('body'), text('time'), text('是否公开'))
    const outcomes = await readSheetOf([
      header,
      ...['1', '0'].map((value) => row(text(value), text('文'), TIME, typed('b', value))),
    ])
    expect(outcomes).toMatchObject([{ record: { wish: 'public' } }, { record: { wish: 'private' } }])
    expect(await contentOf([typed('b', '1'), typed('b', '0')])).toEqual(['TRUE', 'FALSE'])
  })

  test('the cached result of a formula counts', async () => {
    expect(await ids(['<c><f>1+1</f><v>2</v></c>'])).toEqual(['2'])
  })

  test('CELL_NOT_CALCULATED: a formula without its result', async () => {
    expect(await contentOf(['<c><f>1+1</f></c>'])).toEqual(['CELL_NOT_CALCULATED'])
  })

  test('CELL_ERROR: an error, named with its column', async () => {
    const [outcome] = await readSheetOf([HEADER, row(text('1'), text('题'), typed('e', '#N/A'), TIME)])
    expect(outcome).toMatchObject({
      code: 'CELL_ERROR',
      message: { zh: expect.stringContaining('“body”是公式错误 #N/A') },
    })
  })

  test('an error in a column that nobody asked for is nobody’s concern', async () => {
    const header = row(text('id'), text('body'), text('time'), text('备注'))
    expect(summary(await readSheetOf([header, row(text('1'), text('文'), TIME, typed('e', '#REF!'))]))).toEqual(['1'])
  })

  test('CELL_UNREADABLE: a shared string that is not there, a kind that nobody knows, half a truth', async () => {
    expect(
      await contentOf([shared(1), shared(-1), shared('x'), typed('z', '1'), typed('b', 'x')], {
        strings: ['<t>甲</t>'],
      }),
    ).toEqual(Array.from({ length: 5 }, () => 'CELL_UNREADABLE'))
  })

  test('CELL_TOO_LONG: a text that no sheet holds, alone or in runs', async () => {
    const long = '长'.repeat(60_000)
    const strings = [`<r><t>${long}</t></r><r><t>${long}</t></r>`]
    expect(await contentOf([shared(0), text(`${long}${long}`), text(long)], { strings })).toEqual([
      'CELL_TOO_LONG',
      'CELL_TOO_LONG',
      'FIELD_TOO_LONG',
    ])
  })
})

describe('A row is read', () => {
  test('with cells and rows left out, each found by its name', async () => {
    const outcomes = await readSheetOf([
      '<row r="3"><c r="B3" t="inlineStr"><is><t>id</t></is></c><c r="D3" t="inlineStr"><is><t>body</t></is></c><c r="AA3" t="inlineStr"><is><t>time</t></is></c></row>',
      '<row r="7"><c r="B7"><v>1</v></c><c r="C7" t="inlineStr"><is><t>旁注</t></is></c><c r="D7" t="inlineStr"><is><t>不亮</t></is></c><c r="AA7" t="inlineStr"><is><t>2026-11-01</t></is></c></row>',
      '<row r="9"><c r="B9"><v>2</v></c><c r="AA9" t="inlineStr"><is><t>2026-11-01</t></is></c></row>',
    ])
    expect(outcomes).toMatchObject([
      { row: 7, record: { externalId: '1', content: '不亮' } },
      { row: 9, code: 'TEXT_MISSING' },
    ])
  })

  test('unless it shows nothing: formats, blanks and formulas that give nothing', async () => {
    const outcomes = await readSheetOf([
      HEADER,
      '<row><c s="1"/><c/></row>',
      row(text(' '), text('　')),
      '<row><c t="str"><f>IF(1,"")</f><v></v></c></row>',
      '<row/>',
      taken('1'),
    ])
    expect(outcomes).toMatchObject([{ row: 6, record: { externalId: '1' } }])
  })

  test('with the value of merged cells where it stands, and nowhere else', async () => {
    const header = row(text('id'), text('body'), text('time'), text('承办单位'))
    const line = (id: string, unit: string) => row(text(id), text('文'), TIME, unit)
    const content = oneSheet([header, line('1', text('住建局')), line('2', empty)])
    content['xl/worksheets/sheet1.xml'] = String(content['xl/worksheets/sheet1.xml']).replace(
      '</worksheet>',
      '<mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells></worksheet>',
    )
    const { outcomes } = await readParts(content)
    expect(outcomes.map((outcome) => outcome.kind === 'row' && outcome.record.department)).toEqual([
      '住建局',
      undefined,
    ])
  })

  test('TOO_MANY_COLUMNS and ROW_TOO_LONG: a row too wide or too long, and the rest goes on', async () => {
    const wide = `<row r="2"><c r="A2"><v>1</v></c><c r="IW2"><v>1</v></c></row>`
    const formatted = taken('2').replace('</row>', '<c r="XFD3" s="1"/></row>')
    const long = taken('3', ...Array.from({ length: 20 }, () => text('长'.repeat(60_000))))
    expect(summary(await readSheetOf([HEADER, wide, formatted, long, taken('4')]))).toEqual([
      'TOO_MANY_COLUMNS',
      '2',
      'ROW_TOO_LONG',
      '4',
    ])
  })

  test('and kept as a line that gives the same again, whatever its cells were', async () => {
    const outcomes = await readSheetOf([HEADER, row(number(7), text('题'), text('第一行\n"二"'), number(46327.5, 1))], {
      formats: [22],
    })
    expect(outcomes).toMatchObject([
      { original: '{"id":"7","subject":"题","body":"第一行\\n\\"二\\"","time":"2026-11-01 12:00:00"}' },
    ])
  })

  test('with how it begins, when it is refused', async () => {
    expect(await readSheetOf([HEADER, row(text('9'), text('题'), empty, text('昨天'))])).toMatchObject([
      { code: 'TIME_INVALID', excerpt: '9  题  昨天', row: 2 },
    ])
  })
})
