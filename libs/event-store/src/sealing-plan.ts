import { z } from 'zod'
import { ERASED } from './envelope.ts'
import type { Json } from './envelope.ts'
import { EventStoreError } from './errors.ts'

type Schema = z.core.$ZodType

/** Puts a placeholder where a sensitive value stands and adds the value to `values`. Copies what it changes. */
export type Sealer = (value: Json, values: Json[]) => Json

/** What a schema says about sealing, derived once for each event type. */
export interface SealingPlan {
  /** Null where the schema marks nothing as sensitive. */
  seal: Sealer | null
  /** What is stored: `{ "sealed": n }` where a sensitive value stands. */
  stored: Schema
  /** What is read once the key is destroyed: as the schema says, or `ERASED` where a sensitive value stood. */
  erased: Schema
  /** Whether values may hold keys that the schema doesn't name; those must be searched for the reserved one. */
  hasFreeKeys: boolean
}

/** The key that placeholders and boxes stand under; no event may use it. */
export const SEALED = 'sealed'

const placeholder = z.strictObject({ [SEALED]: z.int().min(0) })
const box = z.strictObject({
  keyId: z.string().min(1).max(200),
  algorithm: z.literal('aes-256-gcm'),
  iv: z.string().length(16),
  ciphertext: z.string(),
  tag: z.string().length(24),
})

const LEAVES = new Set(['string', 'number', 'boolean', 'literal', 'enum', 'null', 'undefined', 'template_literal'])
const FREE = new Set(['any', 'unknown', 'custom'])

/** The plan of an event's data: of an object, or a union of objects. Throws `CATALOG_INVALID`, naming the type. */
export function sealingPlan(type: string, schema: Schema): SealingPlan {
  const plan = derive(schema, type)
  return { ...plan, stored: withBox(plan.stored, type) }
}

function derive(schema: Schema, path: string): SealingPlan {
  if (z.globalRegistry.get(schema)?.sensitive === true) return sensitiveLeaf(schema)
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (LEAVES.has(def.type)) return plain(schema, false)
  if (FREE.has(def.type)) return plain(schema, true)
  switch (def.type) {
    case 'object':
      return ofObject(schema, def, path)
    case 'array':
      return ofArray(schema, def, path)
    case 'union':
      return ofUnion(schema, def, path)
    case 'record':
      return ofRecord(schema, def, path)
    case 'optional':
      return ofWrapper(schema, derive(def.innerType, path), z.optional, z.optional)
    case 'nullable':
      return ofWrapper(schema, derive(def.innerType, path), z.nullable, z.nullable)
    case 'default':
    case 'prefault':
      return ofWrapper(schema, derive(def.innerType, path), z.optional, (inner) => z._default(inner, def.defaultValue))
    case 'readonly':
    case 'nonoptional':
      return ofWrapper(
        schema,
        derive(def.innerType, path),
        (inner) => inner,
        (inner) => inner,
      )
    default:
      throw invalid(path, `"${def.type}" can't be stored; use plain objects, arrays, unions, records and values`)
  }
}

function plain(schema: Schema, hasFreeKeys: boolean): SealingPlan {
  return { seal: null, stored: schema, erased: schema, hasFreeKeys }
}

function sensitiveLeaf(schema: Schema): SealingPlan {
  const isOptional = schema._zod.optin === 'optional' || schema._zod.optout === 'optional'
  const erased = z.union([schema, z.literal(ERASED)])
  return {
    seal: (value, values) => (value === undefined ? value : { [SEALED]: values.push(value) - 1 }),
    stored: isOptional ? z.optional(placeholder) : placeholder,
    erased: isOptional ? z.optional(erased) : erased,
    hasFreeKeys: false,
  }
}

/** Refinements of the open value can't be asked of the sealed one; the derived schemas keep sizes and drop the rest. */
function sizeChecks(def: z.core.$ZodArrayDef): z.core.$ZodCheck<unknown[]>[] {
  return (def.checks ?? []).filter((check) => check._zod.def.check !== 'custom') as unknown as z.core.$ZodCheck<
    unknown[]
  >[]
}

function ofObject(schema: Schema, def: z.core.$ZodObjectDef, path: string): SealingPlan {
  if ((def.catchall as z.core.$ZodTypes | undefined)?._zod.def.type !== 'never') {
    throw invalid(path, 'is no strict object; use z.strictObject, so that no unknown key is lost')
  }
  const plans = Object.entries(def.shape).map(([key, child]) => {
    if (key === SEALED) throw invalid(path, `uses the key "${SEALED}", which is reserved`)
    return [key, derive(child, `${path}.${key}`)] as const
  })
  const hasFreeKeys = plans.some(([, plan]) => plan.hasFreeKeys)
  const sealers = plans.flatMap(([key, { seal }]) => (seal === null ? [] : [[key, seal] as const]))
  if (sealers.length === 0) return plain(schema, hasFreeKeys)
  return {
    seal: (value, values) => {
      const copy = { ...(value as { [key: string]: Json }) }
      for (const [key, seal] of sealers) if (copy[key] !== undefined) copy[key] = seal(copy[key], values)
      return copy
    },
    stored: z.strictObject(Object.fromEntries(plans.map(([key, plan]) => [key, plan.stored]))),
    erased: z.strictObject(Object.fromEntries(plans.map(([key, plan]) => [key, plan.erased]))),
    hasFreeKeys,
  }
}

