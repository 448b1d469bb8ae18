import { dateOf, dayNumberOf } from './day.ts'
import { norm as normSchema, normLayer, normPack } from './norm.ts'
import type { Duration, Norm, NormLayer, NormPack } from './norm.ts'
import { PROBLEMS_MAX, problemsFrom } from './problems.ts'
import type { Problem } from './problems.ts'

export type NormPackResult = { outcome: 'accepted'; pack: NormPack } | { outcome: 'refused'; problems: Problem[] }

/** Whose norms no setting loosens (DOMAIN §8). */
const PROTECTED_LAYERS: readonly NormLayer[] = ['statute', 'state-council']

/**
 * Checks a pack's parsed content against its shape, within itself, and against the norms in force (every version that was
 * ever taken), which it adds to or revises by id. Versions are kept beside each other: a deadline names the one that it was
 * set by. A statute's or the State Council's norm may be made stricter, never looser; it ends only where another of at
 * least its layer follows on.
 */
export function checkNormPack(content: unknown, inForce: readonly Norm[] = []): NormPackResult {
  const parsed = normPack.safeParse(content)
  if (!parsed.success) return { outcome: 'refused', problems: problemsFrom(parsed.error) }
  const { norms } = parsed.data
  const all = [...inForce, ...norms]
  const problems = norms.flatMap((norm, index) => {
    const place = `norms[${index}]`
    return [
      ...checkAlone(norm, place),
      ...checkVersion(norm, norms.slice(0, index), inForce, place),
      ...checkNotLooser(norm, all, place),
    ]
  })
  return problems.length > 0
    ? { outcome: 'refused', problems: problems.slice(0, PROBLEMS_MAX) }
    : { outcome: 'accepted', pack: parsed.data }
}

function checkAlone(norm: Norm, place: string): Problem[] {
  const problems: Problem[] = []
  if (norm.validTo !== null && norm.validFrom > norm.validTo) {
    const message = `${norm.id} ends (${norm.validTo}) before it begins (${norm.validFrom}). Correct one of the days.`
    problems.push({ code: 'VALIDITY_REVERSED', place: `${place}.validTo`, message })
  }
  if (norm.extension !== null && !isLonger(norm.extension.until, norm.within)) {
    const message = `${norm.id}: \`until\` is the whole period; it must be longer than \`within\`, in the same unit.`
    problems.push({ code: 'EXTENSION_NOT_LONGER', place: `${place}.extension.until`, message })
  }
  return problems
}

function checkVersion(norm: Norm, before: readonly Norm[], inForce: readonly Norm[], place: string): Problem[] {
  if (before.some((other) => isSame(other, norm))) {
    const message = `${norm.id} version ${norm.version} stands twice in this pack. Keep one.`
    return [{ code: 'NORM_TWICE', place: `${place}.id`, message }]
  }
  const known = inForce.filter((other) => other.id === norm.id)
  const same = known.find((other) => isSame(other, norm))
  if (same !== undefined && JSON.stringify(normSchema.parse(same)) === JSON.stringify(norm)) return []
  const newest = Math.max(0, ...known.map((other) => other.version))
  if (norm.version > newest) return []
  const message = `${norm.id} is at version ${newest} already. A change takes version ${newest + 1}.`
  return [{ code: 'NORM_VERSION_TAKEN', place: `${place}.version`, message }]
}

function checkNotLooser(norm: Norm, all: readonly Norm[], place: string): Problem[] {
  const earlier = all.filter((other) => other.id === norm.id && other.version < norm.version)
  const previous = earlier.toSorted((a, b) => a.version - b.version).at(-1)
  if (previous === undefined || !PROTECTED_LAYERS.includes(previous.layer)) return []
  return looserFields(norm, previous, all).map((field) => ({
    code: 'NORM_LOOSENED',
    place: `${place}.${field}`,
    message: `${norm.id} rests on ${previous.source.document} and may only be made stricter. Restore ${field}.`,
  }))
}

function looserFields(norm: Norm, previous: Norm, all: readonly Norm[]): string[] {
  const fields: string[] = []
  if (rank(norm.layer) > rank(previous.layer)) fields.push('layer')
  if (norm.purpose !== previous.purpose) fields.push('purpose')
  if (norm.startsAt !== previous.startsAt) fields.push('startsAt')
  if (norm.endsAt === 'midnight' && previous.endsAt === 'close-of-business') fields.push('endsAt')
  if (isLooser(norm.within, previous.within)) fields.push('within')
  if (isExtensionLooser(norm.extension, previous.extension)) fields.push('extension')
  if (isNarrower(norm.appliesTo, previous.appliesTo)) fields.push('appliesTo')
  if (endsEarlier(norm, previous) && !all.some((other) => follows(other, norm))) fields.push('validTo')
  return fields
}

function isExtensionLooser(extension: Norm['extension'], previous: Norm['extension']): boolean {
  if (extension === null) return false
  return previous === null || isLooser(extension.until, previous.until) || extension.times > previous.times
}

/** It reaches less than before: a key is new, or admits fewer values. */
function isNarrower(appliesTo: Norm['appliesTo'], previous: Norm['appliesTo']): boolean {
  if (appliesTo.simple !== undefined && appliesTo.simple !== previous.simple) return true
  return (['kinds', 'channels', 'types', 'subjects', 'opinionGrades', 'incidentGrades', 'origins'] as const).some(
    (key) => {
      const now: readonly string[] | undefined = appliesTo[key]
      const before: readonly string[] | undefined = previous[key]
      return now !== undefined && (before === undefined || before.some((value) => !now.includes(value)))
    },
  )
}

function endsEarlier(norm: Norm, previous: Norm): boolean {
  return norm.validTo !== null && (previous.validTo === null || norm.validTo < previous.validTo)
}

/** `other` takes over without a gap when `norm` ends. */
function follows(other: Norm, norm: Norm): boolean {
  if (norm.validTo === null || other.id === norm.id || other.purpose !== norm.purpose) return false
  return (
    rank(other.layer) <= rank(norm.layer) &&
    other.validFrom <= dateOf(dayNumberOf(norm.validTo) + 1) &&
    (other.validTo === null || other.validTo > norm.validTo)
  )
}

/** Longer, or in another unit, which nobody can compare without a calendar. */
function isLooser(period: Duration, previous: Duration): boolean {
  return period.unit !== previous.unit || period.amount > previous.amount
}

function isLonger(period: Duration, other: Duration): boolean {
  return period.unit === other.unit && period.amount > other.amount
}

function isSame(a: Norm, b: Norm): boolean {
  return a.id === b.id && a.version === b.version
}

function rank(layer: NormLayer): number {
  return normLayer.options.indexOf(layer)
}
