/** The stand-in as a process of its own: `node --conditions=source test/stand-ins/kurrentdb/main.ts --port N`. */
import { parseArgs } from 'node:util'
import { startKurrentDbStandIn } from './stand-in.ts'

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
const standIn = await startKurrentDbStandIn({ port: Number(values.port) })
console.log(standIn.url)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void standIn.stop())
