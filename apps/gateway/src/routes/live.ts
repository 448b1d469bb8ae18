import { readers } from './query-table.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'

/** What changed, as it changes. */
export const liveRoutes: readonly Route[] = [
  route({
    name: 'FollowChanges',
    method: 'GET',
    path: '/api/live',
    tag: 'live',
    summary: 'What changes, as it changes 实时更新',
    description: `Server-sent events: one \`change\` for each thing that the reader may see, with
\`{ kind, id, number, type, revision }\`: \`kind\` is case, item, commitment or import, \`number\` the case's 受理编号 as far as
the reader may see that case, \`type\` the event's. What changed is asked for elsewhere. The ids are places in the store's
order; with \`Last-Event-ID\` a client resumes after any break without gap or repeat, and sees what it may see now. Connect
first and read lists then: what happens in between is told.`,
    access: [...readers, 'operator'],
    headers: ['Last-Event-ID'],
    answers: [{ status: 200, description: 'Until either side ends it.', mediaType: 'text/event-stream' }],
    errors: ['CURSOR_INVALID', 'LIVE_CLIENTS_FULL'],
    handle: (call, { clients }) => clients.follow(call),
  }),
]
