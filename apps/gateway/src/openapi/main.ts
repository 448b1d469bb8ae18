#!/usr/bin/env node
import 'reflect-metadata'
import { mkdir, writeFile } from 'node:fs/promises'
import { documents } from './documents.ts'

/** `npm run openapi`: writes what docs/api holds. A test fails where it differs. */
await mkdir('docs/api', { recursive: true })
for (const [path, text] of Object.entries(documents())) {
  await writeFile(path, text)
  process.stdout.write(`${path}\n`)
}
