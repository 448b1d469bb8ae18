import { aliveAnswer, readyAnswer } from '../answers/health.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'

/** For whoever watches the process. Nothing here is about anybody. */
export const healthRoutes: readonly Route[] = [
  route({
    name: 'Alive',
    method: 'GET',
    path: '/healthz',
    tag: 'health',
    summary: 'Whether the process answers',
    access: 'public',
    answers: [{ status: 200, description: 'It does.', schema: aliveAnswer }],
    handle: () => Promise.resolve({ json: { alive: true } }),
  }),
  route({
    name: 'Ready',
    method: 'GET',
    path: '/readyz',
    tag: 'health',
    summary: 'Whether it should be asked anything, and if not, why',
    access: 'public',
    answers: [
      { status: 200, description: 'Read models are within their bounds and policies work.', schema: readyAnswer },
      { status: 503, description: 'Not at the moment.', schema: readyAnswer },
    ],
    handle: async (_call, { served }) => {
      const { hindrances, behindSeconds } = await served.vitals()
      const ready = hindrances.length === 0
      return { status: ready ? 200 : 503, json: { ready, hindrances, behindSeconds } }
    },
  }),
  route({
    name: 'Metrics',
    method: 'GET',
    path: '/metrics',
    tag: 'health',
    summary: 'Measurements for Prometheus',
    access: 'public',
    answers: [{ status: 200, description: 'Prometheus’s text format.', mediaType: 'text/plain' }],
    handle: async (_call, { metrics }) => ({ mediaType: metrics.mediaType, content: await metrics.text() }),
  }),
]
