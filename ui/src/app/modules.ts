// The features that there are, joined: a new one is a folder, and a line here.
import { account } from '@/features/account/module'
import { oneCase } from '@/features/case/module'
import { cases } from '@/features/cases/module'
import { desk } from '@/features/desk/module'
import { parties } from '@/features/parties/module'
import { people } from '@/features/people/module'
import { procedures } from '@/features/procedures/module'
import { records } from '@/features/records/module'
import { register } from '@/features/register/module'
import { reports } from '@/features/reports/module'
import { settings } from '@/features/settings/module'
import type { Feature, Pane } from '@/shared/module'

/** In the order of the menu. */
const features: Feature[] = [
  register,
  desk,
  cases,
  oneCase,
  reports,
  records,
  account,
  people,
  parties,
  procedures,
  settings,
]

export const routes = features.flatMap((f) => f.routes ?? [])

/** The tabs of the settings in their order; one that is not named here stands at the end. */
const ORDER = ['office', 'people', 'parties', 'procedures', 'calendar', 'upkeep', 'access']
const at = (p: Pane) => ORDER.indexOf(p.id) + 1 || ORDER.length + 1
export const panes = features.flatMap((f) => f.panes ?? []).sort((a, b) => at(a) - at(b))
