import { randomBytes, randomUUID } from 'node:crypto'
import * as fc from 'fast-check'
import { z } from 'zod'
import { describe, expect, test } from 'vitest'
import { createCodec } from '../src/codec.ts'
import type { Json, JsonObject, NewEvent } from '../src/index.ts'
import { ERASED } from '../src/index.ts'

/** A schema, values that fit it, and what of such a value is sensitive. */
interface Shape {
  schema: z.ZodType
  values: fc.Arbitrary<Json | undefined>
  secretsOf: (value: Json | undefined) => Json[]
}

const none = (): Json[] => []
const word = fc.string({ unit: 'binary', maxLength: 20 })

const leaf: fc.Arbitrary<Shape> = fc.constantFrom<Shape>(
  { schema: z.string(), values: word, secretsOf: none },
  { schema: z.int(), values: fc.maxSafeInteger(), secretsOf: none },
  { schema: z.boolean(), values: fc.boolean(), secretsOf: none },
  { schema: z.enum(['a', 'b']), values: fc.constantFrom('a', 'b'), secretsOf: none },
)

const markable = (shape: Shape): Shape => ({
  schema: shape.schema.meta({ sensitive: true }),
  values: shape.values,
  secretsOf: (value) => (value === undefined ? [] : [value]),
})

/** Any schema that events may have, sensitive marks anywhere. */
const anyShape = fc.letrec<{ shape: Shape; object: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 4 },
    leaf,
    leaf.map(markable),
    tie('object'),
    tie('shape').map(({ schema, values, secretsOf }): Shape => ({
      schema: z.array(schema).max(4),
      values: fc.array(
        values.filter((one) => one !== undefined),
        { maxLength: 4 },
      ),
      secretsOf: (value) => (value as Json[]).flatMap(secretsOf),
    })),
    tie('shape').map(({ schema, values, secretsOf }): Shape => ({
      schema: schema.nullable(),
      values: fc.option(
        values.filter((one) => one !== undefined),
        { nil: null },
      ),
      secretsOf: (value) => (value === null ? [] : secretsOf(value)),
    })),
    tie('shape').map(({ schema, values, secretsOf }): Shape => ({
      schema: z.record(z.string(), schema),
      values: fc.dictionary(
        fc.string({ maxLength: 5 }).filter((key) => !/^(?:sealed|__proto__)$|["\\\p{Cc}]/u.test(key)),
        values.filter((one) => one !== undefined),
        { maxKeys: 3, noNullPrototype: true },
      ),
      secretsOf: (value) => Object.values(value as JsonObject).flatMap(secretsOf),
    })),
    fc.tuple(tie('object'), tie('object')).map((options): Shape => ({
      schema: z.discriminatedUnion(
        'kind',
        options.map(({ schema }, index) => z.strictObject({ kind: z.literal(index), value: schema })) as unknown as [
          z.ZodObject,
        ],
      ),
      values: fc
        .nat({ max: 1 })
        .chain((kind) => fc.record({ kind: fc.constant(kind), value: options[kind]!.values })) as fc.Arbitrary<Json>,
      secretsOf: (value) => {
        const { kind, value: inner } = value as { kind: number; value: Json }
        return options[kind]!.secretsOf(inner)
      },
    })),
    fc.tuple(leaf.map(markable), tie('object')).map(([first, second]): Shape => ({
      schema: z.union([first.schema, second.schema]),
      values: fc.oneof(first.values, second.values),
      secretsOf: (value) => (typeof value === 'object' ? second : first).secretsOf(value),
    })),
  ),
  object: fc
    .dictionary(fc.constantFrom('one', 'two', 'three', 'four'), fc.tuple(tie('shape'), fc.boolean()), { maxKeys: 4 })
    .map((fields): Shape => ({
      schema: z.strictObject(
        Object.fromEntries(
          Object.entries(fields).map(([key, [{ schema }, isOptional]]) => [
            key,
            isOptional ? schema.optional() : schema,
          ]),
        ),
      ),
      values: fc.record(Object.fromEntries(Object.entries(fields).map(([key, [{ values }]]) => [key, values])), {
        requiredKeys: Object.entries(fields).flatMap(([key, [, isOptional]]) => (isOptional ? [] : [key])),
        noNullPrototype: true,
      }) as fc.Arbitrary<JsonObject>,
      secretsOf: (value) =>
        Object.entries(fields).flatMap(([key, [{ secretsOf }]]) => {
          const inner = (value as JsonObject)[key]
          return inner === undefined ? [] : secretsOf(inner)
        }),
    })),
}))

