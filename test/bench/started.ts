import 'reflect-metadata'
import { once } from 'node:events'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'

/** What the benchmark of the start starts: opens a folder, says so, and ends when nobody listens any more. */
const county = await openEmbedded({ folder: process.argv[2]! })
process.stdout.write('ready\n')
process.stdin.resume()
await once(process.stdin, 'end')
await county.close()
