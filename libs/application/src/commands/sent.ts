import { caseCommands, commitmentCommands, itemCommands } from '#domain'
import { z } from 'zod'
import type { CommandRow } from './aggregate.ts'

/** What is sent instead of what is decided on, where the two differ: the rest is found or made here (`completions.ts`). */
export const sent = {
  JoinCase: caseCommands.JoinCase.schema.omit({ lead: true }).extend({ lead: z.uuid() }),
  OpenOpinionCase: caseCommands.OpenOpinionCase.schema.omit({ caseId: true, number: true }),
  SupersedeCommitment: commitmentCommands.SupersedeCommitment.schema
    .omit({ successor: true })
    .extend({ successor: z.uuid() }),
  RegisterItem: itemCommands.RegisterItem.schema.omit({ externalId: true, kind: true }),
}

/** What the sender of a command gives. */
export function sentSchemaOf({ name, schema }: Pick<CommandRow, 'name' | 'schema'>): z.ZodType {
  return name in sent ? sent[name as keyof typeof sent] : schema
}
