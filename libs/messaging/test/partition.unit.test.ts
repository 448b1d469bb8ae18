import kafkajs from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { partitionOf } from '#messaging'
import { murmur2 } from '../src/partition.ts'

describe('the partition of a key', () => {
  // From Kafka's own UtilsTest.
  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('is told by the hash that Java has: %s', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash)
  })

  test('is the one that the client library would choose, for any key', () => {
    const choose = kafkajs.Partitioners.DefaultPartitioner()
    for (let index = 0; index < 2_000; index += 1) {
      const key = `case-${index}${'乡道'.repeat(index % 5)}${'x'.repeat(index % 4)}`
      const partitions = 1 + (index % 13)
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
        partitionErrorCode: 0,
        partitionId,
        leader: 1,
        replicas: [1],
        isr: [1],
      }))
      const message = { key: Buffer.from(key), value: null }
      expect(partitionOf(key, partitions)).toBe(choose({ topic: 'topic', partitionMetadata, message }))
    }
  })
})
