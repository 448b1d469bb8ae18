import { z } from 'zod'
import { actor } from '#domain'
import { readGiven, Refusal } from './session.ts'

/** At most a megabyte: a request is smaller. */
const INPUT_BYTES_MAX = 1024 * 1024
const ACTOR_SHAPE = '应为 { "person": "…", "department": "…", "role": "…" }'

/** Who gives a command, under which name of its own, and when what it tells of happened. */
export const givenBy = {
  actor,
  idempotencyKey: z.string().min(1).max(200).nullable().default(null),
  occurredAt: z.string().nullable().default(null),
}

/** The request in a file, or `-` for standard input. Throws `INVALID_COMMAND` with every place that is wrong. */
export async function readRequest<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema>> {
  const text = file === '-' ? await standardInput() : await readGiven(file)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Refusal(
      'INVALID_COMMAND',
      `请求不是合法的 JSON：${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const places = result.error.issues.map(
    ({ path, message, code }) =>
      `${path.map(String).join('.') || 'request'}: ${code === 'invalid_union' ? ACTOR_SHAPE : message}`,
  )
  throw new Refusal('INVALID_COMMAND', places.join('; '))
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > INPUT_BYTES_MAX) throw new Refusal('INVALID_COMMAND', '请求超过 1 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
