import { approvalPolicy, channel, channelKey, department, feed, limits, onTheSpotRule, reminders } from '#domain'
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
    channelKeys: z.array(channelKey.extend({ revoked: z.boolean() })).describe('By what they are known; no secret.'),
    onTheSpot: onTheSpotRule,
    publicationHosts: z.array(z.string()),
  })
  .meta({ id: 'Settings' })
