import { commitmentCommands, pageAddress } from '#domain'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NOW } from '../support/context.ts'
import {
  ADDRESS,
  broken,
  byPolicy,
  coordinator,
  coordinatorStaff,
  dependentLeader,
  dependentVerifier,
  given,
  leader,
  leaderStaff,
  made,
  madeInHistory,
  officer,
  officerStaff,
  otherOfficer,
  pageDigest,
  publicationReported,
  publicationVerified,
  published,
  settings,
  verifier,
  verifierStaff,
} from './support.ts'

const exemption = {
  ground: 'personal-privacy' as const,
  law: '中华人民共和国政府信息公开条例',
  clause: '第十五条',
  reason: '涉及住户病历',
  askerTold: { means: 'phone' as const, toldAt: NOW, statement: '已电话告知' },
  requestedBy: officerStaff,
}
const exempted = { type: 'PublicationExempted', data: { ...exemption, approver: leaderStaff } } as const

describe('reporting publication', () => {
  const command = { address: ADDRESS }

  test('the responsible department says where the public can see it', () => {
    given(made()).when('ReportPublication', command, officer()).thenEvents(publicationReported())
  })
  test('so may the coordinator, who publishes for others', () => {
    given(made()).when('ReportPublication', command, coordinator()).thenEvents(publicationReported(1, coordinatorStaff))
  })
  test('the same address again changes nothing', () => {
    given(made(), publicationReported()).when('ReportPublication', command, officer()).thenNothing()
    given(made(), ...published)
      .when('ReportPublication', command, officer())
      .thenNothing()
  })
  test('nothing more once it is verified or exempted', () => {
    const elsewhere = { address: 'https://www.example.gov.cn/other.html' }
    given(made(), ...published)
      .when('ReportPublication', elsewhere, officer())
      .thenRefused('PUBLICATION_ALREADY_DONE')
    given(made(), exempted).when('ReportPublication', command, officer()).thenRefused('PUBLICATION_ALREADY_DONE')
  })
  test('only whole web addresses are taken', () => {
    const { schema } = commitmentCommands.ReportPublication
    for (const address of [
      '',
      'www.example.gov.cn',
      'http:a',
      'ftp://a.cn/b',
      'javascript:alert(1)',
      'http://',
      'https://a b.cn',
    ]) {
      expect(schema.safeParse({ address }).success, address).toBe(false)
    }
    expect(schema.safeParse({ address: 'https://www.example.gov.cn/公开/1.html?编号=3' }).success).toBe(true)
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string()), (address) => {
        const parsed = schema.safeParse({ address })
        if (parsed.success) expect(pageAddress.safeParse(parsed.data.address).success).toBe(true)
      }),
    )
  })
  test('no other department reports it', () => {
    given(made()).when('ReportPublication', command, otherOfficer()).thenRefused('NOT_RESPONSIBLE_DEPARTMENT')
  })
  test('not on a broken promise', () => {
    given(made(), broken).when('ReportPublication', command, officer()).thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('verifying publication', () => {
  const command = { report: 1, pageDigest, wordsFound: ['完工'] }
  const onHosts = (...publicationHosts: string[]) => ({ ...verifier(), settings: { ...settings, publicationHosts } })

  test('somebody of another department has seen the page', () => {
    given(made(), publicationReported()).when('VerifyPublication', command, verifier()).thenEvents(publicationVerified)
  })
  test('a policy has seen the page: automatically, by nobody', () => {
    given(made(), publicationReported())
      .when('VerifyPublication', command, byPolicy())
      .thenEvents({ type: 'PublicationVerified', data: { ...publicationVerified.data, method: 'automatic', by: null } })
  })
  test('the same verification again changes nothing', () => {
    given(made(), ...published)
      .when('VerifyPublication', command, byPolicy())
      .thenNothing()
  })
  test('the responsible department does not verify its own page', () => {
    given(made(), publicationReported())
      .when('VerifyPublication', command, dependentVerifier())
      .thenRefused('VERIFIER_NOT_INDEPENDENT')
  })
  test('nor does the department that reported it', () => {
    given(made(), publicationReported(1, { person: 'somebody', department: 'inspection-office' }))
      .when('VerifyPublication', command, verifier())
      .thenRefused('VERIFIER_NOT_INDEPENDENT')
  })
  test('a page on one of the county’s hosts, or below one, is on the right site', () => {
    given(made(), publicationReported())
      .when('VerifyPublication', command, onHosts('www.example.gov.cn'))
      .thenEvents(publicationVerified)
    given(made(), publicationReported())
      .when('VerifyPublication', command, onHosts('example.gov.cn'))
      .thenEvents(publicationVerified)
  })
  test('a page elsewhere is not verified, however alike its name', () => {
    given(made(), publicationReported())
      .when('VerifyPublication', command, onHosts('county.gov.cn', 'ample.gov.cn'))
      .thenRefused('WRONG_SITE')
  })
  test('there must be a report', () => {
    given(made()).when('VerifyPublication', command, verifier()).thenRefused('NOTHING_REPORTED')
  })
  test('a report that was replaced meanwhile is not verified unseen', () => {
    given(made(), publicationReported(), publicationReported(2))
      .when('VerifyPublication', command, verifier())
      .thenRefused('REPORT_CHANGED')
  })
  test('imported history is never checked automatically', () => {
    given(madeInHistory, publicationReported())
      .when('VerifyPublication', command, byPolicy())
      .thenRefused('NOT_FOR_HISTORY')
  })
  test('not on a broken promise', () => {
    given(made(), publicationReported(), broken)
      .when('VerifyPublication', command, verifier())
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('rejecting publication', () => {
  const command = { report: 1, fault: 'unreachable' as const, note: null }
  const rejected = { type: 'PublicationRejected', data: { ...command, by: verifierStaff } } as const

  test('opens the track again', () => {
    given(made(), publicationReported()).when('RejectPublication', command, verifier()).thenEvents(rejected)
    given(made(), publicationReported(), rejected)
      .when('ReportPublication', { address: ADDRESS }, officer())
      .thenEvents(publicationReported(2))
  })
  test('the same rejection again changes nothing', () => {
    given(made(), publicationReported(), rejected).when('RejectPublication', command, verifier()).thenNothing()
  })
  test('the responsible department does not judge its own page', () => {
    given(made(), publicationReported())
      .when('RejectPublication', command, dependentVerifier())
      .thenRefused('VERIFIER_NOT_INDEPENDENT')
  })
  test('there must be a report', () => {
    given(made()).when('RejectPublication', command, verifier()).thenRefused('NOTHING_REPORTED')
  })
  test('a report that was replaced meanwhile is not rejected unseen', () => {
    given(made(), publicationReported(), publicationReported(2))
      .when('RejectPublication', command, verifier())
      .thenRefused('REPORT_CHANGED')
  })
  test('imported history is never checked automatically', () => {
    given(madeInHistory, publicationReported())
      .when('RejectPublication', command, byPolicy())
      .thenRefused('NOT_FOR_HISTORY')
  })
  test('not on a broken promise', () => {
    given(made(), publicationReported(), broken)
      .when('RejectPublication', command, verifier())
      .thenRefused('COMMITMENT_NOT_OPEN')
  })
})

describe('exempting from publication', () => {
  test('keeps the ground in law, the approver and how the asker was told', () => {
    given(made()).when('ExemptPublication', exemption, leader()).thenEvents(exempted)
  })
  test('the same exemption again changes nothing', () => {
    given(made(), exempted).when('ExemptPublication', exemption, leader()).thenNothing()
  })
  test('the responsible department does not approve it', () => {
    given(made()).when('ExemptPublication', exemption, dependentLeader()).thenRefused('APPROVER_NOT_INDEPENDENT')
  })
  test('who asked for it does not approve it', () => {
    const own = { ...exemption, requestedBy: leaderStaff }
    given(made()).when('ExemptPublication', own, leader()).thenRefused('APPROVER_IS_REQUESTER')
  })
  test('the asker must have been told already', () => {
    const later = { ...exemption, askerTold: { ...exemption.askerTold, toldAt: '2026-03-03T06:00:00.000Z' } }
    given(made()).when('ExemptPublication', later, leader()).thenRefused('DATE_IN_FUTURE')
  })
  test('what is public already is not exempted', () => {
    given(made(), ...published)
      .when('ExemptPublication', exemption, leader())
      .thenRefused('PUBLICATION_ALREADY_DONE')
  })
  test('not on a broken promise', () => {
    given(made(), broken).when('ExemptPublication', exemption, leader()).thenRefused('COMMITMENT_NOT_OPEN')
  })
})