const eventOf = anyShape.object.chain((shape) => shape.values.map((data) => ({ shape, data: data as JsonObject })))

const metadata: NewEvent['metadata'] = {
  occurredAt: '2026-11-20T12:00:00.000Z',
  actor: { policy: 'test' },
  commandId: 'c',
  commandFingerprint: null,
  correlationId: 'c',
  causationId: null,
  origin: 'live',
  caseId: null,
}

function through({ shape, data }: { shape: Shape; data: JsonObject }) {
  const codec = createCodec({ Any: { version: 1, upcasters: {}, schema: shape.schema } })
  const key = { keyId: 'k', key: randomBytes(32) }
  const prepared = codec.prepare({ id: randomUUID(), type: 'Any', data, metadata })
  const place = { stream: 'any-1', revision: 0, previous: null, recordedAt: metadata.occurredAt }
  const { row } = codec.encode(prepared, place, prepared.values.length > 0 ? key : null)
  return { codec, key, prepared, row: { ...row, position: '1' } }
}

describe('sealing any value of any schema', () => {
  test('opens to what was sealed', async () => {
    await fc.assert(
      fc.asyncProperty(eventOf, async (event) => {
        const { codec, key, prepared, row } = through(event)
        expect(prepared.values).toEqual(event.shape.secretsOf(event.data))
        expect((await codec.decode(row, async () => key.key)).data).toEqual(event.data)
      }),
      { numRuns: 500 },
    )
  })

  test('stores a form that its own schema takes, with a placeholder for each sensitive value', () => {
    fc.assert(
      fc.property(eventOf, (event) => {
        const { codec, prepared, row } = through(event)
        const { data } = codec.decodeStored(row)
        expect(JSON.stringify(data).match(/\{"sealed":\d+\}/g) ?? []).toHaveLength(prepared.values.length)
        expect('sealed' in data).toBe(prepared.values.length > 0)
      }),
      { numRuns: 500 },
    )
  })

  test('reads as erased in each of those places once the key is gone', async () => {
    await fc.assert(
      fc.asyncProperty(eventOf, async (event) => {
        const { codec, prepared, row } = through(event)
        const { data } = await codec.decode(row, async () => null)
        const opened = event.shape.secretsOf(data)
        expect(opened.filter((value) => value === ERASED).length).toBe(prepared.values.length)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a catalog', () => {
  const refuses = (schema: z.ZodType, version = 1) =>
    expect(() => createCodec({ Any: { version, upcasters: {}, schema } })).toThrow(
      expect.objectContaining({ code: 'CATALOG_INVALID' }),
    )

  test('refuses schemas that use the reserved key, let unknown keys pass, or change what they check', () => {
    refuses(z.strictObject({ sealed: z.string() }))
    refuses(z.strictObject({ inner: z.array(z.strictObject({ sealed: z.int() })) }))
    refuses(z.object({ a: z.string() }))
    refuses(z.strictObject({ a: z.looseObject({}) }))
    refuses(z.strictObject({ a: z.string().transform(Number) }))
    refuses(z.strictObject({ a: z.date() }))
    refuses(z.string())
  })

  test('refuses a version without the upcasters that lead to it', () => {
    refuses(z.strictObject({}), 2)
  })

  test.each(['sealed', '"', '\\', 'two\nlines'])('keeps the key %j out of records', (key) => {
    const codec = createCodec({
      Any: { version: 1, upcasters: {}, schema: z.strictObject({ free: z.record(z.string(), z.int()) }) },
    })
    const event = { id: randomUUID(), type: 'Any', data: { free: { [key]: 0 } }, metadata }
    expect(() => codec.prepare(event)).toThrow(expect.objectContaining({ code: 'EVENT_INVALID' }))
  })

  test('names paths in its errors and never values', () => {
    const codec = createCodec({ Any: { version: 1, upcasters: {}, schema: z.strictObject({ kind: z.enum(['a']) }) } })
    const event = { id: randomUUID(), type: 'Any', data: { kind: '张三的电话' }, metadata }
    expect(() => codec.prepare(event)).toThrow(/kind: invalid_value/)
    expect(() => codec.prepare(event)).not.toThrow(/张三/)
  })
})
