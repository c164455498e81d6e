// Every screen announces itself here: its path, its place in the menu, and who sees it.
import type { DisposalOverview } from './generated/api'
import { audits } from './session'

export interface Module {
  path: string
  /** Key of its menu entry; none: not in the menu. */
  menu?: string
  /** Who finds it there; none: everyone. */
  shown?: (lists: DisposalOverview | undefined) => boolean
  screen: () => Promise<unknown>
}

export const modules: Module[] = [
  { path: '/', menu: 'menu.desk', screen: () => import('./screens/DeskScreen.vue') },
  { path: '/register', screen: () => import('./screens/RegisterScreen.vue') },
  { path: '/cases', menu: 'menu.cases', screen: () => import('./screens/CasesScreen.vue') },
  { path: '/case/:id', screen: () => import('./screens/CaseScreen.vue') },
  { path: '/reports', menu: 'menu.reports', screen: () => import('./screens/ReportsScreen.vue') },
  {
    path: '/disposal',
    menu: 'menu.disposal',
    shown: (d) => audits() || d?.lists.some((l) => l.may_approve) === true,
    screen: () => import('./screens/DisposalScreen.vue'),
  },
  { path: '/password', screen: () => import('./screens/PasswordScreen.vue') },
  { path: '/settings', menu: 'menu.settings', screen: () => import('./screens/SettingsScreen.vue') },
]
