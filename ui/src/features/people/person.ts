import type { PersonView, RoleLine } from '@/generated/api'

/** A person as the form has it. */
export interface EditedPerson {
  id: string
  name: string
  login: string
  password: string
  account: string
  department: string
  roles: RoleLine[]
  seq: number
}

/** The form as it begins: with what is known of somebody, or empty. */
export function begun(p: PersonView | null): EditedPerson {
  return {
    id: p?.id ?? '',
    name: p?.name ?? '',
    login: p?.login ?? '',
    password: '',
    account: p?.account ?? 'member',
    department: p?.roles.find((r) => r.department)?.department ?? '',
    roles: [...(p?.roles ?? [])],
    seq: p?.seq ?? 0,
  }
}
