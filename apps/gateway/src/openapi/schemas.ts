import { z } from 'zod'

export type JsonSchema = Record<string, unknown>

/**
 * JSON Schemas (2020-12, which OpenAPI 3.1 takes as they are) of zod schemas. What has a name of its own is described once,
 * under `#/components/schemas`, and referred to.
 */
export class Schemas {
  readonly #named = new Map<string, JsonSchema>()

  /** By name, for the document's components. */
  get components(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** What is taken (`input`) or given (`output`). */
  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      id,
      ...described
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => tidy(jsonSchema),
    }) as JsonSchema & { $defs?: Record<string, JsonSchema>; id?: string }
    for (const [name, { id: _id, ...definition }] of Object.entries($defs)) this.#name(name, definition)
    if (id === undefined) return referring(described) as JsonSchema
    this.#name(id, described)
    return { $ref: `#/components/schemas/${id}` }
  }

  #name(name: string, described: JsonSchema): void {
    const before = this.#named.get(name)
    const now = referring(described) as JsonSchema
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(now)) {
      throw new Error(`two different schemas are called ${name}`)
    }
    this.#named.set(name, now)
  }
}

/** A text that is sealed says so; the patterns of whole formats say less than their names. */
function tidy(schema: JsonSchema): void {
  if ('sensitive' in schema) {
    schema['x-sealed'] = true
    delete schema['sensitive']
  }
  if (typeof schema['format'] === 'string') delete schema['pattern']
}

function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? each.replace('#/$defs/', '#/components/schemas/') : referring(each),
    ]),
  )
}
