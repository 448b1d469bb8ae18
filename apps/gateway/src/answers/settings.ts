import { approvalPolicy, channel, department, feed, limits, onTheSpotRule, reminders } from '#domain'
import { z } from 'zod'

/** The settings in force. */
export const settingsAnswer = z
  .strictObject({
    departments: z.array(department),
    channels: z.array(channel),
    approvalPolicies: z.array(approvalPolicy),
    limits,
    reminders,
    feeds: z.array(feed),
    onTheSpot: onTheSpotRule,
    publicationHosts: z.array(z.string()),
  })
  .meta({ id: 'Settings' })
