import { approvalPolicy, channel, department, limits } from '#domain'
import { z } from 'zod'

/** The settings in force. */
export const settingsAnswer = z
  .strictObject({
    departments: z.array(department),
    channels: z.array(channel),
    approvalPolicies: z.array(approvalPolicy),
    limits,
    publicationHosts: z.array(z.string()),
  })
  .meta({ id: 'Settings' })
