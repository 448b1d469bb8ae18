import { expect, test } from 'vitest'
import { withoutCredentials } from '../src/migrate.ts'

test.each([
  ['kurrentdb://admin:changeit@one:2113,two:2113?tls=true', 'kurrentdb://one:2113,two:2113?tls=true'],
  ['kurrentdb+discover://admin:p%40ss@cluster', 'kurrentdb+discover://cluster'],
  ['kurrentdb://admin:a@b@host:2113', 'kurrentdb://host:2113'],
  ['s3://bucket/prefix?endpoint=http://host:9000', 's3://bucket/prefix?endpoint=http://host:9000'],
  ['sqlite:./data/events.db', 'sqlite:./data/events.db'],
])('%s is written down as %s', (address, shown) => {
  expect(withoutCredentials(address)).toBe(shown)
})
