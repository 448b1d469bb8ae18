import { describe, expect, test } from 'vitest'
import { checkNormPack, normLayer } from '../src/index.ts'
import type { Norm } from '../src/index.ts'
import { defaultNorms, defaultPackContent, norm } from './fixtures.ts'

function check(norms: readonly unknown[], inForce: readonly Norm[] = []) {
  const result = checkNormPack({ id: 'county', version: 1, title: '县时限规则', norms }, inForce)
  return result.outcome === 'accepted' ? [] : result.problems.map(({ code, place }) => [code, place])
}

describe('a pack of norms', () => {
  test('as shipped is sound, and taking it again changes nothing', () => {
    expect(checkNormPack(defaultPackContent)).toMatchObject({ outcome: 'accepted' })
    expect(checkNormPack(defaultPackContent, defaultNorms)).toMatchObject({ outcome: 'accepted' })
  })

  test('as shipped names a document for every norm and quotes those of governments', () => {
    for (const { id, layer, source } of defaultNorms) {
      expect(source.document, id).not.toBe('')
      if (layer !== 'system-default') expect(source.quotation, id).toMatch(/\d+(个工作日|小时)/)
    }
  })

  test('says where it is not as it must be', () => {
    expect(check([{ ...norm(), deadline: 5 }])).toEqual([['KEY_UNKNOWN', 'norms[0]']])
    expect(check([{ ...norm(), appliesTo: { chanels: ['phone'] } }])).toEqual([['KEY_UNKNOWN', 'norms[0].appliesTo']])
    expect(check([norm(), { ...norm(), within: { amount: 0, unit: 'working-days' } }])).toEqual([
      ['SHAPE_INVALID', 'norms[1].within.amount'],
    ])
    expect(check([norm({ validFrom: '2026-02-30' })])).toEqual([['SHAPE_INVALID', 'norms[0].validFrom']])
    expect(checkNormPack('norms')).toMatchObject({ outcome: 'refused' })
    expect(checkNormPack(null)).toMatchObject({ outcome: 'refused' })
  })

  test('holds each version of a norm once', () => {
    expect(check([norm(), norm()])).toEqual([['NORM_TWICE', 'norms[1].id']])
    expect(check([norm(), norm({ version: 2, validFrom: '2026-01-01' })])).toEqual([])
  })

  test('has no norm that ends before it begins', () => {
    expect(check([norm({ validFrom: '2026-01-02', validTo: '2026-01-01' })])).toEqual([
      ['VALIDITY_REVERSED', 'norms[0].validTo'],
    ])
    expect(check([norm({ validFrom: '2026-01-01', validTo: '2026-01-01' })])).toEqual([])
  })

  test('has no extension that extends nothing', () => {
    const extension = { until: { amount: 5, unit: 'working-days' as const }, times: 1, approver: 'coordinator' }
    expect(check([norm({ extension })])).toEqual([['EXTENSION_NOT_LONGER', 'norms[0].extension.until']])
  })

  test('changes a norm only under a new version', () => {
    const looser = norm({ within: { amount: 9, unit: 'working-days' } })
    expect(check([looser], [norm()])).toEqual([['NORM_VERSION_TAKEN', 'norms[0].version']])
    expect(check([looser], [norm({ version: 3 })])).toEqual([['NORM_VERSION_TAKEN', 'norms[0].version']])
    expect(check([{ ...looser, version: 2 }], [norm()])).toEqual([])
  })
})

describe.each(normLayer.options)('a norm of the layer %s', (layer) => {
  const isProtected = layer === 'statute' || layer === 'state-council'
  const extension = { until: { amount: 15, unit: 'working-days' as const }, times: 1, approver: 'coordinator' }
  const held = norm({ id: 'held', layer, appliesTo: { channels: ['phone', 'window'] }, extension })

  function revised(fields: Partial<Norm>, ...others: Norm[]) {
    return check([{ ...held, version: 2, ...fields }, ...others], [held])
  }

  test.each([
    ['within', { within: { amount: 6, unit: 'working-days' } }],
    ['within', { within: { amount: 5, unit: 'calendar-days' }, extension: null }],
    ['extension', { extension: { ...extension, until: { amount: 16, unit: 'working-days' } } }],
    ['extension', { extension: { ...extension, times: 2 } }],
    ['appliesTo', { appliesTo: { channels: ['phone'] } }],
    ['appliesTo', { appliesTo: { channels: ['phone', 'window'], types: ['consultation'] } }],
    ['appliesTo', { appliesTo: { channels: ['phone', 'window'], simple: true } }],
    ['startsAt', { startsAt: 'signed-for' }],
    ['purpose', { purpose: 'acknowledge' }],
    ['validTo', { validTo: '2026-12-31' }],
  ] satisfies [string, Partial<Norm>][])(`may ${isProtected ? 'not ' : ''}be loosened in %s: %j`, (field, fields) => {
    expect(revised(fields)).toEqual(isProtected ? [['NORM_LOOSENED', `norms[0].${field}`]] : [])
  })

  test('may be made stricter', () => {
    expect(revised({ within: { amount: 3, unit: 'working-days' } })).toEqual([])
    expect(revised({ extension: null })).toEqual([])
    expect(revised({ appliesTo: {} })).toEqual([])
    expect(revised({ endsAt: 'close-of-business' })).toEqual([])
  })

  test('may end where one of its layer follows on', () => {
    const successor = norm({ id: 'successor', layer, validFrom: '2027-01-01' })
    expect(revised({ validTo: '2026-12-31' }, successor)).toEqual([])
    const late = { ...successor, validFrom: '2027-01-02' }
    expect(revised({ validTo: '2026-12-31' }, late)).toEqual(isProtected ? [['NORM_LOOSENED', 'norms[0].validTo']] : [])
  })
})

describe('a norm of the State Council’s', () => {
  const held = norm({ layer: 'state-council', endsAt: 'close-of-business' })

  test('cannot be passed off as a county’s', () => {
    expect(check([{ ...held, version: 2, layer: 'county' }], [held])).toEqual([['NORM_LOOSENED', 'norms[0].layer']])
  })

  test('cannot be given until midnight, nor an extension', () => {
    expect(check([{ ...held, version: 2, endsAt: 'midnight' }], [held])).toEqual([['NORM_LOOSENED', 'norms[0].endsAt']])
    const extension = { until: { amount: 15, unit: 'working-days' as const }, times: 1, approver: 'coordinator' }
    expect(check([{ ...held, version: 2, extension }], [held])).toEqual([['NORM_LOOSENED', 'norms[0].extension']])
  })

  test('cannot be loosened by two versions in one pack', () => {
    const strict = { ...held, version: 2, within: { amount: 3, unit: 'working-days' as const } }
    expect(check([strict, { ...held, version: 3, within: { amount: 9, unit: 'working-days' } }], [held])).toEqual([
      ['NORM_LOOSENED', 'norms[1].within'],
    ])
  })
})
