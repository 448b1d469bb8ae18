#!/usr/bin/env node
import 'reflect-metadata'
import { program } from './program.ts'

await program().parseAsync()
