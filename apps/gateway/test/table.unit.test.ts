import { readFileSync, readdirSync } from 'node:fs'
import { commandTable, GetImportRun, queryHandlers, reports } from '#application'
import { errors } from '#domain'
import { describe, expect, test } from 'vitest'
import { httpErrors } from '../src/http/http-errors.ts'
import { documents } from '../src/openapi/documents.ts'
import { openApiDocument } from '../src/openapi/document.ts'
import { peoplesCommands } from '../src/routes/commands.ts'
import { errorsOf } from '../src/routes/errors-of.ts'
import { queryTable } from '../src/routes/query-table.ts'
import { routes } from '../src/routes/index.ts'

const sources = readdirSync(new URL('../src/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('http-errors.ts'))
  .map((name) => readFileSync(new URL(`../src/${name}`, import.meta.url), 'utf8'))
  .join('\n')

describe('the table of routes', () => {
  test('has a route for every command that people give, and for none that only policies give', () => {
    const given = [...commandTable.values()].filter(({ by }) => by.some((each) => each !== 'policy'))
    expect(peoplesCommands).toEqual(given)
    const names = routes.map(({ name }) => name)
    for (const { name, by } of commandTable.values()) {
      expect(names.includes(name), name).toBe(by.some((each) => each !== 'policy'))
    }
  })

  test('has a route for every query of the application', () => {
    // What became of an import is asked for together with those that are on their way; a report is a file.
    const others = [GetImportRun, ...[...reports.values()].map(({ query }) => query)]
    const asked = [...queryTable.map(({ query }) => query), ...others].map(({ name }) => `${name}Handler`)
    expect(asked.sort()).toEqual(queryHandlers.map(({ name }) => name).sort())
  })

  test('names every route once, and gives no two the same address', () => {
    const names = routes.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const addresses = routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`)
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  test('says of every parameter in a path what it is', () => {
    for (const { name, path, parameters } of routes) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
      expect(Object.keys(parameters.path.shape), name).toEqual(inPath)
    }
  })

  test('lets nobody in who is not named: public are health, documentation, and what is signed', () => {
    const open = routes.filter(({ access }) => access === 'public').map(({ tag }) => tag)
    expect([...new Set(open)].sort()).toEqual(['documentation', 'health', 'webhooks'])
    for (const { name, access } of routes) expect(access.length, name).toBeGreaterThan(0)
  })

  test('asks every command for a key, and gives each its roles', () => {
    for (const row of peoplesCommands) {
      const route = routes.find(({ name }) => name === row.name)!
      expect(route.headers).toContain('Idempotency-Key')
      expect(route.access).toEqual(row.by.filter((each) => each !== 'policy'))
    }
  })
})

describe('the one error table', () => {
  test('holds no code twice', () => {
    expect(Object.keys(httpErrors).filter((code) => Object.hasOwn(errors, code))).toEqual([])
  })

  test('holds no code of HTTP that nothing answers with', () => {
    expect(Object.keys(httpErrors).filter((code) => !sources.includes(`'${code}'`))).toEqual([])
  })

  test('has words in both languages for each', () => {
    for (const [code, { zh, en }] of Object.entries(httpErrors)) {
      expect(zh, code).toMatch(/\p{Script=Han}.*[。]$/u)
      expect(en, code).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('knows every code that a route can answer with', () => {
    const known = { ...errors, ...httpErrors }
    for (const route of routes) {
      expect(
        errorsOf(route).filter((code) => !Object.hasOwn(known, code)),
        route.name,
      ).toEqual([])
    }
  })
})

describe('the documentation', () => {
  const document = openApiDocument(routes)

  test.each(Object.entries(documents()))('%s is as the code says; `npm run openapi` writes it', (path, text) => {
    expect(readFileSync(path, 'utf8') === text, path).toBe(true)
  })

  test('describes every route with its roles, what it takes and every way in which it answers', () => {
    for (const route of routes) {
      const operation = document.paths[route.path]![route.method.toLowerCase()]!
      expect(operation.operationId).toBe(route.name)
      expect(operation['x-roles'] ?? 'public').toEqual(route.access)
      expect('requestBody' in operation).toBe(route.body.kind !== 'none')
      const statuses = Object.keys(operation.responses)
      for (const { status } of route.answers) expect(statuses, route.name).toContain(String(status))
      for (const code of errorsOf(route)) {
        expect(statuses, `${route.name} ${code}`).toContain(String({ ...errors, ...httpErrors }[code]!.status))
      }
    }
  })

  test('refers to nothing that it does not hold', () => {
    const text = JSON.stringify(document)
    const references = new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!))
    expect(references.size).toBeGreaterThan(20)
    for (const path of references) {
      const found = path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document)
      expect(found, path).toBeDefined()
    }
    expect(text).not.toContain('$defs')
  })
})
