import { readFileSync, readdirSync } from 'node:fs'
import * as domain from '#domain'
import type { EventFormats } from '#domain'
import { describe, expect, test } from 'vitest'

/**
 * One sample of every version of every event ever written, in open form: `test/fixtures/events/<aggregate>/<Type>.v1.json`.
 * Never change one: what it holds lies in somebody's store.
 */
const fixtures = new URL('../../../test/fixtures/events/', import.meta.url)

const tables = Object.entries(domain)
  .filter(([name]) => name.endsWith('EventFormats'))
  .map(([name, formats]) => ({ aggregate: name.replace(/EventFormats$/, ''), formats: formats as EventFormats }))

describe.each(tables)('fixtures of $aggregate events', ({ aggregate, formats }) => {
  const wanted = Object.entries(formats).flatMap(([type, { version }]) =>
    Array.from({ length: version }, (_, before) => ({ type, version: before + 1 })),
  )

  test.each(wanted)('$type version $version reads as its current version', ({ type, version }) => {
    const stored = JSON.parse(readFileSync(new URL(`${aggregate}/${type}.v${version}.json`, fixtures), 'utf8'))
    expect(stored).toMatchObject({ type, version })

    const { schema, upcasters, version: current } = formats[type]!
    let data = stored.data
    for (let from = version; from < current; from++) data = upcasters[from]!(data)
    expect(schema.parse(data)).toEqual(data)
  })

  test('there is no fixture of an event that does not exist', () => {
    const names = readdirSync(new URL(`${aggregate}/`, fixtures)).toSorted()
    expect(names).toEqual(wanted.map(({ type, version }) => `${type}.v${version}.json`).toSorted())
  })
})

test('no type of event belongs to two aggregates', () => {
  const types = tables.flatMap(({ formats }) => Object.keys(formats))
  expect(types.filter((type, at) => types.indexOf(type) !== at)).toEqual([])
})
