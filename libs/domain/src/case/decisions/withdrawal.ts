import type { CaseEvent } from '../events.ts'
import type { OpenedCase } from '../state.ts'
import { lapse } from './deadline-events.ts'
import { departmentsHolding } from './support.ts'

/** Takes the case from those of these departments that have it, with what was asked of them. */
export function withdrawFrom(
  departments: readonly string[],
  cause: 'accused' | 'accused-by-follower',
  state: OpenedCase,
): CaseEvent[] {
  const losing = departmentsHolding(state).filter((department) => departments.includes(department))
  if (losing.length === 0) return []
  const { routing, assists } = state.hands
  const lead = routing.status !== 'unrouted' && losing.includes(routing.lead)
  return [
    { type: 'RoutingWithdrawn', data: { cause, departments: losing } },
    ...(lead ? lapse(state, ['sign-for', 'hand-back'], 'withdrawn') : []),
    ...assists
      .filter(({ open, department }) => open && losing.includes(department))
      .flatMap(({ id }) => lapse(state, ['assist-reply'], 'withdrawn', id)),
  ]
}
