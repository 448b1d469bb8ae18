import { itemCommands } from '#domain'
import { describe, expect, test } from 'vitest'
import {
  attached,
  byPolicy,
  coordinator,
  erased,
  given,
  quarantined,
  received,
  revised,
  secrecyReviewer,
  stateAfter,
} from './support.ts'

describe('erasing an item', () => {
  const command = { ground: 'asked-by-author' as const, basis: '个人信息保护法第四十七条' }

  test('keeps the ground and the approver', () => {
    given(received()).when('EraseItem', command, coordinator()).thenEvents(erased)
  })
  test('happens once', () => {
    given(received(), erased).when('EraseItem', command, coordinator()).thenNothing()
  })
  test('a quarantined item has nothing left to erase', () => {
    given(received(), quarantined).when('EraseItem', command, coordinator()).thenRefused('ITEM_QUARANTINED')
  })
  test('what was never received is not erased', () => {
    given().when('EraseItem', command, coordinator()).thenRefused('NOT_FOUND')
  })
  test('never by a policy', () => {
    const decision = itemCommands.EraseItem.decide(command, stateAfter([received()]), byPolicy())
    expect(decision).toMatchObject({ outcome: 'refused', code: 'ROLE_NOT_ALLOWED' })
  })
})

describe('quarantining an item', () => {
  const command = { receipt: '保密收字3号' }

  test('keeps digest, time and receipt', () => {
    given(received(), attached).when('QuarantineItem', command, secrecyReviewer()).thenEvents(quarantined)
  })
  test('happens once', () => {
    given(received(), quarantined).when('QuarantineItem', command, secrecyReviewer()).thenNothing()
  })
  test('an erased item has nothing left to quarantine', () => {
    given(received(), erased).when('QuarantineItem', command, secrecyReviewer()).thenRefused('ITEM_ERASED')
  })
  test('what was never received is not quarantined', () => {
    given().when('QuarantineItem', command, secrecyReviewer()).thenRefused('NOT_FOUND')
  })
  test('never by a policy', () => {
    const decision = itemCommands.QuarantineItem.decide(command, stateAfter([received()]), byPolicy())
    expect(decision).toMatchObject({ outcome: 'refused', code: 'ROLE_NOT_ALLOWED' })
  })
  test('nothing that follows in the stream brings it back', () => {
    const state = stateAfter([received(), quarantined, revised(2, {}, { title: '再次' })])
    expect(state).toEqual({ status: 'quarantined' })
  })
})
