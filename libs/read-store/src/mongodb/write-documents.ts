import type { AnyBulkWriteOperation } from 'mongodb'
import { ReadStoreError } from '../errors.ts'
import { isDuplicate, type Connection } from './connection.ts'
import type { Stored, StoredFields } from './documents.ts'

type Row = readonly [id: string, fields: StoredFields]

/** Ids whose positions are looked up at once. */
const LOOKED_UP_MAX = 5_000
const COMMAND_DOCUMENTS_MAX = 1_000
/** Far below the 48 MB of a message; a document of four million characters is at most 12 MiB. */
const COMMAND_BYTES_MAX = 16 * 1024 * 1024
/** Of what a document is beside its body. */
const FIELDS_BYTES = 4 * 1024
/** Another writer can only be one that has lost its lease; it does not stay long. */
const ROUNDS_MAX = 20

/**
 * Writes documents that are newer than what is stored, each id once. No error is expected in a bulk: what is stored is
 * looked up before, and who was overtaken in between looks again.
 */
export async function writeDocuments(connection: Connection, collection: string, rows: readonly Row[]): Promise<void> {
  for (let start = 0; start < rows.length; start += LOOKED_UP_MAX) {
    await writePart(connection, collection, rows.slice(start, start + LOOKED_UP_MAX))
  }
}

async function writePart(connection: Connection, collection: string, part: readonly Row[]): Promise<void> {
  let waiting = part
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const known = await positionsOf(
      connection,
      collection,
      waiting.map(([id]) => id),
    )
    const newer = waiting.filter(([id, { position }]) => {
      const before = known.get(id)
      return before === undefined || before < position
    })
    let isWritten = true
    for (const command of commandsOf(newer)) {
      const inserts = command.filter(([id]) => !known.has(id)).map(([id, fields]): Stored => ({ _id: id, ...fields }))
      const updates = command.flatMap(([id, fields]) => {
        const before = known.get(id)
        return before === undefined ? [] : [updateOf(id, before, fields)]
      })
      const isInserted = await insert(connection, collection, inserts)
      const isUpdated = await update(connection, collection, updates)
      isWritten &&= isInserted && isUpdated
    }
    if (isWritten) return
    waiting = newer
  }
  throw new ReadStoreError('BUSY', `Others write ${collection} at the same time: try again`)
}

async function positionsOf(
  connection: Connection,
  collection: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const found = await connection.run((database) =>
    database
      .collection<Stored>(collection)
      .find({ _id: { $in: [...ids] } }, { projection: { position: 1 } })
      .toArray(),
  )
  return new Map(found.map(({ _id, position }) => [_id, position]))
}

/** Says `updateMany` of one document: FerretDB holds a connection for each `updateOne` of a command until its end, and stands still where there are fifty. */
function updateOf(id: string, before: string, fields: StoredFields): AnyBulkWriteOperation<Stored> {
  return { updateMany: { filter: { _id: id, position: before }, update: { $set: fields } } }
}

/** False where some were there by now. */
async function insert(connection: Connection, collection: string, rows: readonly Stored[]): Promise<boolean> {
  if (rows.length === 0) return true
  try {
    await connection.run((database) => database.collection<Stored>(collection).insertMany(rows, { ordered: false }))
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** False where some were not as they had been. */
async function update(
  connection: Connection,
  collection: string,
  updates: AnyBulkWriteOperation<Stored>[],
): Promise<boolean> {
  if (updates.length === 0) return true
  const { matchedCount } = await connection.run((database) =>
    database.collection<Stored>(collection).bulkWrite(updates, { ordered: false }),
  )
  return matchedCount === updates.length
}

function* commandsOf(rows: readonly Row[]): Generator<Row[]> {
  let [command, bytes]: [Row[], number] = [[], 0]
  for (const row of rows) {
    const size = FIELDS_BYTES + Buffer.byteLength(row[1].body ?? '')
    if (command.length > 0 && (command.length === COMMAND_DOCUMENTS_MAX || bytes + size > COMMAND_BYTES_MAX)) {
      yield command
      ;[command, bytes] = [[], 0]
    }
    command.push(row)
    bytes += size
  }
  if (command.length > 0) yield command
}
