import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { PersonView, SessionState } from '@/generated/api'
import { pinia } from '@/words/pinia'

/** Who is signed in, what they may, who has locked, and what the host's clock says. */
const useSession = defineStore('session', () => {
  const state = ref<SessionState | null>(null)
  const locked = ref<{ id: string; name: string; login: string } | null>(null)
  const account = computed(() => state.value?.user?.account)

  // The host's clock is the office's: so far this PC's stands beside it.
  let ahead = 0
  watch(
    state,
    (now) => {
      if (now) ahead = Date.parse(now.now) - Date.now()
    },
    { flush: 'sync' },
  )

  return {
    state,
    locked,
    isAdministrator: computed(() => account.value === 'administrator'),
    /** Whoever may register, act and give out; auditors read. */
    works: computed(() => account.value !== 'auditor'),
    /** Whoever checks the log and reads who looked at what. */
    audits: computed(() => account.value === 'administrator' || account.value === 'auditor'),
    now: () => new Date(Date.now() + ahead).toISOString(),
  }
})
export const session = useSession(pinia)

/** What the host's clock says now. */
export const hostNow = (): string => session.now()

/** Whoever can be chosen for a part in a case. */
export const atWork = (p: PersonView): boolean => !p.closed && p.account !== 'auditor'
