import { xmlAttribute, xmlText } from './xml-text.ts'

/** The parts of a workbook (ECMA-376) beside its sheets. */

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

export const sheetStart = `${XML}<worksheet xmlns="${MAIN}">`
export const sheetPath = (number: number): string => `xl/worksheets/sheet${number}.xml`

/** Where the document begins. */
export const packageRelationships = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`

export interface Sheet {
  name: string
  /** The row of the headings, which is printed on every page. */
  headingRow: number
}

export function workbook(sheets: readonly Sheet[]): string {
  const listed = sheets.map(
    ({ name }, index) => `<sheet name="${xmlAttribute(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  )
  const titles = sheets.map(
    ({ name, headingRow }, index) =>
      `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${xmlText(`'${name}'!$${headingRow}:$${headingRow}`)}</definedName>`,
  )
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><sheets>${listed.join('')}</sheets><definedNames>${titles.join('')}</definedNames></workbook>`
}

export function workbookRelationships(sheets: readonly Sheet[]): string {
  const listed = sheets.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATIONSHIPS}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  )
  const styled = `<Relationship Id="rId${sheets.length + 1}" Type="${RELATIONSHIPS}/styles" Target="styles.xml"/>`
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${listed.join('')}${styled}</Relationships>`
}

export function contentTypes(sheets: readonly Sheet[]): string {
  const override = (path: string, type: string) => `<Override PartName="/${path}" ContentType="${TYPE}.${type}+xml"/>`
  const parts = [
    override('xl/workbook.xml', 'sheet.main'),
    override('xl/styles.xml', 'styles'),
    ...sheets.map((_, index) => override(sheetPath(index + 1), 'worksheet')),
  ]
  return `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${parts.join('')}</Types>`
}

/** Indexes into the cell formats of `styles`. */
export const style = { title: 1, note: 2, heading: 3, text: 4, number: 5, percent: 6, date: 7, time: 8 } as const

const FONT = '<name val="宋体"/><family val="3"/><charset val="134"/>'
const wrapped = '<alignment vertical="top" wrapText="1"/>'
const onTop = '<alignment vertical="top"/>'
const cell = (numberFormat: number, alignment: string, more = '') =>
  `<xf numFmtId="${numberFormat}" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" applyAlignment="1"${more}>${alignment}</xf>`
const line = (side: string) => `<${side} style="thin"><color rgb="FFBFBFBF"/></${side}>`

export const styles = [
  `${XML}<styleSheet xmlns="${MAIN}">`,
  '<numFmts count="3"><numFmt numFmtId="164" formatCode="0.0%"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>',
  `<fonts count="3"><font><sz val="11"/>${FONT}</font><font><b/><sz val="16"/>${FONT}</font><font><b/><sz val="11"/>${FONT}</font></fonts>`,
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFD9E2F3"/><bgColor indexed="64"/></patternFill></fill></fills>',
  `<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${['left', 'right', 'top', 'bottom'].map(line).join('')}<diagonal/></border></borders>`,
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  '<cellXfs count="9">',
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  '<xf numFmtId="0" fontId="2" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>',
  // A text stays a text when somebody edits its cell.
  cell(0, wrapped, ' quotePrefix="1"'),
  cell(3, onTop),
  cell(164, onTop),
  cell(165, onTop),
  cell(166, onTop),
  '</cellXfs>',
  '</styleSheet>',
].join('')
