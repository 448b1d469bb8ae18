import { topicsIn } from '#processes'
import { expect, test } from 'vitest'

test('two counties on one broker share neither topics nor the group of their ingesters', () => {
  const namesOf = (prefix: string) => {
    const { inbound, deadLetters, events, ingesters } = topicsIn({ HUIYING_TOPIC_PREFIX: prefix })
    return [inbound.name, deadLetters.name, events.name, ingesters]
  }
  const [one, other] = [namesOf('qingshan'), namesOf('baihe')]
  expect(new Set([...one, ...other]).size).toBe(one.length + other.length)
})
