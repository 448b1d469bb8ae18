#!/usr/bin/env node
import 'reflect-metadata'
import { program } from './program.ts'

// Who reads no further, as `| head` does, ends neither the work nor its exit code.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

await program().parseAsync()