function ofArray(schema: Schema, def: z.core.$ZodArrayDef, path: string): SealingPlan {
  const { seal, stored, erased, hasFreeKeys } = derive(def.element, `${path}[]`)
  if (seal === null) return plain(schema, hasFreeKeys)
  return {
    seal: (value, values) => (value as Json[]).map((element) => seal(element, values)),
    stored: z.array(stored).check(...sizeChecks(def)),
    erased: z.array(erased).check(...sizeChecks(def)),
    hasFreeKeys,
  }
}

function ofRecord(schema: Schema, def: z.core.$ZodRecordDef, path: string): SealingPlan {
  const { seal, stored, erased } = derive(def.valueType, `${path}{}`)
  if (seal === null) return plain(schema, true)
  return {
    seal: (value, values) =>
      Object.fromEntries(
        Object.entries(value as { [key: string]: Json }).map(([key, one]) => [key, seal(one, values)]),
      ),
    stored: z.record(def.keyType, stored),
    erased: z.record(def.keyType, erased),
    hasFreeKeys: true,
  }
}

function ofUnion(schema: Schema, def: z.core.$ZodUnionDef, path: string): SealingPlan {
  const plans = def.options.map((option, index) => derive(option, `${path}|${index}`))
  const hasFreeKeys = plans.some((plan) => plan.hasFreeKeys)
  if (plans.every(({ seal }) => seal === null)) return plain(schema, hasFreeKeys)
  const { discriminator } = def as z.core.$ZodDiscriminatedUnionDef
  const choose = discriminator === undefined ? firstThatFits(def, plans) : byDiscriminator(def, discriminator, plans)
  return {
    seal: (value, values) => {
      const { seal } = choose(value)
      return seal === null ? value : seal(value, values)
    },
    stored: union(
      plans.map((plan) => plan.stored),
      discriminator,
    ),
    erased: union(
      plans.map((plan) => plan.erased),
      discriminator,
    ),
    hasFreeKeys,
  }
}

function union(options: Schema[], discriminator: string | undefined): Schema {
  if (discriminator === undefined) return z.union(options)
  return z.discriminatedUnion(discriminator, options as unknown as [z.core.$ZodTypeDiscriminable])
}

function firstThatFits(def: z.core.$ZodUnionDef, plans: SealingPlan[]): (value: Json) => SealingPlan {
  return (value) => plans[def.options.findIndex((option) => z.safeParse(option, value).success)]!
}

function byDiscriminator(def: z.core.$ZodUnionDef, key: string, plans: SealingPlan[]): (value: Json) => SealingPlan {
  const planOf = new Map<unknown, SealingPlan>()
  for (const [index, option] of def.options.entries()) {
    for (const value of option._zod.propValues?.[key] ?? []) planOf.set(value, plans[index]!)
  }
  return (value) => planOf.get((value as { [key: string]: Json })[key])!
}

function ofWrapper(
  schema: Schema,
  inner: SealingPlan,
  wrapStored: (inner: Schema) => Schema,
  wrapErased: (inner: Schema) => Schema,
): SealingPlan {
  const { seal } = inner
  if (seal === null) return plain(schema, inner.hasFreeKeys)
  return {
    seal: (value, values) => (value === null || value === undefined ? value : seal(value, values)),
    stored: wrapStored(inner.stored),
    erased: wrapErased(inner.erased),
    hasFreeKeys: inner.hasFreeKeys,
  }
}

/** Any event may carry a box: the first of a stream names the stream's key even where it has nothing to hide. */
function withBox(stored: Schema, path: string): Schema {
  const { def } = (stored as z.core.$ZodTypes)._zod
  if (def.type === 'object') return z.strictObject({ ...def.shape, [SEALED]: z.optional(box) })
  if (def.type === 'union') {
    const options = def.options.map((option) => withBox(option, path))
    return union(options, (def as z.core.$ZodDiscriminatedUnionDef).discriminator)
  }
  throw invalid(path, 'is no object; an event holds a strict object, or a union of them')
}

function invalid(path: string, what: string): EventStoreError {
  return new EventStoreError('CATALOG_INVALID', `The schema of ${path} ${what}.`)
}
