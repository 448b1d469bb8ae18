#!/usr/bin/env node
import 'reflect-metadata'
import { mkdir, writeFile } from 'node:fs/promises'
import { integrationDocuments } from '#application'

/** `npm run integration-events`: writes what docs/integration-events holds. A test fails where it differs. */
await mkdir('docs/integration-events', { recursive: true })
for (const [path, text] of Object.entries(integrationDocuments())) {
  await writeFile(path, text)
  process.stdout.write(`${path}\n`)
}
