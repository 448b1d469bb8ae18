import { readFileSync, readdirSync } from 'node:fs'
import * as domain from '#domain'
import type { ErrorTable } from '#domain'
import { describe, expect, test } from 'vitest'

/** Every command and every refusal of an aggregate has a specification, or this fails. */

const aggregates = Object.keys(domain)
  .filter((name) => name.endsWith('Commands'))
  .map((name) => name.replace(/Commands$/, ''))
const exports: Record<string, unknown> = domain

describe.each(aggregates)('specifications of %s', (aggregate) => {
  const folder = new URL(`./${aggregate}/`, import.meta.url)
  const specifications = readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')

  test('every command is specified', () => {
    const commands = Object.keys(exports[`${aggregate}Commands`] as object)
    expect(commands.filter((name) => !specifications.includes(`when('${name}'`))).toEqual([])
  })

  test('every refusal is specified', () => {
    const codes = Object.keys(exports[`${aggregate}Refusals`] as ErrorTable)
    expect(codes.filter((code) => !specifications.includes(`thenRefused('${code}'`))).toEqual([])
  })
})

test('no command belongs to two aggregates', () => {
  const names = aggregates.flatMap((aggregate) => Object.keys(exports[`${aggregate}Commands`] as object))
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})
