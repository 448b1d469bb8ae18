import { Readable } from 'node:stream'
import { storedFile } from '#domain'
import { z } from 'zod'
import { askerOf } from '../identity/authenticator.ts'
import { capitalised } from './commands.ts'
import { readers } from './query-table.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'

/** Whose files there are, and what their streams are called. */
const owners = { items: 'item', cases: 'case', commitments: 'commitment' } as const

const fileNames = z.string().min(1).max(300).describe('As its sender calls it; what it is is told by its bytes.')

/** Attachments, evidence and recordings: stored first, then named by a command. */
export const fileRoutes: readonly Route[] = Object.entries(owners).flatMap(([tag, owner]) => [
  route({
    name: `Store${capitalised(owner)}File`,
    method: 'POST',
    path: `/api/${tag}/{id}/files`,
    tag,
    summary: 'Store a file, so that a command can name it 上传附件',
    description:
      'The body is the file itself; the answer is what a command names it by. What no command names is removed after two weeks.',
    access: [...readers, 'channel'],
    parameters: { path: z.strictObject({ id: z.uuid() }), query: z.strictObject({ fileName: fileNames }) },
    headers: ['Huiying-Token'],
    body: { kind: 'stream', mediaTypes: ['application/octet-stream'], limit: 'uploadBytesMax' },
    timeLimit: 'uploadMsMax',
    answers: [{ status: 201, description: 'What a command names it by.', schema: storedFile }],
    errors: [
      'NOT_FOUND',
      'ITEM_ERASED',
      'ITEM_QUARANTINED',
      'FILE_HAS_NO_CONTENT',
      'FILE_TOO_LARGE',
      'FILE_TYPE_NOT_ALLOWED',
      'FILES_TOO_MANY',
      'VIEW_NOT_READY',
    ],
    handle: async ({ parameters: { id, fileName }, body, identity, token }, { served }) => {
      const content = body as unknown as Readable
      const asker = askerOf(identity!)
      return { status: 201, json: await served.files.storeFile(`${owner}-${id}`, fileName, content, { asker, token }) }
    },
  }),
  route({
    name: `Open${capitalised(owner)}File`,
    method: 'GET',
    path: `/api/${tag}/{id}/files/{blobId}`,
    tag,
    summary: 'A file that an event names, to be saved 下载附件',
    access: readers,
    parameters: { path: z.strictObject({ id: z.uuid(), blobId: z.uuid() }) },
    headers: ['Huiying-Token'],
    answers: [
      {
        status: 200,
        description: 'Its bytes, never to be shown in the page that asks for them.',
        mediaType: 'application/octet-stream',
        headers: { 'Content-Disposition': 'Its name.' },
      },
    ],
    errors: ['NOT_FOUND', 'FILE_DAMAGED', 'VIEW_NOT_READY'],
    timeLimit: 'uploadMsMax',
    handle: async ({ parameters: { id, blobId }, identity, token }, { served }) => {
      const { headers, content } = await served.files.openFile(askerOf(identity!), `${owner}-${id}`, blobId, { token })
      const { 'content-type': mediaType, ...others } = headers
      return { headers: others, mediaType: mediaType!, content: Readable.from(content, { objectMode: false }) }
    },
  }),
])
