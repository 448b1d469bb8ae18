import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { configurationIn } from '../src/configuration.ts'

test('says nothing, and everything has its usual value', () => {
  const usual = { folder: resolve('data'), host: '127.0.0.1', port: 3000, hostNames: [] }
  expect(configurationIn({})).toEqual(usual)
  expect(
    configurationIn({ HUIYING_DATA: '', HUIYING_HOST: '', HUIYING_PORT: '', HUIYING_HOST_NAMES: '', PATH: '/bin' }),
  ).toEqual(usual)
})

test('says where the stores are, where to listen and under which names', () => {
  const given = {
    HUIYING_DATA: '/var/lib/huiying',
    HUIYING_HOST: '::1',
    HUIYING_PORT: '8080',
    HUIYING_HOST_NAMES: 'huiying.county.example, 10.1.2.3 ,[fd00::1]',
  }
  expect(configurationIn(given)).toEqual({
    folder: '/var/lib/huiying',
    host: '::1',
    port: 8080,
    hostNames: ['huiying.county.example', '10.1.2.3', '[fd00::1]'],
  })
})

test('names everything that cannot be', () => {
  const given = { HUIYING_PORT: '-1', HUIYING_HOST: 'http://a', HUIYING_HOST_NAMES: 'a.example:80' }
  expect(() => configurationIn(given)).toThrow(/HUIYING_HOST: .*\nHUIYING_PORT: .*\nHUIYING_HOST_NAMES: /)
})
