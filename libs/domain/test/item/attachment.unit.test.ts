import { describe, test } from 'vitest'
import {
  attached,
  byPolicy,
  caseId,
  detached,
  erased,
  given,
  monitor,
  otherCase,
  quarantined,
  received,
  revised,
} from './support.ts'

const changes = { title: '城东路全线坑洼' }

describe('attaching an item to an opinion case', () => {
  const command = { caseId, contentRevision: 1, reason: '同一路段' }

  test('records which content was judged', () => {
    given(received()).when('AttachItem', command, monitor()).thenEvents(attached)
  })
  test('attached already, it stays so', () => {
    given(received(), attached).when('AttachItem', command, monitor()).thenNothing()
    given(received(), attached, revised(2, {}, changes))
      .when('AttachItem', command, monitor())
      .thenNothing()
  })
  test('it belongs to one case at a time', () => {
    given(received(), attached)
      .when('AttachItem', { ...command, caseId: otherCase }, monitor())
      .thenRefused('ITEM_ATTACHED_ELSEWHERE')
  })
  test('detached, it can be attached elsewhere', () => {
    given(received(), attached, detached)
      .when('AttachItem', { ...command, caseId: otherCase }, byPolicy())
      .thenEvents({ ...attached, data: { ...attached.data, caseId: otherCase } })
  })
  test('what changed after it was judged is not attached unread', () => {
    given(received(), revised(2, {}, changes))
      .when('AttachItem', command, monitor())
      .thenRefused('ITEM_CHANGED_SINCE')
  })
  test('a message has a case of its own', () => {
    given(received({ kind: 'message' }))
      .when('AttachItem', command, monitor())
      .thenRefused('MESSAGE_NEEDS_NO_CASE')
  })
  test('not what was never received, was erased or quarantined', () => {
    given().when('AttachItem', command, monitor()).thenRefused('NOT_FOUND')
    given(received(), erased).when('AttachItem', command, monitor()).thenRefused('ITEM_ERASED')
    given(received(), quarantined).when('AttachItem', command, monitor()).thenRefused('ITEM_QUARANTINED')
  })
})

describe('detaching an item from its case', () => {
  const command = { caseId, contentRevision: 1, reason: '另一路段' }

  test('puts it back into the inbox, with the reason', () => {
    given(received(), attached).when('DetachItem', command, monitor()).thenEvents(detached)
  })
  test('detached already, it stays so', () => {
    given(received(), attached, detached).when('DetachItem', command, monitor()).thenNothing()
  })
  test('only from the case that it is attached to', () => {
    given(received()).when('DetachItem', command, monitor()).thenRefused('ITEM_NOT_ATTACHED')
    given(received(), attached)
      .when('DetachItem', { ...command, caseId: otherCase }, monitor())
      .thenRefused('ITEM_NOT_ATTACHED')
  })
  test('what changed after it was judged is not detached unread', () => {
    given(received(), attached, revised(2, {}, changes))
      .when('DetachItem', command, monitor())
      .thenRefused('ITEM_CHANGED_SINCE')
  })
  test('not what was never received, was erased or quarantined', () => {
    given().when('DetachItem', command, monitor()).thenRefused('NOT_FOUND')
    given(received(), attached, erased).when('DetachItem', command, monitor()).thenRefused('ITEM_ERASED')
    given(received(), attached, quarantined).when('DetachItem', command, monitor()).thenRefused('ITEM_QUARANTINED')
  })
})
